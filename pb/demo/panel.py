"""Made-up rounds that seek a panel: in one people still answer, in one the dice can be thrown."""

import re
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Final

import sqlalchemy as sa
from babel.dates import format_date
from sqlalchemy.orm import Session

from pb.core.mail import Letter
from pb.inviting.actions.answering import answer_no, answer_yes, withdraw
from pb.inviting.actions.appealing import write_appeal
from pb.inviting.actions.features import add_feature
from pb.inviting.actions.inviting import Guest, draw_letters, make_invitations, mark_sent
from pb.inviting.queries import answers, appeal, invitations
from pb.inviting.rules.answering import Contact
from pb.inviting.rules.appeal import Asked, Channel, Feature, Mode
from pb.inviting.rules.asking_features import NewFeature, NewValue
from pb.inviting.rules.asking_ready import READY
from pb.inviting.rules.codes import invitation_code, own_code
from pb.inviting.rules.shares import targets_from_shares
from pb.panel.actions import keep_upload
from pb.panel.rules.address_file import read_addresses
from pb.panel.rules.draw import pool_sha256
from pb.panel.rules.keeping import FileKind
from pb.panel.rules.origins import Origin
from pb.people.mail import MOST_TRIES
from pb.people.tables import Message
from pb.rounds.actions import make_round, open_round
from pb.rounds.rules import Call, Majority, Preset
from pb.sortition.actions.freezing import prepare_draw, publish_draw, store_draw
from pb.sortition.lottery.drawing import PANELS
from pb.sortition.queries.draws import next_name
from pb.sortition.queries.pool import candidates
from pb.sortition.rules.moments import Source, beacon_of
from pb.store.journal import VISITOR, Actor

ROUND: Final = "Een nieuw panel voor de Voorbeeldwijk"
FROZEN_ROUND: Final = "Een panel dat klaarstaat voor de loting"
SEATS, NETWORK_SEATS = 24, 8
LETTERS, NOMINEES = 240, 20
# People of the made-up neighbourhood, and how readily they answer a letter.
PEOPLE: Final = {
    "leeftijd": ((2200, 0.5), (2400, 0.9), (2300, 1.2), (2000, 1.5), (1100, 0.8)),
    "geslacht": ((5050, 1.05), (4850, 0.95), (100, 1.0)),
    "woning": ((4600, 0.7), (1800, 0.8), (3600, 1.4)),
    "taal thuis": ((6200, 1.1), (2300, 0.9), (1500, 0.6)),
}
ANSWERS_DAYS: Final = 14
NO_PHONE: Final = 7
NAME: Final = "Voorbeeldbewoner"
TOLERANCE: Final = Fraction(1, 10)


def fill_panel(session: Session, *, area_id: int, manager: Actor, key: bytes, now: datetime) -> int:
    """Make the round, ask, invite, and let people answer; give the round's id."""
    return _fill(session, ROUND, area_id, manager, key, now)


def fill_frozen_panel(session: Session, *, area_id: int, manager: Actor, key: bytes, now: datetime) -> int:
    """Make such a round whose list was frozen and published two hours ago; the dice may be thrown now.

    People could answer until yesterday. One has no mail address in ten, and one mail was refused.
    """
    before = now - timedelta(hours=2)
    asked_at = before - timedelta(days=ANSWERS_DAYS + 1)
    round_id = _fill(session, FROZEN_ROUND, area_id, manager, key, asked_at)
    found = candidates(session, round_id=round_id)
    beacon = beacon_of(Source.DICE, None, now - timedelta(minutes=10))
    name = next_name(session, round_id=round_id)
    prepared = prepare_draw(found, name=name, source=Source.DICE, beacon=beacon, card_key=key, panels=PANELS)
    draw_id = store_draw(session, round_id=round_id, prepared=prepared, who=manager, now=before)
    letter = Letter("De lijst ligt vast", f"Controlegetal: {prepared.drawn.frozen.sha256}")
    publish_draw(session, round_id=round_id, draw_id=draw_id, letter=letter, who=manager, now=before)
    _send_mails(session, before)
    return round_id


def _send_mails(session: Session, at: datetime) -> None:
    """Act as a mail server that took all mails of a moment, but refused one to somebody without a phone."""
    mails = session.scalars(sa.select(Message).where(Message.made_at == at).order_by(Message.id)).all()
    refused = next(mail for mail in mails if int(re.sub(r"\D", "", mail.to_email)) % 15 == NO_PHONE)
    for mail in mails:
        mail.sent_at, mail.tries = (None, MOST_TRIES) if mail is refused else (at, 1)


def _fill(session: Session, name: str, area_id: int, manager: Actor, key: bytes, now: datetime) -> int:
    round_id = _open_round(session, name, area_id, manager, now)
    _ask(session, round_id, manager, now)
    _send_letters(session, round_id, key, manager, now)
    _answer(session, round_id, key, now)
    return round_id


def letter_to_try(session: Session, *, round_id: int, key: bytes) -> str:
    """Give the code of a letter that nobody answered yet."""
    last = invitations(session, round_id=round_id, origins=[Origin.LOT])[-1]
    return invitation_code(key, last.id, last.serial)


def own_code_to_try(session: Session, *, round_id: int, key: bytes) -> str:
    """Give the own code of somebody with a letter who takes part in the draw."""
    drawn = [one for one in answers(session, round_id=round_id) if one.counts and one.origin is Origin.LOT]
    return own_code(key, drawn[-1].id)


def _open_round(session: Session, name: str, area_id: int, manager: Actor, now: datetime) -> int:
    call = Call(
        pot_cents=5_000_000, cap_cents=2_000_000, plans_open_on=now.date() - timedelta(days=60),
        plans_close_on=now.date() + timedelta(days=90),
        residents_decide="Welke plannen geld krijgen, en hoeveel.",
        residents_do_not_decide="Hoeveel geld er in de pot zit, en of iets mag volgens de wet.",
    )  # fmt: skip
    round_id = make_round(
        session, area_id=area_id, name=name, call=call, who=manager, now=now,
        summary="Een verzonnen ronde, om de weg naar een panel op te proberen.",
    )  # fmt: skip
    open_round(
        session, round_id=round_id, version=1, majority=Majority.MORE_THAN_HALF, preset=Preset.EQUAL,
        who=manager, now=now,
    )  # fmt: skip
    return round_id


def _ask(session: Session, round_id: int, manager: Actor, now: datetime) -> None:
    close = now.date() + timedelta(days=ANSWERS_DAYS)
    evening = close + timedelta(days=28 + (3 - close.weekday()) % 7)
    asked = Asked(
        seats=SEATS, mode=Mode.NOMINATED, network_seats=NETWORK_SEATS, one_per_address=True, least_age=16,
        asks="Je kijkt met buurtgenoten naar plannen voor de wijk. Samen kies je welke plannen geld krijgen.",
        meets=f"Donderdag {format_date(evening, 'd MMMM y', locale='nl')}, in Buurthuis De Voorbeeld.",
        takes="Van 19.00 tot 21.30 uur. Je hoeft niets voor te bereiden.", allowance_cents=2500,
        childcare="In het buurthuis is oppas voor je kinderen.", phone="010 000 00 00",
        email="panel@voorbeeld.example", answers_close_on=close, delete_on=close + timedelta(days=120),
    )  # fmt: skip
    write_appeal(session, round_id=round_id, version=0, asked=asked, who=manager, now=now)
    for ready in READY:
        if ready.name not in PEOPLE:
            continue
        people = [count for count, _zeal in PEOPLE[ready.name]]
        bounds = targets_from_shares(people, SEATS, TOLERANCE)
        values = tuple(
            NewValue(value.name, count, bound.least, bound.most)
            for value, count, bound in zip(ready.values, people, bounds, strict=True)
        )
        new = NewFeature(ready.name, ready.question, ready.why, "Verzonnen cijfers", values)
        add_feature(session, round_id=round_id, new=new, who=manager, now=now)


def _send_letters(session: Session, round_id: int, key: bytes, manager: Actor, now: datetime) -> None:
    rows = [f"Buurtlaan;{number};1234 CD;Voorbeeldstad" for number in range(1, 901)]
    content = "\r\n".join(["straat;huisnummer;postcode;plaats", *rows]).encode()
    file = read_addresses(content, file_name="adressen.csv")
    keep_upload(
        session, round_id=round_id, kind=FileKind.ADDRESSES, source=file.source, content=content,
        who=manager, now=now,
    )  # fmt: skip
    draw_letters(
        session, round_id=round_id, file=file, selection=None, wanted=LETTERS, seed="2-6-1-4-4-3",
        pool_sha256=pool_sha256([address.key for address in file.addresses]), key=key, who=manager, now=now,
    )  # fmt: skip
    guests = [Guest(Origin.INVITED, None, name=f"{NAME} {number}") for number in range(1, NOMINEES + 1)]
    make_invitations(
        session, round_id=round_id, guests=guests, draw_id=None, wave=1, key=key, who=manager, now=now
    )
    mark_sent(session, round_id=round_id, wave=1, was_sent=True, who=manager, now=now)


def _answer(session: Session, round_id: int, key: bytes, now: datetime) -> None:
    """Let one in three say yes, some no, one stop again; who they are comes from a fixed seed."""
    chance = Random("made-up answers")
    features = appeal(session, round_id=round_id).features
    *invited, _to_try = invitations(session, round_id=round_id)
    for number, invitation in enumerate(invited, start=1):
        op = f"demo-{round_id}-{number}"
        likely = 0.32 if invitation.origin is Origin.LOT else 0.8
        if invitation.origin is Origin.LOT and number == LETTERS:
            continue
        says = chance.random()
        if says < likely:
            given = answer_yes(
                session, invitation_id=invitation.id, round_id=round_id,
                person=_person(number),
                features={feature.id: _value(chance, feature) for feature in features},
                channel=Channel.PAGE, op=op, key=key, who=VISITOR, now=now,
            )  # fmt: skip
            if number == 7:
                withdraw(session, answer_id=given.answer_id, round_id=round_id, who=VISITOR, now=now)
        elif says > 0.9:
            answer_no(
                session, invitation_id=invitation.id, round_id=round_id, channel=Channel.PAGE, op=op, key=key,
                who=VISITOR, now=now,
            )  # fmt: skip


def _person(number: int) -> Contact:
    """Make somebody up; one in ten has no mail address, and a few have no phone."""
    email = f"bewoner{number}@voorbeeld.example" if number % 10 else ""
    return Contact(f"{NAME} {1000 + number}", email, f"06000{number:05d}" if number % 15 != NO_PHONE else "")


def _value(chance: Random, feature: Feature) -> int | None:
    """Choose as people of the neighbourhood do who answer; one in twenty would rather not say."""
    if chance.random() < 0.05:
        return None
    weights = [count * zeal for count, zeal in PEOPLE[feature.name]]
    return chance.choices([value.id for value in feature.values], weights)[0]
