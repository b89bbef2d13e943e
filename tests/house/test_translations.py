"""English is complete: every sentence of the house, with the same names to fill in."""

import ast
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from flask import Flask
from flask_babel import force_locale, gettext

from config import ROOT

ENGLISH = ROOT / "pb/translations/en/LC_MESSAGES/messages.po"
MARKED = {"_", "N_", "gettext", "ngettext", "lazy_gettext"}
NAMES = re.compile(r"%\((\w+)\)[sd]")
MENDS = "make translations gathers the sentences, and then they want English"


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Read the sentences out of code and templates, with the very words of the Makefile."""
    target = tmp_path_factory.mktemp("texts") / "messages.pot"
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    subprocess.run(
        ["make", "texts", f"POT={target}", f"PYBABEL={sys.executable} -m babel.messages.frontend --quiet"],
        cwd=ROOT, env=own, check=True, capture_output=True,
    )  # fmt: skip
    with target.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def messages(catalogue: Catalog) -> list[Message]:
    return [one for one in catalogue if one.id]


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def names(text: str) -> set[str]:
    return set(NAMES.findall(text))


def test_sentences_are_found_in_every_folder_also_those_that_begin_with_a_line(sentences: Catalog) -> None:
    found = {Path(place).parts[1] for one in messages(sentences) for place, _ in one.locations}
    rooms = {folder.name for folder in (ROOT / "templates").iterdir()}
    assert rooms <= found


def test_every_sentence_has_its_english(sentences: Catalog, english: Catalog) -> None:
    missing = [
        str(one.id)[:80]
        for one in messages(sentences)
        if not ((known := english.get(one.id, one.context)) and all(forms(known.string)))
    ]
    assert not missing, f"{len(missing)} without English, such as {missing[:5]}; {MENDS}"


def test_no_sentence_hides_inside_another_where_nobody_finds_it_to_translate() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "pb").rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKED
    ]
    assert not hidden


def test_a_sentence_about_one_has_one_sentence_about_many(house: Flask) -> None:
    """A catalogue knows a plural by its singular; another plural would break a page in English."""
    many: dict[str, dict[str, str]] = {}
    for place in sorted((ROOT / "templates").rglob("*.html")):
        found = house.jinja_env.extract_translations(place.read_text(encoding="utf-8"))
        for _line, _function, said in found:
            if isinstance(said, tuple) and len(said) > 1 and isinstance(said[1], str):
                one, more = (" ".join(form.split()) for form in said[:2])
                many.setdefault(one, {}).setdefault(more, str(place.relative_to(ROOT)))
    assert len(many) > 100
    assert not {one: more for one, more in many.items() if len(more) > 1}


def test_no_english_is_a_guess_or_is_left_of_an_older_text(english: Catalog) -> None:
    assert not [str(one.id)[:80] for one in messages(english) if one.fuzzy]
    assert not english.obsolete


def test_english_fills_in_the_same_names(english: Catalog) -> None:
    assert not [f"{one.id!r:.80} {one.string!r:.80}" for one in messages(english) if not same_names(one)]


def same_names(one: Message) -> bool:
    """Compare the last form with the last: a singular may say 'one' for its number."""
    dutch, translated = forms(one.id), forms(one.string)
    if len(dutch) == 1:
        return len(translated) == 1 and names(dutch[0]) == names(translated[0])
    return names(dutch[-1]) == names(translated[-1]) and names(translated[0]) <= names(dutch[-1])


def test_a_percent_sign_is_never_read_as_a_name_to_fill_in(english: Catalog) -> None:
    wrong = []
    for one in messages(english):
        in_template = any(place.startswith("templates/") for place, _ in one.locations)
        for text in forms(one.string) if in_template or one.python_format else ():
            try:
                text % dict.fromkeys(names(text), "…")
            except (TypeError, ValueError):
                wrong.append(text)
    assert not wrong


def test_every_english_sentence_ends_as_the_dutch_one_does(english: Catalog) -> None:
    ends = re.compile(r"[.?!:]?\s*$")
    differ = [
        (dutch, translated)
        for one in messages(english)
        for dutch, translated in zip(forms(one.id), forms(one.string), strict=True)
        if ends.search(dutch)[0] != ends.search(translated)[0]  # type: ignore[index]
    ]
    assert not differ


def test_making_the_translations_again_changes_nothing(sentences: Catalog, english: Catalog) -> None:
    english.update(sentences, no_fuzzy_matching=True, update_creation_date=False)
    english.obsolete.clear()
    again = io.BytesIO()
    write_po(again, english)
    assert again.getvalue().decode() == ENGLISH.read_text(encoding="utf-8"), "make translations was not run"


def test_english_is_spoken(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert gettext("Naar de inhoud") == "To the content"
