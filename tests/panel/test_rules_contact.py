"""Names, e-mail addresses and phone numbers: real ones are kept, damaged ones are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import BadInput
from pb.panel.rules.contact import (
    has_odd_letters,
    mixes_scripts,
    plain_name,
    read_email,
    read_name,
    read_phone,
    shown_phone,
)


@pytest.mark.parametrize(
    "name",
    [
        "X",
        "O'Brien",
        "Null",
        "=cmd|' /C calc'!A0",
        "’t Hooft-d’Été",
        "王",
        "أمينة",
        "Ng",
        "x" * 120,
        "+Anna",
        "17",
    ],
)
def test_a_real_name_is_kept_as_typed(name: str) -> None:
    assert read_name(name) == name


def test_a_name_loses_only_spaces_around_and_unseen_signs() -> None:
    assert read_name("  Anna\u00a0 de\tBoer\u200b ") == "Anna de Boer"
    assert read_name("Andre\u0301") == "André"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "panel.name-missing"),
        (" \u00a0 ", "panel.name-missing"),
        ("\u200b", "panel.name-missing"),
        ("x" * 121, "core.text-too-long"),
        ("An\u202ena", "core.text-bidi-control"),
        ("An\0na", "core.text-control-character"),
    ],
)
def test_a_name_that_cannot_be_read_is_refused(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_name(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jörg Ångström", "jorg angstrom"),
        ("O'Brien", "o brien"),
        ("Łukasz Bjørn", "lukasz bjorn"),
        ("STRASSE", "straße"),
        ("J. de  Boer", "J de Boer"),
        ("IJsbrand", "ĳsbrand"),
        ("İpek Yıldız", "ipek yildiz"),
        ("Ærø", "Aero"),
    ],
)
def test_names_are_alike_when_case_accents_and_signs_do_not_count(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def test_different_names_stay_different() -> None:
    assert plain_name("Anna") != plain_name("Anne")
    assert plain_name("!!") != plain_name("??")
    assert plain_name("王") != plain_name("李")


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("jan@x.nl", "jan@x.nl"),
        (" Jan.De-Boer+panel@Voorbeeld.NL ", "jan.de-boer+panel@voorbeeld.nl"),
        ("jan@x.nl\n", "jan@x.nl"),
        ("o'brien@x.nl", "o'brien@x.nl"),
        ("jan@bücher.nl", "jan@xn--bcher-kva.nl"),
        ("jörg@x.nl", "jörg@x.nl"),
        ("a@b.co.uk", "a@b.co.uk"),
        ("a" * 64 + "@x.nl", "a" * 64 + "@x.nl"),
        ("јan@x.nl", "јan@x.nl"),
    ],
)
def test_an_email_address_is_read(typed: str, email: str) -> None:
    assert read_email(typed) == email


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("jan@localhost", "panel.email-host-incomplete"),
        ("Jan <j@x.nl>", "panel.email-with-name"),
        ('"Jan"@x.nl', "panel.email-with-name"),
        ("jan@piet@x.nl", "panel.email-two-ats"),
        ("a@x.nl, b@x.nl", "panel.email-two-ats"),
        ("a@b.nl\r\nBcc: c@d.nl", "panel.email-line-end"),
        ("a@b.nl\nBcc:", "panel.email-line-end"),
        ("a\r@b.nl", "panel.email-line-end"),
        ("a\u2028@b.nl", "panel.email-unreadable"),
        ("jan", "panel.email-unreadable"),
        ("", "panel.email-unreadable"),
        ("@x.nl", "panel.email-unreadable"),
        ("jan@", "panel.email-unreadable"),
        ("jan @x.nl", "panel.email-unreadable"),
        ("jan@x .nl", "panel.email-unreadable"),
        (".jan@x.nl", "panel.email-unreadable"),
        ("jan.@x.nl", "panel.email-unreadable"),
        ("j..n@x.nl", "panel.email-unreadable"),
        ("jan@x..nl", "panel.email-unreadable"),
        ("jan@.nl", "panel.email-unreadable"),
        ("jan@x.nl.", "panel.email-unreadable"),
        ("jan@-x.nl", "panel.email-unreadable"),
        ("jan@x-.nl", "panel.email-unreadable"),
        ("jan@x_y.nl", "panel.email-unreadable"),
        ("jan@127.0.0.1", "panel.email-unreadable"),
        ("jan@[127.0.0.1]", "panel.email-unreadable"),
        ("jan@x.n", "panel.email-unreadable"),
        ("mailto:jan@x.nl", "panel.email-unreadable"),
        ("a" * 65 + "@x.nl", "panel.email-unreadable"),
        ("a@" + "x" * 64 + ".nl", "panel.email-unreadable"),
        ("a@" + ".".join(["x" * 60] * 5) + ".nl", "core.text-too-long"),
        ("a@" + "é.nl" * 80, "core.text-too-long"),
        ("a@" + ".".join(["é" * 40] * 6), "panel.email-unreadable"),
        ("ja\u202en@x.nl", "core.text-bidi-control"),
        ("jan@x.nl\0", "core.text-control-character"),
    ],
)
def test_what_is_no_email_address_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_email(typed)
    assert refused.value.code == code


@given(st.text(max_size=40), st.sampled_from(["", "@x.nl", "\n@x.nl", "@x.nl\r\n"]))
def test_no_email_address_that_is_read_holds_a_line_end_or_a_space(typed: str, end: str) -> None:
    try:
        email = read_email(typed + end)
    except BadInput:
        return
    assert not any(character.isspace() for character in email)
    assert email.count("@") == 1
    assert read_email(email) == email


def test_an_email_address_has_at_most_254_characters_as_mail_writes_it() -> None:
    label = "é" * 40  # written as xn-- and more
    host = f"{label}.{label}.{label}.{label}.nl"
    room_left = 254 - len(read_email(f"a@{host}")) + 1
    assert len(read_email(f"{'a' * room_left}@{host}")) == 254
    with pytest.raises(BadInput) as refused:
        read_email(f"{'a' * (room_left + 1)}@{host}")
    assert refused.value.code == "panel.email-unreadable"


def test_letters_that_look_like_others_are_doubted() -> None:
    assert has_odd_letters("јan@x.nl")
    assert has_odd_letters("jan@хабр.nl")
    assert has_odd_letters("jörg@x.nl")
    assert not has_odd_letters("jan@bücher.nl")
    assert not has_odd_letters(" jan@x.nl\u00a0")
    assert mixes_scripts("Јan")
    assert not mixes_scripts("Oʼbrien ªº 12")
    assert not mixes_scripts("أمينة")


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("06-12345678", "+31612345678"),
        ("0612345678", "+31612345678"),
        ("06 12 34 56 78", "+31612345678"),
        ("(010) 123 45 67", "+31101234567"),
        ("+31 6 12345678", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("+31 06 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("0032 475 12 34 56", "+32475123456"),
        ("+32 475/12.34.56", "+32475123456"),
        ("06\u201112345678", "+31612345678"),
    ],
)
def test_a_phone_number_is_read(typed: str, phone: str) -> None:
    assert read_phone(typed) == phone


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("6,12E+08", "panel.phone-by-spreadsheet"),
        ("6.12e+08", "panel.phone-by-spreadsheet"),
        ("3,16123E+10", "panel.phone-by-spreadsheet"),
        ("612345678.0", "panel.phone-by-spreadsheet"),
        ("612345678", "panel.phone-start-missing"),
        ("31612345678", "panel.phone-start-missing"),
        ("06-1234567", "panel.phone-unreadable"),
        ("06-123456789", "panel.phone-unreadable"),
        ("+3161234567", "panel.phone-unreadable"),
        ("+316123456789", "panel.phone-unreadable"),
        ("+1234567", "panel.phone-unreadable"),
        ("+1234567890123456", "panel.phone-unreadable"),
        ("112", "panel.phone-unreadable"),
        ("geen", "panel.phone-unreadable"),
        ("", "panel.phone-unreadable"),
        ("+", "panel.phone-unreadable"),
        ("06+12345678", "panel.phone-unreadable"),
        ("٠٦١٢٣٤٥٦٧٨", "panel.phone-unreadable"),
        ("0612345678 / 0687654321", "panel.phone-unreadable"),
        ("0" * 61, "core.text-too-long"),
    ],
)
def test_what_is_no_phone_number_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_phone(typed)
    assert refused.value.code == code


@given(st.text(st.sampled_from("0123456789+- ()E.,"), max_size=20))
def test_a_phone_number_that_is_read_is_international_and_reads_the_same_again(typed: str) -> None:
    try:
        phone = read_phone(typed)
    except BadInput:
        return
    assert phone.startswith("+")
    assert len(phone) <= 20
    assert read_phone(phone) == phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+31104567890", "010 456 78 90"),
        ("+31204567890", "020 456 78 90"),
        ("+31180123456", "0180 12 34 56"),
        ("+31612345678", "06 12 34 56 78"),
        ("+31881234567", "088 123 45 67"),
        ("+32470123456", "+32470123456"),
        ("0612300001", "06 12 30 00 01"),
        ("06123", "06123"),
    ],
)
def test_a_number_is_written_in_the_groups_of_its_area_code(phone: str, shown: str) -> None:
    assert shown_phone(phone) == shown
