"""Two people at the panel at the same moment: every number once, every list once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from pb.core.errors import Broken
from pb.panel import actions, queries
from pb.panel.rules.keeping import FileKind
from pb.panel.rules.people_file import read_people
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY, address_list, draw, keep_addresses, somebody

HANDS = 6


def _at_once(deed: object, store: Store) -> list[object]:
    ready = Barrier(HANDS)

    def press(number: int) -> object:
        ready.wait()
        try:
            return deed(number)  # type: ignore[operator]
        except Broken as broken:
            return broken.code

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(press, range(HANDS)))


def test_seats_given_at_the_same_moment_get_numbers_of_their_own(store: Store, place: Neighbourhood) -> None:
    def give(number: int) -> object:
        with store.writing() as session:
            people = [somebody(10 * number + extra) for extra in range(5)]
            return actions.add_invited(
                session,
                round_id=place.round_id,
                people=people,
                card_key=KEY,
                who=place.who(Role.AREA_MANAGER),
                now=NOW,
            )

    _at_once(give, store)
    with store.reading() as session:
        seats = queries.seats(session, round_id=place.round_id)
    assert [seat.number for seat in seats] == list(range(1, 5 * HANDS + 1))


def test_one_list_sent_by_several_hands_is_imported_once(store: Store, place: Neighbourhood) -> None:
    raw = b"naam\r\nProef Een\r\nProef Twee\r\n"
    file = read_people(raw, file_name="lijst.csv")

    def send(_number: int) -> object:
        who = place.who(Role.AREA_MANAGER)
        with store.writing() as session:
            actions.keep_upload(
                session,
                round_id=place.round_id,
                kind=FileKind.PEOPLE,
                source=file.source,
                content=raw,
                who=who,
                now=NOW,
            )
        with store.writing() as session:
            return actions.import_people(
                session,
                round_id=place.round_id,
                file=file,
                left_out_rows=[],
                highest_seen=0,
                card_key=KEY,
                who=who,
                now=NOW,
            )

    answers = _at_once(send, store)
    assert answers.count(2) == 1
    assert set(answers) <= {2, None, "panel.list-known"}
    with store.reading() as session:
        assert len(queries.seats(session, round_id=place.round_id)) == 2


def test_one_draw_by_several_hands_is_one_draw(store: Store, place: Neighbourhood) -> None:
    file = keep_addresses(store, place, address_list(30))
    answers = _at_once(lambda _number: draw(store, place, file, 5, "4 1 6"), store)
    assert len(set(answers)) == 1
    with store.reading() as session:
        assert len(queries.seats(session, round_id=place.round_id)) == 5
