"""The payment list: what finance is asked to pay, row by row, with a total that can be checked."""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from pb.core.canonical import sha256_of
from pb.core.errors import BadInput, Broken
from pb.grants.rules.payee import (
    DESCRIPTION_CHARACTERS_MOST,
    NAME_CHARACTERS_MOST,
    DescriptionTooLong,
    PayeeNameTooLong,
    check_end_to_end_id,
    sepa_text,
)
from pb.grants.rules.sheet import Cell, Kind, Sheet, listed

# The largest amount of one credit transfer in the SEPA rulebook: 999,999,999.99.
PAYMENT_CENTS_MOST: Final = 999_999_999_99

# Stands where the name would stand. Such a row has no account number, so no bank program can pay it.
PAYEE_MISSING: Final = "GEGEVENS ONTBREKEN"

PAYMENT_COLUMNS: Final = listed(
    (
        "batch_id", "regelnr", "dossiernummer", "besluitnummer", "verplichtingennummer", "crediteurnummer",
        "naam_rekeninghouder", "iban", "bedrag", "valuta", "omschrijving", "end_to_end_id", "soort",
        "termijn_nr", "gewenste_datum", "uiterste_betaaldatum", "grootboek", "kostenplaats", "kostensoort",
        "taakveld", "iv3_categorie", "btw_code", "iban_naam_check", "iban_check_datum", "iban_gewijzigd",
        "akkoord_1", "akkoord_1_op", "akkoord_2", "akkoord_2_op",
    ),
    {
        "regelnr": Kind.WHOLE, "bedrag": Kind.CENTS, "termijn_nr": Kind.WHOLE, "gewenste_datum": Kind.DAY,
        "uiterste_betaaldatum": Kind.DAY, "iban_check_datum": Kind.DAY, "akkoord_1_op": Kind.DAY,
        "akkoord_2_op": Kind.DAY,
    },
)  # fmt: skip


class PaymentKind(StrEnum):
    """Say what a payment is, in the words that finance reads."""

    ADVANCE = "voorschot"
    INSTALMENT = "termijn"
    FINAL = "slotbetaling"
    INVOICE_OF_ANOTHER = "factuur_derde"


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """Hold one payment to be made; what the municipality fills in itself is empty.

    Shape: a payee that is not known yet has neither name nor IBAN.
    Units: ``amount_cents`` in euro cents; ``number`` and ``instalment`` count from 1.
    """

    number: int
    file_number: str
    decision_number: str
    payee_name: str
    iban: str
    amount_cents: int
    description: str
    end_to_end_id: str
    kind: PaymentKind = PaymentKind.ADVANCE
    instalment: int = 1
    wanted_on: date | None = None
    due_on: date | None = None
    commitment_number: str = ""
    creditor_number: str = ""
    general_ledger: str = ""
    cost_centre: str = ""
    cost_type: str = ""
    task_field: str = ""
    iv3_category: str = ""

    @property
    def payee_missing(self) -> bool:
        """Say whether nobody filled in yet who is paid."""
        return not self.payee_name and not self.iban


@dataclass(frozen=True, slots=True)
class PaymentList:
    """Hold a batch as it is handed over; ``sha256`` is of the content alone, not of who made it."""

    sheet: Sheet
    row_count: int
    total_cents: int
    sha256: str


class NoPayments(Broken):
    code = "grants.no-payments"


class PaymentAmountWrong(Broken):
    code = "grants.payment-amount-wrong"


class PaymentIbanWrong(Broken):
    code = "grants.payment-iban-wrong"


class PaymentTwice(Broken):
    """Refuse a number, a reference or an instalment that stands in the list twice."""

    code = "grants.payment-twice"


class PaymentDayPast(BadInput):
    code = "grants.payment-day-past"


class PaymentDayInWeekend(BadInput):
    """Warn that banks pay on the next working day; told, not raised."""

    code = "grants.payment-day-in-weekend"


def payment_rows(lines: Sequence[PaymentLine], *, batch_id: str, made_by: str) -> PaymentList:
    """Make the payment list of a batch.

    Shape: one row per line in the given order, the columns as finance reads them; names and descriptions in
    the bank's characters. Below it the number of rows, the total in cents, the hash and who made it. A row
    whose payee is not known yet stands there too, so that the total is what was decided; it cannot be paid.
    Raises: NoPayments, PaymentAmountWrong, PaymentIbanWrong, PaymentTwice, PayeeNameTooLong,
    DescriptionTooLong, PayeeNameNotLatin, EndToEndIdUnusable.
    """
    if not lines:
        raise NoPayments()
    for line in lines:
        _check_line(line)
    _refuse_twice("regelnr", (line.number for line in lines))
    _refuse_twice("end_to_end_id", (line.end_to_end_id for line in lines))
    _refuse_twice("termijn_nr", ((line.file_number, line.kind, line.instalment) for line in lines))
    total = sum(line.amount_cents for line in lines)
    sha256 = content_sha256(lines)
    trailer: tuple[tuple[str, str], ...] = (
        ("regels", str(len(lines))),
        ("totaal_in_centen", str(total)),
        ("sha256", sha256),
        ("gemaakt_door", made_by),
    )
    missing = sum(line.payee_missing for line in lines)
    if missing:
        trailer = (*trailer, ("regels_zonder_rekening", str(missing)))
    rows = tuple(_row(line, batch_id) for line in lines)
    return PaymentList(Sheet("Betalingen", PAYMENT_COLUMNS, rows, trailer), len(lines), total, sha256)


def content_sha256(lines: Sequence[PaymentLine]) -> str:
    """Hash what would be paid, so that the same content is never made into a second batch.

    Shape: 64 hexadecimal characters; the batch number and the maker are left out.
    """
    return sha256_of([[_exact(cell) for cell in _row(line, "")] for line in lines])


def check_wanted_on(day: date, *, today: date) -> tuple[Broken, ...]:
    """Check the day on which a payment is wanted, and give what should be told about it.

    Raises: PaymentDayPast.
    """
    if day < today:
        raise PaymentDayPast(today=today)
    return (PaymentDayInWeekend(day=day),) if day.weekday() >= 5 else ()


def _row(line: PaymentLine, batch_id: str) -> tuple[Cell, ...]:
    known: dict[str, Cell] = {
        "batch_id": batch_id,
        "regelnr": line.number,
        "dossiernummer": line.file_number,
        "besluitnummer": line.decision_number,
        "verplichtingennummer": line.commitment_number,
        "crediteurnummer": line.creditor_number,
        "naam_rekeninghouder": PAYEE_MISSING if line.payee_missing else sepa_text(line.payee_name),
        "iban": line.iban,
        "bedrag": line.amount_cents,
        "valuta": "EUR",
        "omschrijving": sepa_text(line.description),
        "end_to_end_id": line.end_to_end_id,
        "soort": line.kind.value,
        "termijn_nr": line.instalment,
        "gewenste_datum": line.wanted_on,
        "uiterste_betaaldatum": line.due_on,
        "grootboek": line.general_ledger,
        "kostenplaats": line.cost_centre,
        "kostensoort": line.cost_type,
        "taakveld": line.task_field,
        "iv3_categorie": line.iv3_category,
    }
    return tuple(known.get(column.name) for column in PAYMENT_COLUMNS)


def _exact(cell: Cell) -> str | int | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def _check_line(line: PaymentLine) -> None:
    if isinstance(line.amount_cents, bool) or not isinstance(line.amount_cents, int):
        raise TypeError(f"money is a whole number of cents, not {type(line.amount_cents).__name__}")
    if not 0 < line.amount_cents <= PAYMENT_CENTS_MOST:
        raise PaymentAmountWrong(number=line.number, amount_cents=line.amount_cents)
    if not line.payee_missing and not _is_iban(line.iban):
        raise PaymentIbanWrong(number=line.number)
    name, description = sepa_text(line.payee_name), sepa_text(line.description)
    if len(name) > NAME_CHARACTERS_MOST:
        raise PayeeNameTooLong(most=NAME_CHARACTERS_MOST, length=len(name))
    if len(description) > DESCRIPTION_CHARACTERS_MOST:
        raise DescriptionTooLong(most=DESCRIPTION_CHARACTERS_MOST, length=len(description))
    check_end_to_end_id(line.end_to_end_id)


def _is_iban(iban: str) -> bool:
    # The last look before money moves, also at numbers that were checked long ago.
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", iban) is None:
        return False
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def _refuse_twice(what: str, values: Iterable[Hashable]) -> None:
    seen: set[Hashable] = set()
    for place, value in enumerate(values, start=1):
        if value in seen:
            raise PaymentTwice(what=what, row=place)
        seen.add(value)
