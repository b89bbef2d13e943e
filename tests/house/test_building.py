"""The laws of the building that can be read from its files: no database, no browser."""

import ast
import graphlib
import re
import subprocess
from pathlib import Path

import pytest

from config import ROOT
from pb.core.errors import BadInput, Broken

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "pb").rglob("*.py")
    if path.name != "__main__.py"
)
# Said without an error class: by the handlers of HTTP errors, of expired forms, of whatever went wrong.
SAID_BY_CODE = {"core.form-expired", "core.refused-request", "core.wrong"}
# These two are the bases of all; who sees their sentence sees an error that nobody named.
BASES = {Broken.code, BadInput.code}


def tracked() -> list[Path]:
    """List the files that are in the repository."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in names.decode().split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" not in raw:
            found.append((path.relative_to(ROOT), raw.decode()))
    return found


def all_broken(kind: type[Broken] = Broken) -> set[type[Broken]]:
    return {kind} | {deeper for below in kind.__subclasses__() for deeper in all_broken(below)}


@pytest.fixture(scope="module")
def errors() -> set[type[Broken]]:
    """Give every error of the house, once all its modules are there."""
    for module in MODULES:
        __import__(module)
    return {kind for kind in all_broken() if kind.__module__.startswith("pb.")}


def test_every_error_has_a_code_of_its_own_in_its_own_room(errors: set[type[Broken]]) -> None:
    codes: dict[str, type[Broken]] = {}
    for kind in errors:
        assert "code" in vars(kind), f"{kind.__module__}.{kind.__name__} has no code of its own"
        assert re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", kind.code), kind.code
        assert kind.code not in codes, (
            f"{kind.code} is used by {kind.__name__} and {codes[kind.code].__name__}"
        )
        codes[kind.code] = kind
        room = kind.__module__.split(".")[1].replace("store", "core").replace("web", "core")
        assert kind.code.startswith(f"{room}."), f"{kind.__module__}: {kind.code}"


def test_every_error_has_its_sentence_and_every_sentence_its_error(errors: set[type[Broken]]) -> None:
    codes = {kind.code for kind in errors} | SAID_BY_CODE
    sentences = {f"{path.parts[-3]}.{path.stem}" for path in (ROOT / "templates").glob("*/broken/*.html")}
    assert not codes - sentences, f"no sentence for {sorted(codes - sentences)}"
    assert not sentences - codes, f"no error for {sorted(sentences - codes)}"


def test_an_error_answers_with_a_status_of_a_refusal(errors: set[type[Broken]]) -> None:
    for kind in errors:
        assert kind.status in (400, 403, 404, 409, 410, 413, 415, 422, 429, 503), kind.code
        assert kind.status == 422 or not issubclass(kind, BadInput), kind.code


def test_a_sentence_is_marked_for_translation_and_holds_no_page(errors: set[type[Broken]]) -> None:
    for path in (ROOT / "templates").glob("*/broken/*.html"):
        text = path.read_text()
        assert "{% trans" in text or "{%- trans" in text or "{% include" in text or "{{ _(" in text, path
        assert not re.search(r"<(h1|main|form|html)|{% extends", text), path


def test_every_module_can_be_the_first_to_be_imported() -> None:
    """No circle of imports: whichever module comes first, what it needs is whole when it asks for it."""
    needs = {module: _needs(module, ast.parse(_file(module).read_text()).body) for module in MODULES}
    list(graphlib.TopologicalSorter(needs).static_order())
    turned = needs | {"pb.core.errors": {"pb.app"}}
    with pytest.raises(graphlib.CycleError):
        list(graphlib.TopologicalSorter(turned).static_order())


def _file(module: str) -> Path:
    path = ROOT / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _needs(module: str, lines: list[ast.stmt]) -> set[str]:
    """Give the modules of the house that are imported when this one is, before anything is called."""
    found: set[str] = set()
    for line in lines:
        if isinstance(line, ast.Import):
            found |= {name.name for name in line.names}
        elif isinstance(line, ast.ImportFrom):
            for name in line.names:
                below = f"{line.module}.{name.name}"
                found.add(below if below in MODULES else str(line.module))
        elif isinstance(line, ast.If):
            for_types = "TYPE_CHECKING" in ast.unparse(line.test)
            found |= _needs(module, line.orelse + ([] if for_types else line.body))
        elif isinstance(line, ast.Try | ast.With | ast.ClassDef):
            found |= _needs(module, line.body)
    # A package comes before what is in it, except for its own modules: it waits for them itself.
    packages = {name.rsplit(".", up)[0] for name in found for up in range(1, name.count(".") + 1)}
    found |= {package for package in packages if not f"{module}.".startswith(f"{package}.")}
    return {name for name in found if name in MODULES} - {module}


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {
        "util",
        "utils",
        "helper",
        "helpers",
        "service",
        "services",
        "manager",
        "managers",
        "common",
        "misc",
    }
    assert not [module for module in MODULES if names & set(module.split("."))]


def test_no_file_of_the_house_is_longer_than_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "pb").rglob("*.py")
        if (count := len(path.read_text().splitlines())) > 300
    }
    assert not long


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    for module in MODULES:
        path = ROOT / Path(*module.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        if file.name != "__init__.py":
            assert ast.get_docstring(ast.parse(file.read_text())), file


def test_nothing_stands_in_the_way_of_a_package_with_its_name() -> None:
    """A file and a folder with one name: Python takes the folder, people read the file."""
    both = [path for path in (ROOT / "pb").rglob("*.py") if path.with_suffix("").is_dir()]
    assert not both


def test_no_file_names_a_place_on_somebodys_machine_or_a_mirror_of_packages() -> None:
    slash = "/"
    places = [slash + name + slash for name in ("work", "root", "Users", "home/[a-z]+")]
    hosts = [r"pypi\.org", r"pythonhosted\.org", r"registry\.npm", r"--(extra-)?index-url", r"PIP_INDEX"]
    pattern = re.compile("|".join([rf"(?<![\w./-]){place}" for place in places] + hosts))
    me = Path(__file__).relative_to(ROOT)
    hits = [
        f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}"
        for path, text in texts()
        if path != me
        for found in pattern.finditer(text)
    ]
    assert not hits


def test_no_secret_or_database_is_in_the_repository() -> None:
    names = {path.name for path in tracked()}
    assert not names & {".env", "secrets.json"}
    assert not [name for name in names if re.search(r"\.(db|sqlite3?|pem|key)(-\w+)?$", name)]
    assert not [str(path) for path, text in texts() if "-----BEGIN " + "PRIVATE" in text]


def test_every_setting_is_described_and_nothing_else_is() -> None:
    sources = [ROOT / "config.py", *(ROOT / "deploy").glob("*.py")]
    read = {name for path in sources for name in re.findall(r"[\"'](PB_[A-Z_]+)[\"']", path.read_text())}
    described = set(re.findall(r"^#? ?(PB_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read - described == set(), "not in .env.example"
    assert described - read == set(), "in .env.example, but nothing reads it"


def test_every_room_and_every_command_is_explained() -> None:
    from pb.cli import main

    text = "\n".join(path.read_text() for path in (ROOT / "README.md", ROOT / "docs/architecture.md"))
    rooms = sorted(path.parent.name for path in (ROOT / "pb").glob("*/__init__.py"))
    assert not [room for room in rooms if not re.search(rf"`(pb/)?{room}/?`", text)]
    docs = text + "".join(path.read_text() for path in (ROOT / "docs").rglob("*.md"))
    assert not [name for name in main.commands if not re.search(rf"pb {name}\b|`{name}`", docs)]


def test_no_template_writes_a_euro_sign_or_reaches_for_another_host() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        # The sign before a field for money is the only one that no amount follows.
        assert "€" not in text.replace('aria-hidden="true">€</span>', ""), path
        assert not re.search(r"(src|href|action)=\"(https?:)?//", text), path
        assert " style=" not in text, path


def test_no_template_or_module_marks_text_as_safe_without_a_reason() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        assert "|safe" not in path.read_text().replace(" ", ""), path
