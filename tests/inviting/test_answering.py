"""Saying yes and no in the database: one answer per press, nothing after the freeze, nobody's secrets."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pb.core.errors import Broken, NotFound
from pb.core.mail import Letter
from pb.inviting import queries, tables
from pb.inviting.actions.answering import (
    AnswerGiven,
    answer_no,
    answer_yes,
    change_answer,
    hold_appeal,
    withdraw,
)
from pb.inviting.queries.answering import features_of, person_of
from pb.inviting.rules.answering import (
    PEOPLE_MOST_BY_STAFF,
    PEOPLE_MOST_PER_LETTER,
    AnsweredAlready,
    AnswersClosed,
    AnswersFrozen,
    AnswerWithdrawn,
    Contact,
    ContactNeeded,
    EmailTwice,
    FeaturesChanged,
    InvitationGone,
    LetterFull,
    NameTwice,
    NoAppeal,
    PhoneTwice,
)
from pb.inviting.rules.appeal import Channel
from pb.inviting.rules.codes import own_lookup
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.people.tables import Message
from pb.store.engine import Store
from pb.store.journal import VISITOR, JournalLine
from support.doormat import features_asked, send_letter
from support.inviting import ask
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY

WHO = Contact("Voorbeeld Bewoner", "voorbeeld@post.example", "")
TOO_LATE = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)


def person(number: int) -> Contact:
    return Contact(f"Voorbeeld {number}", f"voorbeeld{number}@post.example", "")


@dataclass(frozen=True)
class Street:
    """A round that asks, with a letter to an address."""

    store: Store
    place: Neighbourhood
    letter_id: int

    def yes(self, op: str, **changes: Any) -> AnswerGiven:
        facts: dict[str, Any] = {
            "invitation_id": self.letter_id, "round_id": self.place.round_id, "person": WHO,
            "features": self.features(), "channel": Channel.PAGE, "op": op, "key": KEY, "who": VISITOR,
            "now": NOW,
        }  # fmt: skip
        with self.store.writing() as session:
            return answer_yes(session, **(facts | changes))

    def no(self, op: str, **changes: Any) -> int:
        facts: dict[str, Any] = {
            "invitation_id": self.letter_id, "round_id": self.place.round_id, "channel": Channel.PAGE,
            "op": op, "key": KEY, "who": VISITOR, "now": NOW,
        }  # fmt: skip
        with self.store.writing() as session:
            return answer_no(session, **(facts | changes))

    def features(self, **chosen: str) -> dict[int, int | None]:
        return {
            number: values.get(chosen.get(name, ""))
            for name, (number, values) in features_asked(self.store, self.place).items()
        }

    def set(self, **values: Any) -> None:
        with self.store.writing() as session:
            for name, value in values.items():
                setattr(session.get_one(tables.Appeal, self.place.round_id), name, value)

    def count(self, table: Any) -> int:
        with self.store.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture
def street(store: Store, place: Neighbourhood) -> Street:
    ask(store, place)
    return Street(store, place, send_letter(store, place).id)


def test_a_yes_is_stored_once_with_a_code_of_its_own_and_every_feature(street: Street) -> None:
    features = street.features(geslacht="vrouw")
    mail = Letter("Dank je", "Je code is {code}.\n")
    given = street.yes("press " * 4, features=features, mail=mail)
    assert street.yes("press " * 4, features=features, mail=mail) == given
    with street.store.reading() as session:
        found = queries.answer_by_own(session, own_hmac=own_lookup(KEY, given.own_code))
        assert found is not None
        assert (found.id, found.counts, found.channel) == (given.answer_id, True, Channel.PAGE)
        assert found.code != given.own_code, "the name in the draw must open nothing"
        assert dict(features_of(session, answer_id=found.id)) == features
        assert None in features.values()
        assert person_of(session, answer_id=found.id) == WHO
        [message] = session.scalars(sa.select(Message))
        assert (message.to_email, message.body) == (WHO.email, f"Je code is {given.own_code}.\n")
        lines = list(session.scalars(sa.select(JournalLine).where(JournalLine.what == "answered")))
    assert len(lines) == 1
    assert '"consents":true' in lines[0].facts
    assert not any(word in lines[0].facts for word in ("Voorbeeld", "post.example", "vrouw", given.own_code))


def test_more_people_of_one_address_may_say_yes_and_somebody_of_the_network_only_once(
    street: Street, store: Store, place: Neighbourhood
) -> None:
    assert (
        len({street.yes(f"number {number} of four", person=person(number)).answer_id for number in range(3)})
        == 3
    )
    friend = send_letter(store, place, origin=Origin.INVITED, name="Voorbeeld Netwerk").id
    given = street.yes("the first of the network", invitation_id=friend)
    with pytest.raises(AnsweredAlready):
        street.yes("a second of the network", invitation_id=friend)
    with pytest.raises(AnsweredAlready):
        street.no("no from the network now", invitation_id=friend)
    # A press of one letter does not open what was pressed on another.
    with pytest.raises(AnsweredAlready):
        street.yes("the first of the network")
    with store.writing() as session:
        withdraw(session, answer_id=given.answer_id, round_id=place.round_id, who=VISITOR, now=NOW)
    assert street.yes("again, after stopping", invitation_id=friend).answer_id != given.answer_id


def test_six_people_of_a_letter_may_say_yes_and_who_calls_is_helped_up_to_twelve(street: Street) -> None:
    mail = Letter("Dank je", "Je code is {code}.\n")
    assert street.no("a no is no person yes") > 0
    given = [
        street.yes(f"person {number} of the six", person=person(number), mail=mail)
        for number in range(PEOPLE_MOST_PER_LETTER)
    ]
    with pytest.raises(LetterFull) as told:
        street.yes("a seventh at the door", person=person(7), mail=mail)
    assert told.value.facts == {"people": 6, "phone": "010 123 45 67"}
    assert street.count(Message) == street.count(tables.AnswerPerson) == 6
    # The same press once more is still the same answer, and whoever stops leaves room.
    assert street.yes("person 5 of the six", person=person(5), mail=mail) == given[5]
    with street.store.writing() as session:
        withdraw(session, answer_id=given[0].answer_id, round_id=street.place.round_id, who=VISITOR, now=NOW)
    street.yes("a seventh, one having stopped", person=person(7))
    for number in range(PEOPLE_MOST_PER_LETTER, PEOPLE_MOST_BY_STAFF):
        channel = Channel.PHONE if number % 2 else Channel.PAPER
        caller = Contact(f"Voorbeeld {number} aan de lijn", "", f"+316123456{number:02d}")
        street.yes(f"who called as number {number}", channel=channel, person=caller)
    for channel in Channel:
        with pytest.raises(LetterFull) as told:
            street.yes("a thirteenth of them", channel=channel, person=person(13))
        assert told.value.facts["people"] == 12
    other = send_letter(street.store, street.place, number=2).id
    assert street.yes("the house next door to it", invitation_id=other, person=person(1))


def test_the_last_place_of_a_letter_goes_to_one_of_two_who_press_at_once(street: Street) -> None:
    for number in range(PEOPLE_MOST_PER_LETTER - 1):
        street.yes(f"person {number} of the six", person=person(number))
    with ThreadPoolExecutor(4) as house:
        pressed = [
            house.submit(street.yes, f"at once, number {number}", person=person(number))
            for number in range(10, 14)
        ]
        refused = [one.exception() for one in pressed]
    assert sorted(type(one).__name__ for one in refused if one) == ["LetterFull"] * 3
    assert street.count(tables.Answer) == PEOPLE_MOST_PER_LETTER


def test_an_email_address_stands_once_on_a_letter_and_many_may_have_none(
    street: Street, store: Store, place: Neighbourhood
) -> None:
    first = street.yes("first with this address", person=person(1))
    same = replace(person(2), email="Voorbeeld1@post.example")
    for channel in Channel:
        with pytest.raises(EmailTwice):
            street.yes("second with this address", person=same, channel=channel)
    without = Contact("Voorbeeld Zonder", "", "+31612345678")
    second = street.yes("none at all, and a phone", person=without)
    for again in (replace(without, name="Voorbeeld Weer"), replace(without, phone="+31612345679")):
        for channel in Channel:
            with pytest.raises(PhoneTwice if again.phone == without.phone else NameTwice):
                street.yes("once more the same one", person=again, channel=channel)
    street.yes("neither has this one here", person=Contact("Voorbeeld Ook zonder", "", "+31612345680"))
    other = send_letter(store, place, number=2).id
    street.yes("the same, of another letter", invitation_id=other, person=person(1))

    def change(answer_id: int, to: Contact) -> None:
        with store.writing() as session:
            change_answer(
                session, answer_id=answer_id, round_id=place.round_id, person=to,
                features=street.features(), who=VISITOR, now=NOW,
            )  # fmt: skip

    with pytest.raises(EmailTwice):
        change(second.answer_id, same)
    change(first.answer_id, replace(person(1), name="Voorbeeld Anders"))
    with store.writing() as session:
        withdraw(session, answer_id=first.answer_id, round_id=place.round_id, who=VISITOR, now=NOW)
    change(second.answer_id, person(1))
    with pytest.raises(EmailTwice):
        street.yes("once more with this one", person=same)


def test_a_no_counts_once_and_may_become_a_yes(street: Street) -> None:
    first = street.no("no, with a sigh of it")
    assert street.no("no, with a sigh of it") == street.no("no, from a second tab") == first
    given = street.yes("yes after all, sorry!")
    assert given.answer_id == first
    with street.store.reading() as session:
        counted = queries.counts(session, round_id=street.place.round_id)
        assert (counted.yes, counted.no) == (1, 0)
    assert street.no("no from a housemate ok") != first


def test_staff_are_named_as_who_took_an_answer_and_may_type_paper_after_the_last_day(street: Street) -> None:
    who = street.place.who(Role.CALLER)
    given = street.yes("typed a day later than", channel=Channel.PAPER, who=who, now=TOO_LATE)
    with street.store.reading() as session:
        row = session.get_one(tables.Answer, given.answer_id)
        assert (row.channel, row.taken_by) == ("paper", street.place.staff[Role.CALLER])


def test_what_is_refused_leaves_nothing_behind(street: Street, store: Store, place: Neighbourhood) -> None:
    (one, _), (_two, values) = features_asked(store, place).values()
    gone = send_letter(store, place, number=2, gone=True).id
    refusals: list[tuple[type[Broken], dict[str, Any]]] = [
        (AnswersClosed, {"now": TOO_LATE}),
        (ContactNeeded, {"person": replace(WHO, email="")}),
        (FeaturesChanged, {"features": {}}),
        (FeaturesChanged, {"features": street.features() | {one: values["huur"]}}),
        (InvitationGone, {"invitation_id": gone}),
        (NotFound, {"invitation_id": 10**9}),
        (NoAppeal, {"round_id": 10**9}),
    ]
    for broken, changes in refusals:
        with pytest.raises(broken):
            street.yes("refused, and not kept", **changes)
    assert street.count(tables.Answer) == street.count(tables.AnswerPerson) == street.count(Message) == 0


def test_after_the_freeze_nothing_is_added_or_changed_but_stopping_is_still_possible(
    street: Street, store: Store, place: Neighbourhood
) -> None:
    given = street.yes("in good time, long ago")
    street.set(frozen_at=NOW)
    assert street.yes("in good time, long ago") == given, "the same press once more is no new answer"
    for channel in Channel:
        with pytest.raises(AnswersFrozen):
            street.yes("too late, I am afraid", channel=channel)
    with pytest.raises(AnswersFrozen):
        street.no("too late for a no also")
    with store.writing() as session, pytest.raises(AnswersFrozen):
        change_answer(
            session, answer_id=given.answer_id, round_id=place.round_id, person=WHO,
            features=street.features(), who=VISITOR, now=NOW,
        )  # fmt: skip
    with store.writing() as session:
        withdraw(session, answer_id=given.answer_id, round_id=place.round_id, who=VISITOR, now=NOW)
    with store.reading() as session:
        found = queries.answer(session, round_id=place.round_id, answer_id=given.answer_id)
        assert (found.withdrawn_at, found.erased_at, found.counts) == (NOW, None, False)
        assert person_of(session, answer_id=found.id).name == WHO.name


def test_stopping_before_the_freeze_takes_everything_away_at_once(
    street: Street, store: Store, place: Neighbourhood
) -> None:
    given = street.yes("yes, for a little while", features=street.features(woning="koop"))
    for hours in (1, 2):
        with store.writing() as session:
            withdraw(
                session, answer_id=given.answer_id, round_id=place.round_id, who=VISITOR,
                now=NOW + timedelta(hours=hours),
            )  # fmt: skip
    assert street.count(tables.AnswerPerson) == street.count(tables.AnswerFeature) == 0
    with store.reading() as session:
        found = queries.answer(session, round_id=place.round_id, answer_id=given.answer_id)
    assert found.withdrawn_at == found.erased_at == NOW + timedelta(hours=1)
    with store.writing() as session, pytest.raises(AnswerWithdrawn):
        change_answer(
            session, answer_id=given.answer_id, round_id=place.round_id, person=WHO,
            features=street.features(), who=VISITOR, now=NOW,
        )  # fmt: skip
    with store.writing() as session, pytest.raises(NotFound):
        withdraw(session, answer_id=10**9, round_id=place.round_id, who=VISITOR, now=NOW)


def test_a_change_is_noted_once_and_without_what_it_says(
    street: Street, store: Store, place: Neighbourhood
) -> None:
    given = street.yes("yes, and later a change")
    later = Contact("Voorbeeld Anders", "", "+31612345678")
    for _twice in range(2):
        with store.writing() as session:
            change_answer(
                session, answer_id=given.answer_id, round_id=place.round_id, person=later,
                features=street.features(geslacht="man"), who=VISITOR, now=NOW + timedelta(hours=1),
            )  # fmt: skip
    with store.reading() as session:
        assert person_of(session, answer_id=given.answer_id) == later
        assert dict(features_of(session, answer_id=given.answer_id)) == street.features(geslacht="man")
        [line] = session.scalars(sa.select(JournalLine).where(JournalLine.what == "answer changed"))
    assert "Anders" not in line.facts
    assert "man" not in line.facts


def test_an_answer_waits_for_the_freeze_and_a_second_press_for_the_first(
    street: Street, store: Store, place: Neighbourhood
) -> None:
    op = "pressed by two thumbs"
    with ThreadPoolExecutor(1) as thumb:
        with store.writing() as session:
            given = answer_yes(
                session, invitation_id=street.letter_id, round_id=place.round_id, person=WHO,
                features=street.features(), channel=Channel.PAGE, op=op, key=KEY, who=VISITOR, now=NOW,
            )  # fmt: skip
            second = thumb.submit(street.yes, op)
            time.sleep(0.1)
            assert not second.done()
        assert second.result() == given
        with store.writing() as session:
            hold_appeal(session, place.round_id)
            session.get_one(tables.Appeal, place.round_id).frozen_at = NOW
            session.flush()
            late = thumb.submit(street.yes, "just too late, by a bit")
            time.sleep(0.1)
            assert not late.done()
        with pytest.raises(AnswersFrozen):
            late.result()
    assert street.count(tables.Answer) == 1
