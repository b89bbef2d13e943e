"""The secrets of a card: printed again from a key, told apart from any other QR code."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.codes import CodeMistyped, code_from_bytes, read_code
from pb.core.errors import BadInput
from pb.panel.rules.cards import (
    card_code,
    card_token,
    card_url,
    code_lookup,
    read_card_text,
    read_token,
    token_sha256,
    token_text,
)

KEY = b"an example of a key, for tests.."
BASE = "https://beslis.example.nl"
TOKENS = st.binary(min_size=16, max_size=16)


def test_the_secrets_of_a_card_are_worked_out_by_hand() -> None:
    def mac(text: bytes) -> bytes:
        return hmac.new(KEY, text, hashlib.sha256).digest()

    assert card_token(KEY, 17, 2) == mac(b"beslisavond:card-token:17:2")[:16]
    assert card_code(KEY, 17, 2) == code_from_bytes(mac(b"beslisavond:card-code:17:2"))
    assert code_lookup(KEY, "00000-00000") == mac(b"beslisavond:card-code-lookup:00000-00000").hex()
    assert token_sha256(b"\0" * 16) == hashlib.sha256(b"\0" * 16).hexdigest()


def test_every_seat_and_every_new_card_has_its_own_secrets() -> None:
    cards = [(seat, serial) for seat in range(1, 101) for serial in range(1, 12)]
    assert len({card_token(KEY, *card) for card in cards}) == len(cards)
    assert len({card_code(KEY, *card) for card in cards}) == len(cards)
    assert card_token(KEY, 1, 11) != card_token(KEY, 11, 1)
    assert card_token(KEY + b"!", 1, 1) != card_token(KEY, 1, 1)


def test_the_typed_code_says_nothing_about_the_token() -> None:
    assert card_code(KEY, 1, 1) != code_from_bytes(card_token(KEY, 1, 1))


def test_a_code_is_found_however_it_was_typed() -> None:
    code = card_code(KEY, 17, 1)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert code_lookup(KEY, typed) == code_lookup(KEY, code)
    assert code_lookup(KEY + b"!", code) != code_lookup(KEY, code)
    assert read_code(code) == code
    with pytest.raises(CodeMistyped):
        code_lookup(KEY, "00000-00001")


def test_a_short_key_makes_no_cards() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        card_token(b"x" * 15, 1, 1)
    assert len(card_token(b"x" * 16, 1, 1)) == 16


@given(TOKENS)
def test_a_token_has_one_text_form(token: bytes) -> None:
    text = token_text(token)
    assert len(text) == 22
    assert read_token(text) == token
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for last in alphabet.replace(text[-1], ""):
        if last in "AQgw":  # the four characters that leave nothing over: another token
            assert read_token(text[:-1] + last) != token
        else:
            with pytest.raises(BadInput):
                read_token(text[:-1] + last)


ZERO = "A" * 22


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A" * 21,
        "A" * 23,
        f"{ZERO}=",
        f"{ZERO}\n",
        f" {ZERO}",
        "A" * 21 + "+",
        "A" * 21 + "B",
        "é" * 22,
        "A" * 21 + "\0",
    ],
)
def test_only_the_exact_text_of_a_token_is_read(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_token(text)
    assert refused.value.code == "panel.card-half-read"


def test_a_token_of_another_length_has_no_text() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        token_text(b"x" * 15)


@given(
    TOKENS,
    st.sampled_from(
        [BASE, f"{BASE}/", "http://127.0.0.1:8000", f"{BASE}/wijk", "https://beslis.example.nl:443"]
    ),
)
def test_a_card_of_this_site_is_read(token: bytes, base: str) -> None:
    assert read_card_text(card_url(base, token), base) == token
    assert read_card_text(f" {card_url(base, token)}\n", base) == token


def test_a_card_says_its_secret_behind_the_sign_that_no_server_is_sent() -> None:
    assert card_url(f"{BASE}/", b"\0" * 16) == f"{BASE}/kaart#{ZERO}"


def test_scanners_that_write_the_host_otherwise_are_understood() -> None:
    for url in (f"HTTPS://BESLIS.Example.nl/kaart#{ZERO}", f"https://beslis.example.nl:443/kaart#{ZERO}"):
        assert read_card_text(url, BASE) == b"\0" * 16
    assert read_card_text(f"http://zaal.example:80/kaart#{ZERO}", "http://zaal.example") == b"\0" * 16


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "panel.card-from-elsewhere"),
        ("8710400000000", "panel.card-from-elsewhere"),
        ("WIFI:S:zaal;T:WPA;P:geheim;;", "panel.card-from-elsewhere"),
        ("BEGIN:VCARD\nFN:Anna\nEND:VCARD", "panel.card-from-elsewhere"),
        (ZERO, "panel.card-from-elsewhere"),
        (f"https://beslis.example.com/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://beslis.example.nl.evil.nl/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://beslis.example.nl@evil.nl/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://u@beslis.example.nl/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://beslis.example.nl:8443/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"http://beslis.example.nl/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"//beslis.example.nl/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"beslis.example.nl/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https:\\\\beslis.example.nl/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://beslis.example.nl\\kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://beslis.exam\nple.nl/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://beslis.example.nl/ka art#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://[beslis/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"https://beslis.example.nl:x/kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"javascript:alert(1)//kaart#{ZERO}", "panel.card-from-elsewhere"),
        (f"{BASE}/kaart#" + "A" * 2000, "panel.card-from-elsewhere"),
        (f"{BASE}/kaart#{ZERO[:-1]}\u202e", "panel.card-from-elsewhere"),
        (BASE, "panel.card-is-signpost"),
        (f"{BASE}/kaart", "panel.card-is-signpost"),
        (f"{BASE}/kaart#", "panel.card-is-signpost"),
        (f"{BASE}/kaart?x=1#{ZERO}", "panel.card-is-signpost"),
        (f"{BASE}/kaart/#{ZERO}", "panel.card-is-signpost"),
        (f"{BASE}/zaal#{ZERO}", "panel.card-is-signpost"),
        (f"{BASE}/wijk/kaart#{ZERO}", "panel.card-is-signpost"),
        (f"{BASE}/kaart#{ZERO[:-1]}", "panel.card-half-read"),
        (f"{BASE}/kaart#{ZERO}A", "panel.card-half-read"),
        (f"{BASE}/kaart#{ZERO[:-1]}B", "panel.card-half-read"),
    ],
)
def test_any_other_qr_code_is_no_card(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_card_text(text, BASE)
    assert refused.value.code == code
    assert refused.value.facts == {}


@given(st.text(max_size=60))
def test_nothing_that_a_scanner_sees_breaks_it(text: str) -> None:
    for start in ("", "https://", f"{BASE}/kaart#"):
        with pytest.raises(BadInput):
            read_card_text(f"{start}{text}!", BASE)
