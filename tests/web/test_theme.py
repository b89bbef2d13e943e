"""A municipality mounts its own colours and letters over the neutral ones."""

import re
from pathlib import Path

from config import ROOT, settings_from
from pb.app import build
from pb.migrate import migrate
from pb.store.engine import Store

STYLES = ROOT / "static" / "beslisavond.css"


def test_without_a_theme_no_page_asks_for_one(tmp_path: Path) -> None:
    client = _client(tmp_path)
    assert b"thema.css" not in client.get("/inloggen").data
    assert client.get("/thema.css").status_code == 404


def test_a_theme_comes_after_our_own_stylesheet(tmp_path: Path) -> None:
    theme = tmp_path / "gemeente.css"
    theme.write_text(":root{--utrecht-button-primary-action-background-color:#a00}")
    client = _client(tmp_path, PB_THEME_CSS=str(theme))
    page = client.get("/inloggen").text
    assert page.index("beslisavond.css") < page.index("/thema.css")
    answer = client.get("/thema.css")
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "#a00" in answer.text
    answer.close()


def test_the_stylesheet_is_small_reads_design_tokens_and_asks_no_other_host() -> None:
    css = STYLES.read_text()
    assert len(css.encode()) <= 15_000
    assert len(set(re.findall(r"var\((--(?:utrecht|nl)-[a-z-]+)", css))) >= 10
    assert "http:" not in css
    assert "https:" not in css
    assert "@import" not in css


def _client(folder: Path, **settings: str):  # type: ignore[no-untyped-def]
    url = f"sqlite:///{folder / 'theme.db'}"
    store = Store(url)
    migrate(store)
    store.engine.dispose()
    app = build(settings_from({"PB_DATABASE_URL": url, "PB_VAR": str(folder), **settings}))
    return app.test_client()
