"""Letters for tests: drawn from a made-up list, by the action that the page uses."""

from pb.inviting.actions import inviting as actions
from pb.inviting.queries import waves
from pb.inviting.queries.waves import LetterFacts
from pb.panel.rules.address_file import AddressFile
from pb.panel.rules.draw import pool_sha256
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY


def draw_letters(
    store: Store,
    place: Neighbourhood,
    file: AddressFile,
    wanted: int,
    seed: str,
    *,
    drawn_before: frozenset[str] = frozenset(),
    key: bytes = KEY,
) -> int:
    """Draw letters from a kept list, having looked at its hash."""
    pool = {address.key for address in file.addresses} - drawn_before
    with store.writing() as session:
        return actions.draw_letters(
            session,
            round_id=place.round_id,
            file=file,
            selection=None,
            wanted=wanted,
            seed=seed,
            pool_sha256=pool_sha256(pool),
            key=key,
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )


def letters_of_wave(store: Store, place: Neighbourhood, wave: int = 1) -> list[LetterFacts]:
    """Give the letters of a wave in the order drawn."""
    with store.reading() as session:
        return waves.letters(session, round_id=place.round_id, wave=wave)
