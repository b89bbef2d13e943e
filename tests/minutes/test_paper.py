"""Documents on paper: what can be printed is printed, what cannot does not stop the rest."""

import io
import sys
import threading
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from pb.core.errors import TryAgainSoon
from pb.web import pdf
from pb.web.letters import WITH_THE_PROGRAM, keep_printable, printable, reads_from_the_right
from pb.web.paper import Chart, Heading, Pairs, Paper, Part, Rows, Words
from pb.web.pdf import FONTS, as_text, set_pdf

KNOWN = printable(FONTS)


def paper(*parts: Part, title: str = "Proef") -> Paper:
    return Paper(title=title, language="nl", author="Gemeente", footer="", parts=parts)


def words_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def test_every_letter_that_is_let_through_can_be_printed() -> None:
    """Typst refuses a PDF/UA in which one sign has no letter: all of them, in one document."""
    places = sorted(frozenset().union(*KNOWN))
    letters = [letter for letter in map(chr, places) if unicodedata.category(letter)[0] not in "CZM"]
    assert len(letters) > 800
    text = "\n".join(" ".join(letters[at : at + 40]) for at in range(0, len(letters), 40))
    assert set_pdf(paper(Words(text))).startswith(b"%PDF-1.7")
    extra = [chr(place) for first, last in WITH_THE_PROGRAM for place in range(first, last + 1)]
    assert {"Ж", "ω"} <= set(extra)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.text(max_size=90))
def test_any_text_at_all_can_be_set(text: str, title: str) -> None:
    made = set_pdf(
        paper(
            Heading(title), Words(text), Heading(text, 2), Rows((text, "x"), [(title, text)]),
            Pairs(("a", text), [(text, title)]), Chart((1, 0, 0, 0, 2), text or "x"), title=title or "x",
        )
    )  # fmt: skip
    assert made.startswith(b"%PDF-1.7")


def test_emoji_are_left_out_and_letters_that_nobody_has_here_become_a_question_mark() -> None:
    assert keep_printable("Feest 🎉 op 中 plein", KNOWN) == "Feest  op ? plein"
    assert keep_printable("cafe\u0301 \ufeff\u202e\0\u00a0x\u2007y\u3000z", KNOWN) == "café \u00a0x\u00a0y z"
    assert keep_printable("Ж\u08db \u064e مَرحبا", KNOWN) == "Ж  مَرحبا"
    assert keep_printable("مرحبا Жук", KNOWN) == "مرحبا Жук"
    # What neighbours write too: Tigrinya and Hebrew.
    assert keep_printable("ትግርኛ שלום", KNOWN) == "ትግርኛ שלום"


def test_a_text_is_read_from_the_side_of_its_first_letter() -> None:
    assert reads_from_the_right("1. مرحبا wereld")
    assert not reads_from_the_right("wereld مرحبا")
    assert not reads_from_the_right("123 €")


def test_paragraphs_and_lines_stay_as_they_were_typed() -> None:
    assert as_text("een\r\ntwee\n\n\ndrie") == [
        {"rtl": False, "lines": ["een", "twee"]},
        {"rtl": False, "lines": ["drie"]},
    ]
    assert as_text("") == [{"rtl": False, "lines": [""]}]


def test_a_word_that_fits_on_no_line_breaks_but_a_hash_does_not() -> None:
    assert "".join(line for one in as_text("W" * 90) for line in one["lines"]).count("\u200b") == 7
    digest = "0123456789abcdef" * 4
    assert as_text(digest)[0]["lines"] == [digest]
    assert digest in words_of(set_pdf(paper(Pairs(("a", "b"), [("Controlegetal", digest)]))))


def test_one_document_is_set_at_a_time_and_who_waits_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "WAITS_SECONDS", 0.05)
    held = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with pdf._setting:
            held.set()
            done.wait(5)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(5)
    with pytest.raises(TryAgainSoon):
        set_pdf(paper(Words("x")))
    done.set()
    other.join()
    assert set_pdf(paper(Words("x")))


def test_the_program_that_sets_documents_is_only_loaded_when_it_is_needed() -> None:
    import subprocess

    script = "import pb.app, sys; print('typst' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
