"""The site as a municipality runs it: nginx with our own configuration, before gunicorn with ours."""

from collections.abc import Iterator

import pytest

from pb.migrate import migrate
from pb.store.engine import Store
from support.installation import Installation, free_ports, make_certificate, render


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Give an installation with a database, of which nothing runs yet."""
    folder = tmp_path_factory.mktemp("machine")
    store = Store(f"sqlite:///{folder / 'site.db'}")
    migrate(store)
    store.engine.dispose()
    ports = dict(zip(("https", "http", "stand", "site"), free_ports(4), strict=True))
    make_certificate(folder)
    made = Installation(folder, f"sqlite:///{folder / 'site.db'}", ports)
    (folder / "nginx.conf").write_text(render(folder, ports))
    try:
        yield made
    finally:
        made.stop_nginx()
        made.stop_site()


@pytest.fixture(scope="module")
def machine(idle: Installation) -> Installation:
    """Give an installation that serves; four threads, so that it would show when phones hold them."""
    idle.start_site(PB_THREADS="4")
    idle.start_nginx()
    return idle
