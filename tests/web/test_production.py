"""In production: other hosts are refused, browsers stay on https, no address repeats a host."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config import BadSetting, settings_from
from pb.app import build
from pb.migrate import migrate
from pb.store.engine import Store


@pytest.fixture
def browser(tmp_path: Path) -> FlaskClient:
    """Give a browser on an installation as a municipality runs it."""
    url = f"sqlite:///{tmp_path / 'production.db'}"
    store = Store(url)
    migrate(store)
    store.engine.dispose()
    settings = settings_from(
        {
            "PB_MODE": "production", "PB_BASE_URL": "https://beslis.example", "PB_DATABASE_URL": url,
            "PB_SECRET_KEY": "s" * 40, "PB_CARD_KEY": "k" * 40, "PB_VAR": str(tmp_path),
        }
    )  # fmt: skip
    return build(settings).test_client()


def test_only_the_own_host_is_answered(browser: FlaskClient) -> None:
    assert browser.get("/", base_url="https://beslis.example").status_code == 200
    assert browser.get("/", base_url="https://evil.example").status_code == 400


def test_browsers_are_told_to_stay_on_https(browser: FlaskClient) -> None:
    answer = browser.get("/inloggen", base_url="https://beslis.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in answer.headers["Set-Cookie"]


def test_two_slashes_lead_nowhere(browser: FlaskClient) -> None:
    answer = browser.get("/static//beslisavond.css", base_url="https://beslis.example")
    assert answer.status_code == 404


def test_without_secrets_production_does_not_start() -> None:
    with pytest.raises(BadSetting, match="PB_SECRET_KEY"):
        settings_from({"PB_MODE": "production"})


def test_addresses_that_are_printed_lead_to_where_the_server_listens() -> None:
    assert settings_from({"PB_BIND": "127.0.0.1:8077"}).base_url == "http://127.0.0.1:8077"
    assert settings_from({"PB_BIND": "unix:/run/site.sock"}).base_url == "http://127.0.0.1:8000"
    both = {"PB_BIND": "127.0.0.1:8077", "PB_BASE_URL": "https://beslis.example/"}
    assert settings_from(both).base_url == "https://beslis.example"
