"""Who is paid is known by two people; a payment list is made once."""

import pytest

from pb.core.errors import NotFound
from pb.evening.rules.steps import Stage
from pb.grants.actions import enter_payee, make_batch
from pb.grants.queries import batches, evenings_with_money, money_cents, payee, payment_order
from pb.grants.rules.paying import (
    BatchBySamePerson,
    KvkNumberOfPerson,
    NotConfirmed,
    PayeeBySamePerson,
    PayeeChangedMeanwhile,
    PayeeKind,
    PayeeOnlyByFinance,
)
from pb.grants.rules.payments import PAYEE_MISSING, NoPayments, payment_rows
from pb.people.actions import add_account, give_role
from pb.people.rules import Role
from pb.store import journal
from pb.store.engine import Store
from pb.store.journal import account
from support.evenings import Asked, Verdict, divided, hold_evening
from support.neighbourhood import NOW, Neighbourhood

IBAN = "NL91ABNA0417164300"
OTHER_IBAN = "NL20INGB0001234567"
SCORES = {"Moestuin": [5, 5, 4, 4, 3], "Muziek": [5, 4, 4, 2, 4], "Bankje": [1, 2, 2, 1, 5]}


def colleague(store: Store, place: Neighbourhood) -> int:
    """Hire a second person for finance."""
    with store.writing() as session:
        account_id = add_account(session, email="financien-2@wijk.example", name="Renée Proef", now=NOW)
        give_role(session, account_id=account_id, role=Role.FINANCE, area_id=place.area_id, now=NOW)
    return account_id


def enter(
    store: Store, plan_id: int, by: int, iban: str = IBAN, *, by_finance: bool = True, version: int = 0,
    name: str = "Stichting Café Één", kind: PayeeKind = PayeeKind.FOUNDATION, kvk: str = "01234567",
) -> None:  # fmt: skip
    with store.writing() as session:
        enter_payee(
            session, plan_id=plan_id, kind=kind, holder_name=name, iban=iban, kvk_number=kvk, version=version,
            by_finance=by_finance, on_paper=True, who=account(by), now=NOW,
        )  # fmt: skip


def plan_of(store: Store, evening_id: int, title: str) -> int:
    return next(line.plan.id for line in divided(store, evening_id).lines if line.plan.title == title)


def test_the_list_holds_every_funded_plan_and_adds_up_to_the_decision(
    store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES, asked={"Muziek": Asked(333_333)}, budget_cents=900_001)
    with store.reading() as session:
        order = payment_order(session, evening_id=evening_id)
    assert [payment.plan.title for payment in order.payments] == ["Moestuin", "Muziek"]
    assert order.total_cents == order.division.total_cents == sum(p.amount_cents for p in order.payments) > 0
    assert order.adds_up
    assert order.missing == 2


def test_a_list_with_missing_payees_still_adds_up_and_says_so_in_the_row(
    store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    enter(store, plan_of(store, evening_id, "Muziek"), place.staff[Role.AREA_MANAGER], by_finance=False)
    with store.reading() as session:
        order = payment_order(session, evening_id=evening_id)
    made = payment_rows(order.lines, batch_id="L1", made_by="Renée")
    names = [column.name for column in made.sheet.columns]
    payees = [(row[names.index("naam_rekeninghouder")], row[names.index("iban")]) for row in made.sheet.rows]
    assert sorted(payees) == [(PAYEE_MISSING, ""), ("Stichting Cafe Een", IBAN)]
    assert made.total_cents == order.division.total_cents
    assert dict(made.sheet.trailer)["regels_zonder_rekening"] == "1"


def test_the_same_content_is_the_same_list_and_other_content_another(
    store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    ids = []
    for step in range(3):
        if step == 2:
            enter(
                store, plan_of(store, evening_id, "Muziek"), place.staff[Role.AREA_MANAGER], by_finance=False
            )
        with store.writing() as session:
            ids.append(make_batch(session, evening_id=evening_id, who=place.who(Role.FINANCE), now=NOW))
    assert ids[0] == ids[1] != ids[2]
    with store.reading() as session:
        made = batches(session, evening_id=evening_id)
    assert [one.id for one in made] == [ids[2], ids[0]]
    assert {one.total_cents for one in made} == {divided(store, evening_id).total_cents}


def test_marks_of_a_payment_stay_the_same_on_every_list(store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    with store.reading() as session:
        before = payment_order(session, evening_id=evening_id).lines
    enter(store, plan_of(store, evening_id, "Muziek"), place.staff[Role.FINANCE])
    with store.reading() as session:
        after = payment_order(session, evening_id=evening_id).lines
    marks = [line.end_to_end_id for line in before]
    assert marks == [line.end_to_end_id for line in after]
    assert len(set(marks)) == 2
    assert all(len(mark) <= 35 for mark in marks)
    assert [line.file_number for line in before] == [f"R{place.round_id}-P1", f"R{place.round_id}-P2"]


def test_there_is_nothing_to_pay_before_two_people_stand_for_the_division(
    store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES, until=Stage.DIVIDE)
    plan_id = plan_of(store, evening_id, "Moestuin")
    with store.reading() as session:
        assert not evenings_with_money(session, round_id=place.round_id)[0].confirmed
        assert money_cents(session, plan_id=plan_id) == 0
    with pytest.raises(NotConfirmed), store.writing() as session:
        make_batch(session, evening_id=evening_id, who=place.who(Role.FINANCE), now=NOW)
    with pytest.raises(NotFound):
        enter(store, plan_id, place.staff[Role.FINANCE])


def test_a_plan_without_money_has_no_payee(store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    with pytest.raises(NotFound):
        enter(store, plan_of(store, evening_id, "Bankje"), place.staff[Role.FINANCE])


def test_an_evening_where_nothing_was_funded_has_no_list(store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, {"Bankje": [1, 1, 2, 2, 1]})
    with store.reading() as session:
        assert payment_order(session, evening_id=evening_id).total_cents == 0
    with pytest.raises(NoPayments), store.writing() as session:
        make_batch(session, evening_id=evening_id, who=place.who(Role.FINANCE), now=NOW)


def test_an_account_number_is_changed_by_finance_and_by_somebody_else_than_who_entered_it(
    store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    plan_id = plan_of(store, evening_id, "Muziek")
    finance, manager = place.staff[Role.FINANCE], place.staff[Role.AREA_MANAGER]
    enter(store, plan_id, finance)
    with pytest.raises(PayeeOnlyByFinance):
        enter(store, plan_id, manager, OTHER_IBAN, by_finance=False, version=1)
    with pytest.raises(PayeeBySamePerson):
        enter(store, plan_id, finance, OTHER_IBAN, version=1)
    second = colleague(store, place)
    with pytest.raises(PayeeChangedMeanwhile):
        enter(store, plan_id, second, OTHER_IBAN, version=0)
    enter(store, plan_id, second, OTHER_IBAN, version=1)
    with store.reading() as session:
        found = payee(session, plan_id=plan_id)
    assert found is not None
    assert (found.iban, found.version, found.entered_by) == (OTHER_IBAN, 2, second)


def test_who_changed_an_account_number_does_not_make_the_list(store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    plan_id = plan_of(store, evening_id, "Muziek")
    second = colleague(store, place)
    enter(store, plan_id, place.staff[Role.AREA_MANAGER], by_finance=False)
    enter(store, plan_id, second, OTHER_IBAN, version=1)
    with pytest.raises(BatchBySamePerson), store.writing() as session:
        make_batch(session, evening_id=evening_id, who=account(second), now=NOW)
    with store.writing() as session:
        assert make_batch(session, evening_id=evening_id, who=place.who(Role.FINANCE), now=NOW)


def test_sending_the_same_twice_is_one_time(store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    plan_id = plan_of(store, evening_id, "Muziek")
    for _press in range(2):
        enter(store, plan_id, place.staff[Role.AREA_MANAGER], by_finance=False)
    with store.reading() as session:
        found = payee(session, plan_id=plan_id)
        lines = [line for line in journal.lines(session) if line.what.startswith("payee")]
    assert found is not None
    assert found.version == 1
    assert len(lines) == 1


def test_a_person_has_no_number_of_the_chamber_of_commerce(store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    with pytest.raises(KvkNumberOfPerson):
        enter(store, plan_of(store, evening_id, "Muziek"), place.staff[Role.FINANCE], kind=PayeeKind.PERSON)


def test_the_journal_never_holds_an_account_number_or_a_name(store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(
        store, place, SCORES, verdicts={"Bankje": Verdict(True, "Ouderen willen zitten.")}
    )
    plan_id = plan_of(store, evening_id, "Muziek")
    enter(store, plan_id, place.staff[Role.AREA_MANAGER], by_finance=False)
    enter(store, plan_id, place.staff[Role.FINANCE], OTHER_IBAN, version=1)
    second = colleague(store, place)
    with store.writing() as session:
        make_batch(session, evening_id=evening_id, who=account(second), now=NOW)
    with store.reading() as session:
        text = "\n".join(
            f"{line.what} {line.subject} {line.facts}" for line in journal.lines(session, most=500)
        )
        known = payee(session, plan_id=plan_id)
    for secret in (IBAN, OTHER_IBAN, "Café", "01234567"):
        assert secret not in text
        assert secret not in repr(known)
    assert "payment list made" in text
    assert "payee changed" in text
