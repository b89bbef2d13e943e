"""Who of a list takes part: every row is accounted for, and what was chosen is in the hash."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.errors import BadInput
from pb.core.sheet import FileRefused
from pb.panel.rules import (
    address,
    address_cells,
    address_choice,
    address_columns,
    address_opt_out,
    address_rows,
)
from pb.panel.rules import letters_needed as letters
from pb.panel.rules.address_choice import Choice, NeighbourhoodMissing, Selection, Steps, choose_addresses
from pb.panel.rules.address_file import AddressIdsRounded, read_addresses
from pb.panel.rules.address_opt_out import OptOuts, read_opt_outs
from pb.panel.rules.address_sieve import Uses
from pb.panel.rules.draw import draw_addresses, order_by_lot, pool_sha256
from pb.panel.rules.letters_needed import Group, PercentageWrong, letters_needed, read_percentage, share_seats

HEADER = "id;straat;huisnummer;huisletter;postcode;plaats;buurt;gebruiksdoel;status\n"
ROWS = [
    "0599200000000001;Hof;1;;1234AB;Dorp;Noord;woonfunctie;Naamgeving uitgegeven\n",
    "0599200000000001;Hof;1;;1234AB;Dorp;Noord;winkelfunctie;Naamgeving uitgegeven\n",
    "0599200000000001;Hof;1;;1234AB;Dorp;Noord;woonfunctie;Naamgeving uitgegeven\n",
    "0599200000000002;Hof;2;;1234AB;Dorp;Noord;woonfunctie;Naamgeving uitgegeven\n",
    "0599200000000003;Hof;3;;1234AB;Dorp;Noord;woonfunctie;Naamgeving uitgegeven\n",
    ";Hof;3;;1234AB;Dorp;Noord;woonfunctie;Naamgeving uitgegeven\n",
    "0599200000000004;Hof;4;;1234AB;Dorp;Noord;woonfunctie;Naamgeving ingetrokken\n",
    "0599200000000005;Weg;5;;1234AC;Dorp;Zuid;woonfunctie;Naamgeving uitgegeven\n",
    "0599200000000006;Weg;6;A;1234AC;Dorp;Oost;woonfunctie;Naamgeving uitgegeven\n",
    "0599200000000007;Kade;7;;1234AD;Dorp;Noord;;Plaats aangewezen\n",
]
CHOICE = Choice(neighbourhoods=("Noord", "Oost"))
OPT_OUTS = "BAG-id;postcode;huisnummer\n0599200000000003;;\n;1234 ac;6a\n;9999ZZ;1\n"


def opt_outs(text: str = OPT_OUTS) -> OptOuts:
    return read_opt_outs(text.encode(), file_name="afgemeld.csv")


def select(rows: list[str], choice: Choice = CHOICE, *, out: str = OPT_OUTS, seated: str = "") -> Selection:
    file = read_addresses((HEADER + "".join(rows)).encode(), file_name="x.csv", uses=choice.uses)
    return choose_addresses(
        file, choice, opt_outs=opt_outs(out) if out else None, seal_key=b"key", drawn_before={seated}
    )


def test_every_row_of_the_file_is_counted_once() -> None:
    chosen = select(ROWS, seated="1234AB:2::")
    assert chosen.steps == Steps(
        rows=10, not_homes=1, without_use=1, not_in_use=1, elsewhere=1, opted_out=3, double=1, drawn_before=1,
        tickets=1,
    )  # fmt: skip
    assert [one.key for one in chosen.tickets] == ["1234AB:1::"]
    assert chosen.unmatched_rows == (4,)


@given(st.permutations(ROWS))
def test_the_order_of_the_rows_changes_neither_hash_nor_draw(rows: list[str]) -> None:
    one, other = select(ROWS), select(rows)
    assert (one.published, one.sha256) == (other.published, other.sha256)
    drawn = [draw_addresses(chosen.addresses, 2, "zaad", skipped=chosen.skipped) for chosen in (one, other)]
    assert drawn[0] == drawn[1]


def test_whoever_wants_no_letter_is_passed_over_and_does_not_show_in_the_hash_of_the_addresses() -> None:
    chosen, everybody = select(ROWS), select(ROWS, out="")
    keys = [one.key for one in everybody.addresses]
    assert json.loads(chosen.published)["addresses_sha256"] == pool_sha256(keys)
    result = draw_addresses(chosen.addresses, 2, "zaad", skipped=chosen.skipped)
    assert [one.key for one in result.chosen] == [
        key for key in order_by_lot(keys, "zaad") if key not in chosen.skipped
    ]
    assert (result.pool_size, result.pool_sha256) == (2, pool_sha256(keys))
    assert chosen.sha256 != everybody.sha256
    with pytest.raises(BadInput) as short:
        draw_addresses(chosen.addresses, 3, "zaad", skipped=chosen.skipped)
    assert short.value.facts["short"] == 1


def test_every_choice_changes_the_hash_that_is_shown_and_none_shows_an_address() -> None:
    shown = [
        select(ROWS, choice, out=out)
        for choice, out in (
            (Choice(), ""),
            (CHOICE, ""),
            (CHOICE, OPT_OUTS),
            (CHOICE, OPT_OUTS.replace("9999ZZ", "9999ZX")),
            (Choice(uses=Uses.HOMES_AND_BLANK), ""),
            (Choice(uses=Uses.EVERYTHING), ""),
        )
    ]
    assert len({chosen.sha256 for chosen in shown}) == len(shown)
    for chosen in shown:
        assert not any(hidden in chosen.published for hidden in ("Hof", "1234", "9999", "05992"))
        read_back = Choice.from_published(chosen.published)
        assert (read_back.uses, read_back.neighbourhoods) == (
            chosen.choice.uses,
            chosen.choice.neighbourhoods,
        )
        assert Choice.from_json(chosen.choice.to_json()) == chosen.choice


def test_an_opt_out_by_a_name_that_was_merged_away_counts_too() -> None:
    moved = ROWS[3].replace("Hof;2;", "Hof;22;")
    for out in ("postcode;huisnummer\n1234AB;22\n", "id\n0599200000000002\n"):
        assert select([*ROWS, moved], out=out).skipped == {"1234AB:2::"}
    assert select([*ROWS, moved], out="", seated="1234AB:22::").seated == {"1234AB:2::"}


def test_the_seal_tells_nothing_without_the_key_and_does_not_mind_the_order() -> None:
    lines = OPT_OUTS.splitlines(keepends=True)
    turned = opt_outs("".join([lines[0], *reversed(lines[1:])]))
    assert turned.seal(b"key") == opt_outs().seal(b"key") != opt_outs().seal(b"other")


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("", "core.sheet-empty", None),
        ("soort\nhuis\n", "core.sheet-without-header", 1),
        ("postcode;soort\n1234AB;huis\n", "core.sheet-header-missing", 1),
        ("postcode;huisnummer;naam\n1234AB;1;Proef\n", "panel.people-in-list", 1),
        ("postcode;huisnummer\n", "core.sheet-without-rows", 1),
        ("postcode;huisnummer\n1234AB;\n", "panel.opt-out-incomplete", 2),
        ("postcode;huisnummer;huisletter\n1234AB;1A;B\n", "panel.house-number-twice", 2),
        ("postcode;huisnummer\n1234SS;1\n", "panel.postcode-never-issued", 2),
        ("id\n599200000000003\n", "panel.address-id-zero-lost", 2),
        ("id;postcode;huisnummer\n0599200000000003;=A1;1\n", "panel.cell-is-formula", 2),
    ],
)
def test_a_bad_list_of_opt_outs_is_refused_with_its_row(text: str, code: str, row: int | None) -> None:
    with pytest.raises(FileRefused) as refused:
        opt_outs(text)
    problem = refused.value.facts["problems"][0]  # type: ignore[index]
    assert (problem.code, problem.row) == (code, row)


def test_a_choice_without_any_address_is_refused() -> None:
    with pytest.raises(NeighbourhoodMissing):
        select(ROWS, Choice(neighbourhoods=("West",)))


# -- how many letters ---------------------------------------------------------------------------------


def test_letters_are_counted_by_hand() -> None:
    # 40 seats of which a quarter in Noord: 10 / 2% = 500 there, of 4 x as many in all; Zuid 30 / 5% = 600.
    groups = share_seats(
        40, {"Noord": 1000, "Zuid": 3000}, {"Noord": Fraction(1, 50)}, otherwise=Fraction(1, 20)
    )
    needed = letters_needed(groups)
    assert [(group.name, group.own_letters, group.letters) for group in groups] == [
        ("Noord", 500, 2000),
        ("Zuid", 600, 800),
    ]
    assert (needed.on_average, needed.for_everyone, needed.rarest.name) == (942, 2000, "Noord")
    odd = Group("", Fraction(1, 7), Fraction(1), Fraction(3, 10))
    assert (odd.own_letters, odd.letters) == (4, 24)
    young = Group("jong", Fraction(1, 5), Fraction(8), Fraction(1, 100))
    assert letters_needed(groups, [young]).for_everyone == 8 * 5 * 100
    assert letters_needed(share_seats(200, {"": 47_000}, {})).for_everyone == 4445


@given(
    st.integers(1, 500),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9999), min_size=1),
    st.fractions(Fraction(1, 1000), 1),
)
def test_as_many_letters_fill_every_group_and_one_less_does_not(
    seats: int, addresses: dict[str, int], response: Fraction
) -> None:
    needed = letters_needed(share_seats(seats, addresses, {}, otherwise=response))
    for group in needed.groups:
        assert needed.for_everyone * group.share * group.response >= group.seats
    rarest = needed.rarest
    assert (needed.for_everyone - 1) * rarest.share * rarest.response < rarest.seats
    assert needed.on_average == needed.for_everyone


def test_percentages_are_read_exactly() -> None:
    assert [read_percentage(typed) for typed in ("4,5", "4.5 %", " 100%", "0,0001")] == [
        Fraction(9, 200), Fraction(9, 200), Fraction(1), Fraction(1, 1_000_000),
    ]  # fmt: skip
    for wrong in ("", "0", "0,00", "100,1", "-4", "4,5,5", "1e1", "٤", "4,55555", "veel", "½"):
        with pytest.raises(PercentageWrong):
            read_percentage(wrong)


@pytest.mark.parametrize(
    "kind",
    [
        AddressIdsRounded,
        *(
            kind
            for module in (
                address,
                address_cells,
                address_choice,
                address_columns,
                address_opt_out,
                address_rows,
                letters,
            )
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, BadInput) and kind.__module__ == module.__name__
        ),
    ],
)
def test_each_refusal_has_plain_sentences(kind: type[BadInput]) -> None:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parents[2] / "templates"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
    )
    pages.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    text = pages.get_template(kind.code.replace(".", "/broken/", 1) + ".html").render(
        facts={"most": 12, "letters": "SS", "first_row": 3}
    )
    assert text.strip().endswith(".")
