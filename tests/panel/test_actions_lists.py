"""A list is taken in whole, once, and only into the panel that people looked at."""

from collections.abc import Callable

import pytest

from pb.panel import actions, queries
from pb.panel.rules.keeping import FileKind, ListKnown, PanelChanged, UploadGone
from pb.panel.rules.people_file import PeopleFile, read_people
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY, invite

RAW = b"naam;e-mail\r\nProef Een;een@post.example\r\nProef Twee;\r\nProef Drie;\r\n"
Import = Callable[..., int | None]


@pytest.fixture
def file() -> PeopleFile:
    """Give a list of three people."""
    return read_people(RAW, file_name="lijst.csv")


@pytest.fixture
def keep(store: Store, place: Neighbourhood, file: PeopleFile) -> Callable[[], None]:
    """Give a way to keep the list."""

    def keep() -> None:
        with store.writing() as session:
            actions.keep_upload(
                session,
                round_id=place.round_id,
                kind=FileKind.PEOPLE,
                source=file.source,
                content=RAW,
                who=place.who(Role.AREA_MANAGER),
                now=NOW,
            )

    return keep


@pytest.fixture
def take_in(store: Store, place: Neighbourhood, file: PeopleFile) -> Import:
    """Give a way to import the list."""

    def take_in(*, highest_seen: int = 0, left_out_rows: tuple[int, ...] = ()) -> int | None:
        with store.writing() as session:
            return actions.import_people(
                session,
                round_id=place.round_id,
                file=file,
                left_out_rows=left_out_rows,
                highest_seen=highest_seen,
                card_key=KEY,
                who=place.who(Role.AREA_MANAGER),
                now=NOW,
            )

    return take_in


def test_a_list_is_imported_once_without_the_rows_that_people_left_out(
    store: Store, place: Neighbourhood, keep: Callable[[], None], take_in: Import
) -> None:
    keep()
    keep()
    assert take_in(left_out_rows=(3, 99)) == 2
    assert take_in(left_out_rows=(3, 99)) is None
    with pytest.raises(ListKnown):
        keep()
    with store.reading() as session:
        names = [person.name for person in queries.persons(session, round_id=place.round_id).values()]
    assert sorted(names) == ["Proef Drie", "Proef Een"]


def test_a_list_is_not_imported_into_a_panel_that_nobody_looked_at(
    store: Store, place: Neighbourhood, keep: Callable[[], None], take_in: Import
) -> None:
    keep()
    invite(store, place, 1)
    with pytest.raises(PanelChanged):
        take_in(highest_seen=0)
    assert take_in(highest_seen=1) == 3


def test_a_list_that_was_never_kept_is_not_imported(take_in: Import, place: Neighbourhood) -> None:
    with pytest.raises(UploadGone):
        take_in()
