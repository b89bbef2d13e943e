"""Seats for tests: made-up people and addresses, and the key that cards are made from."""

from flask import Flask

from pb.panel import actions
from pb.panel.rules.address_file import AddressFile, read_addresses
from pb.panel.rules.draw import pool_sha256
from pb.panel.rules.keeping import FileKind
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import InvitedPerson
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood

KEY = b"a key for tests, long enough to be one"


def somebody(number: int, **changes: object) -> InvitedPerson:
    """Give a made-up person, with changes."""
    base: dict[str, object] = {
        "row": number,
        "name": f"Voorbeeld {number}",
        "email": f"p{number}@post.example",
        "phone": "",
        "origin": Origin.INVITED,
    }
    return InvitedPerson(**(base | changes))  # type: ignore[arg-type]


def invite(store: Store, place: Neighbourhood, count: int, *, key: bytes = KEY) -> list[int]:
    """Give this many made-up people a seat, and give the seats' ids."""
    with store.writing() as session:
        return actions.add_invited(
            session,
            round_id=place.round_id,
            people=[somebody(n) for n in range(1, count + 1)],
            card_key=key,
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )


def address_list(count: int, *, street: str = "Voorbeeldstraat") -> bytes:
    """Write a list of made-up addresses."""
    rows = "".join(f"{street};{number};1234 AB;Voorbeeldstad\r\n" for number in range(1, count + 1))
    return ("\ufeffstraat;huisnummer;postcode;plaats\r\n" + rows).encode()


def keep_addresses(store: Store, place: Neighbourhood, raw: bytes) -> AddressFile:
    """Check a list of addresses and keep it for a draw."""
    file = read_addresses(raw, file_name="adressen.csv")
    with store.writing() as session:
        actions.keep_upload(
            session,
            round_id=place.round_id,
            kind=FileKind.ADDRESSES,
            source=file.source,
            content=raw,
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )
    return file


def draw(
    store: Store,
    place: Neighbourhood,
    file: AddressFile,
    wanted: int,
    seed: str,
    *,
    drawn_before: frozenset[str] = frozenset(),
) -> int:
    """Draw seats from a kept list, having looked at its hash."""
    pool = {address.key for address in file.addresses} - drawn_before
    with store.writing() as session:
        return actions.draw_seats(
            session,
            round_id=place.round_id,
            file=file,
            wanted=wanted,
            seed=seed,
            pool_sha256=pool_sha256(pool),
            card_key=KEY,
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )


def key_of(app: Flask) -> bytes:
    """Give the key that the running app makes cards from."""
    key: str = app.config["PB"].card_key
    return key.encode()
