"""Settings: read once from the environment, checked, and handed to the app."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
SECRETS = ("PB_SECRET_KEY", "PB_CARD_KEY")


class BadSetting(Exception):
    """A setting that the app cannot start with."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations; ``.env.example`` describes each."""

    mode: str
    base_url: str
    database_url: str
    secret_key: str
    card_key: str
    municipality: str
    mail_from: str
    smtp_url: str
    peertube_hosts: frozenset[str]
    theme_css: str
    var_folder: Path

    @property
    def development(self) -> bool:
        """Say whether this is somebody's own machine, with an outbox page and made-up secrets."""
        return self.mode == "development"

    @property
    def https(self) -> bool:
        """Say whether people reach the app over https, so that cookies must be too."""
        return self.base_url.startswith("https://")


def settings_from(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises: BadSetting, with one clear line, when the app must not start.
    """
    mode = env.get("PB_MODE", "development")
    if mode not in ("development", "production"):
        raise BadSetting(f"PB_MODE is '{mode}'; use development or production")
    bind = env.get("PB_BIND", "127.0.0.1:8000")
    here = "http://127.0.0.1:8000" if bind.startswith("unix:") else f"http://{bind}"
    base_url = (env.get("PB_BASE_URL") or here).rstrip("/")
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        raise BadSetting(f"PB_BASE_URL is '{base_url}'; use for example https://beslis.example.nl")
    var_folder = Path(env.get("PB_VAR", str(ROOT / "var")))
    keys = {name: env.get(name, "") for name in SECRETS}
    if not all(keys.values()):
        if mode == "production":
            missing = ", ".join(name for name, value in keys.items() if not value)
            raise BadSetting(f"{missing} is not set; make one with: python -m pb make-key")
        keys = _own_secrets(var_folder) | {name: value for name, value in keys.items() if value}
    for name, value in keys.items():
        if len(value) < 32:
            raise BadSetting(f"{name} is shorter than 32 characters; make one with: python -m pb make-key")
    return Settings(
        mode=mode,
        base_url=base_url,
        database_url=env.get("PB_DATABASE_URL") or f"sqlite:///{var_folder / 'beslisavond.db'}",
        secret_key=keys["PB_SECRET_KEY"],
        card_key=keys["PB_CARD_KEY"],
        municipality=env.get("PB_MUNICIPALITY", "Gemeente Voorbeeld"),
        mail_from=env.get("PB_MAIL_FROM", "beslisavond@localhost"),
        smtp_url=env.get("PB_SMTP_URL", ""),
        peertube_hosts=frozenset(
            host.strip().lower() for host in env.get("PB_PEERTUBE_HOSTS", "").split(",") if host.strip()
        ),
        theme_css=env.get("PB_THEME_CSS", ""),
        var_folder=var_folder,
    )


def _own_secrets(folder: Path) -> dict[str, str]:
    """Keep made-up secrets in a file only we can read, so that a restart logs nobody out."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secrets.json"
    if not file.exists():
        made = {name: secrets.token_urlsafe(48) for name in SECRETS}
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(made, out)
    stored: dict[str, str] = json.loads(file.read_text())
    return stored
