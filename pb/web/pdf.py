"""Set a document as a PDF that a screen reader can read (PDF/UA-1); nothing is fetched."""

import json
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from config import ROOT
from pb.core.errors import TryAgainSoon
from pb.web.letters import keep_printable, printable, reads_from_the_right
from pb.web.paper import FilmOnPaper, Heading, Pairs, Paper, Part, Rows, Signatures
from pb.web.qr import qr_svg

if TYPE_CHECKING:
    import typst

FONTS = ROOT / "static" / "fonts"
TEMPLATE = ROOT / "templates" / "_parts" / "paper.typ"
STANDARD: Final = "ua-1"
WAITS_SECONDS = 20
# Words that fit on no line may break; not hashes, which people copy.
MAY_BREAK = "\u200b"
PART_OF_WORD = 12
# A heading must say something, also when nothing of it can be printed.
NO_WORDS = "–"
_LONG_WORD = re.compile(r"\S{29,}")
_HASH = re.compile(r"[0-9a-f]{64}")
# One at a time: setting a document takes a whole processor, and people are giving scores.
_setting = threading.BoundedSemaphore(1)

Text = list[dict[str, Any]]


def set_pdf(paper: Paper) -> bytes:
    """Set a document as PDF/UA-1.

    What residents wrote goes in as data, so no sign in it means anything; what cannot be printed is left out.
    Raises: TryAgainSoon when too many wait.
    """
    return set_template(TEMPLATE, as_data(paper))


def set_template(template: Path, data: dict[str, Any]) -> bytes:
    """Set a template of our own with data as PDF/UA-1; ``as_text`` and ``as_line`` make data of texts.

    Raises: TryAgainSoon when too many wait.
    """
    if not _setting.acquire(timeout=WAITS_SECONDS):
        raise TryAgainSoon()
    try:
        return _set(template, data)
    finally:
        _setting.release()


def as_data(paper: Paper) -> dict[str, Any]:
    """Write a document as the template reads it."""
    plain = _plain
    return {
        "title": plain(paper.title) or NO_WORDS,
        "title_lines": as_text(_plain(paper.title) or NO_WORDS),
        "author": plain(paper.author),
        "language": paper.language,
        "footer": plain(paper.footer),
        "blocks": [_part(part) for part in paper.parts],
    }


def as_text(text: str) -> Text:
    """Cut a text into paragraphs of lines, each with the side that it is read from."""
    kept = keep_printable(text.replace("\r\n", "\n").replace("\r", "\n"), printable(FONTS))
    kept = _LONG_WORD.sub(_may_break, kept)
    paragraphs = [[line.strip() for line in one.split("\n") if line.strip()] for one in kept.split("\n\n")]
    return [
        {"rtl": reads_from_the_right(" ".join(lines)), "lines": lines} for lines in paragraphs if lines
    ] or [{"rtl": False, "lines": [""]}]


def as_line(text: str) -> str:
    """Make one line of a text, of signs that can be printed; spaces stay as they are."""
    return keep_printable(text.replace("\n", " "), printable(FONTS)).strip(" ")


def _part(part: Part) -> dict[str, Any]:
    shape = _SHAPES.get(type(part))
    return {"kind": part.kind, **(shape(part) if shape else _as_is(part))}


def _as_is(part: Part) -> dict[str, Any]:
    found = {one.name: getattr(part, one.name) for one in fields(part)}
    return {name: as_text(value) if name == "text" else _bare(value) for name, value in found.items()}


def _heading(part: Heading) -> dict[str, Any]:
    return {"level": part.level, "text": as_text(_plain(part.text) or NO_WORDS)}


def _rows(part: Rows) -> dict[str, Any]:
    return {
        "head": [as_text(cell) for cell in part.head],
        "flat": [as_text(cell) for row in part.rows for cell in row],
        "numbers": [place in part.numbers for place in range(len(part.head))],
    }


def _pairs(part: Pairs) -> dict[str, Any]:
    return {
        "head": [as_text(cell) for cell in part.head],
        "flat": [as_text(cell) for pair in part.pairs for cell in pair],
    }


def _film(part: FilmOnPaper) -> dict[str, Any]:
    svg = str(qr_svg(part.address, "")).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return {
        "text": as_text(part.text),
        "address": part.address,
        "shown": part.address.removeprefix("https://").removeprefix("http://").removeprefix("www."),
        "alt": _plain(part.alt) or NO_WORDS,
        "qr": svg,
    }


def _signatures(part: Signatures) -> dict[str, Any]:
    return {"places": [{"role": as_text(role), "under": as_text(under)} for role, under in part.places]}


def _may_break(found: re.Match[str]) -> str:
    word = found[0]
    if _HASH.fullmatch(word):
        return word
    return MAY_BREAK.join(word[at : at + PART_OF_WORD] for at in range(0, len(word), PART_OF_WORD))


def _plain(text: str) -> str:
    return " ".join(keep_printable(text, printable(FONTS)).split())


def _bare(value: object) -> object:
    if isinstance(value, str):
        return _plain(value) or NO_WORDS
    return list(value) if isinstance(value, Sequence) else value


_SHAPES: dict[type[Part], Callable[[Any], dict[str, Any]]] = {
    Heading: _heading,
    Rows: _rows,
    Pairs: _pairs,
    FilmOnPaper: _film,
    Signatures: _signatures,
}


def _set(template: Path, data: dict[str, Any]) -> bytes:
    # Large, and most processes never set a document.
    import typst

    compiler = typst.Compiler(
        input=_template(template),
        font_paths=_fonts(),
        sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards=STANDARD)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@lru_cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


@lru_cache
def _template(path: Path) -> bytes:
    return path.read_bytes()
