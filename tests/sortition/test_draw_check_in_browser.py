"""The check on the public page says in a real browser what the program says."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from pb.core.canonical import canonical, sha256_of
from pb.draw_verify import check, number_from
from pb.panel.rules.origins import Origin
from pb.sortition.rules.pack import count_turns
from pb.sortition.tables import SeatDraw
from pb.store.engine import Store
from support.bent import BENDINGS, copy
from support.followed import call_reserve, drawn_panel, empty, files_of, replace
from support.inviting import ask, invite_yes
from support.neighbourhood import Neighbourhood
from support.panel import key_of
from support.seat_draws import decided_draw
from support.visitor import Visitor

# Nothing listens there: every request is answered by the app in this process. Only https is a safe place.
SAFE, PLAIN = "https://house.test", "http://house.test"

pytestmark = pytest.mark.browser

EVERY_VERDICT = """async (cases) => {
  const { check } = await import("/static/js/draw-check.js");
  const found = [];
  for (const one of cases) {
    let fits = true;
    try {
      await check(one, (_step, ok) => (fits = fits && ok));
    } catch {
      fits = false;
    }
    found.push(fits);
  }
  return found;
}"""

WRITTEN = 'async (facts) => (await import("/static/js/draw-check.js")).canonical(facts)'
# Keys by code point, which is not the order of JavaScript; and signs that JSON writes in its own way.
ODD = {"\uff5e": 1, "😀": -2, "é": ['"\\/\b\f\n\r\t\x01\x7f', None, True], "e": {}, "": []}

Facts = dict[str, Any]
Edit = Callable[[Facts, Facts], None]


@pytest.fixture
def reader(app: Flask, chromium: Browser) -> Iterator[Page]:
    """Give a browser that reaches our app."""
    client = app.test_client()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SAFE).removeprefix(PLAIN)
        reply = client.get(path, buffered=True)
        route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.get_data())

    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL")
    context.route("**/*", answer)
    yield context.new_page()
    context.close()


def nothing(_pack: Facts, _certificate: Facts) -> None: ...


def swap_a_person(pack: Facts, _certificate: Facts) -> None:
    panel = pack["panels"][3]
    other = next(one for one in pack["people"] if one not in panel)
    pack["panels"][3] = sorted([*panel[1:], other])


def exchange_panels(pack: Facts, certificate: Facts) -> None:
    number = certificate["number"]
    other = next(at for at, panel in enumerate(pack["panels"]) if panel != pack["panels"][number])
    panels = pack["panels"]
    panels[number], panels[other] = panels[other], panels[number]


def change_a_target(pack: Facts, _certificate: Facts) -> None:
    pack["targets"][0]["most"] += 1


def change_a_chance(pack: Facts, _certificate: Facts) -> None:
    code = next(iter(pack["chances"]))
    pack["chances"][code] = "1/41"


def promise_another_chance(pack: Facts, _certificate: Facts) -> None:
    pack["lowest"] = "1/1000"


def seat_a_friend(pack: Facts, certificate: Facts) -> None:
    """Put one person in every panel, and leave what was promised; all that is counted is counted again."""
    friend = min(code for code, one in pack["people"].items() if one["home"] is None)
    pack["panels"] = [panel if friend in panel else sorted([friend, *panel[1:]]) for panel in pack["panels"]]
    turns, count = Counter(code for panel in pack["panels"] for code in panel), len(pack["panels"])
    chances = {code: Fraction(turns[code], count) for code in pack["people"]}
    pack["chances"] = {code: str(chance) for code, chance in chances.items()}
    spread = Counter(chances.values())
    certificate["distribution"] = [[str(chance), spread[chance]] for chance in sorted(spread)]
    certificate["panel"] = pack["panels"][certificate["number"]]


def call_it_a_replacement(pack: Facts, certificate: Facts) -> None:
    seat_a_friend(pack, certificate)
    pack["mode"] = "replacement"


def write_a_huge_chance(pack: Facts, _certificate: Facts) -> None:
    pack["promised"][min(pack["promised"])] = "9" * 401


def drop_a_person(pack: Facts, _certificate: Facts) -> None:
    code = min(pack["people"])
    for name in ("people", "chances", "promised"):
        del pack[name][code]


def take_another_value(_pack: Facts, certificate: Facts) -> None:
    certificate["beacon"]["value"] = "0" * 64


def publish_late(_pack: Facts, certificate: Facts) -> None:
    certificate["published_at"] = certificate["beacon"]["at"]


def take_another_round(pack: Facts, certificate: Facts) -> None:
    for facts in (pack, certificate):
        facts["beacon"]["round"] += 1


def reach_too_much(_pack: Facts, certificate: Facts) -> None:
    certificate["targets"][0]["reached"] = 99


def lose_a_part(pack: Facts, certificate: Facts) -> None:
    del pack["proof"], certificate["proof"]


def write_half_a_seat(pack: Facts, _certificate: Facts) -> None:
    pack["seats"] = str(pack["seats"])


def share_a_home(pack: Facts, _certificate: Facts) -> None:
    for code in pack["panels"][0][:2]:
        pack["people"][code]["home"] = 1


def tell_of_the_turns(pack: Facts, certificate: Facts) -> None:
    """As a friend in every panel, but the list tells everybody of it."""
    seat_a_friend(pack, certificate)
    turns = Counter(code for panel in pack["panels"] for code in panel)
    promised = {code: Fraction(chance) for code, chance in pack["promised"].items()}
    pack["turns"] = count_turns(turns, promised, len(pack["panels"]))


def choose_a_beacon_afterwards(pack: Facts, _certificate: Facts) -> None:
    pack["beacon"] = None


def write_the_value_in_capitals(pack: Facts, certificate: Facts) -> None:
    told = certificate["beacon"]
    told["value"] = told["value"].upper()
    certificate["number"], certificate["counter"] = number_from(
        told["value"], pack["draw"], len(pack["panels"])
    )
    certificate["panel"] = pack["panels"][certificate["number"]]


def write_a_moment_oddly(_pack: Facts, certificate: Facts) -> None:
    certificate["published_at"] = certificate["published_at"].replace("Z", "+00:00")


def sign_with_half_a_byte(_pack: Facts, certificate: Facts) -> None:
    certificate["beacon"]["signature"] = "abc"


def promise_next_to_nothing(pack: Facts, certificate: Facts) -> None:
    pack["promised"][min(pack["people"])] = pack["lowest"] = certificate["lowest"] = "1/1000000"


def take_the_proof_of_something_else(pack: Facts, certificate: Facts) -> None:
    pack["proof"] = certificate["proof"] = {"limit": "1/2", "weights": []}


def slip_something_in(_pack: Facts, certificate: Facts) -> None:
    certificate["note"] = "all is well"


def search_for_a_hash(pack: Facts, _certificate: Facts) -> None:
    """Whatever means nothing leaves room to search for a list with the same first signs."""
    pack["zz"] = 1


def search_inside(pack: Facts, _certificate: Facts) -> None:
    pack["people"][min(pack["people"])]["nonce"] = 1


def search_in_the_seed(pack: Facts, _certificate: Facts) -> None:
    pack["seed"]["zz"] = {"zz": 1}


def nest_deeply(_pack: Facts, certificate: Facts) -> None:
    deep: list[object] = []
    for _ in range(300):
        deep = [deep]
    certificate["note"] = deep


def count_true_as_one(pack: Facts, _certificate: Facts) -> None:
    pack["turns"]["people_off"] = False


def write_a_list_for_a_record(pack: Facts, certificate: Facts) -> None:
    pack["invited"] = certificate["invited"] = []


def write_text_for_a_list(pack: Facts, _certificate: Facts) -> None:
    pack["left_out"] = ""


def invite_with_nothing(pack: Facts, _certificate: Facts) -> None:
    pack["household_rule"] = []


def use_a_code_of_javascript(pack: Facts, certificate: Facts) -> None:
    """A code that means something else to a browser is a code like any other."""
    one = next(code for code in sorted(pack["people"]) if code not in certificate["panel"])
    for name in ("people", "chances", "promised"):
        pack[name]["__proto__"] = pack[name].pop(one)
    pack["panels"] = [
        sorted("__proto__" if code == one else code for code in panel) for panel in pack["panels"]
    ]


def reach_in_words(_pack: Facts, certificate: Facts) -> None:
    certificate["targets"][0]["reached"] = str(certificate["targets"][0]["least"])


def forget_the_rule_for_homes(pack: Facts, certificate: Facts) -> None:
    pack["household_rule"] = False
    pack["people"][min(pack["people"])]["home"] = 1


def leave_out_who_is_in(pack: Facts, _certificate: Facts) -> None:
    pack["left_out"].append(min(pack["people"]))


def name_no_chance(pack: Facts, _certificate: Facts) -> None:
    pack["without_chance"].append(min(pack["people"]))


def spread_otherwise(_pack: Facts, certificate: Facts) -> None:
    certificate["distribution"][0][1] += 1


def invite_somebody_else(_pack: Facts, certificate: Facts) -> None:
    certificate["invited"] = []


EDITS: tuple[Edit, ...] = (
    nothing, swap_a_person, exchange_panels, change_a_target, change_a_chance, promise_another_chance,
    seat_a_friend, call_it_a_replacement, write_a_huge_chance,
    drop_a_person, take_another_value, publish_late, take_another_round, reach_too_much, lose_a_part,
    write_half_a_seat, share_a_home, forget_the_rule_for_homes, leave_out_who_is_in, name_no_chance,
    spread_otherwise, invite_somebody_else, tell_of_the_turns, choose_a_beacon_afterwards,
    write_the_value_in_capitals, write_a_moment_oddly, sign_with_half_a_byte, promise_next_to_nothing,
    take_the_proof_of_something_else, slip_something_in, nest_deeply, count_true_as_one,
    write_a_list_for_a_record, write_text_for_a_list, invite_with_nothing, use_a_code_of_javascript,
    reach_in_words, search_for_a_hash, search_inside, search_in_the_seed,
)  # fmt: skip


def hashed_again(facts: Facts) -> Facts:
    facts.pop("sha256")
    return {**facts, "sha256": sha256_of(facts)}


def put(store: Store, draw_id: int, pack: Facts, certificate: Facts) -> None:
    with store.writing() as session:
        row = session.get_one(SeatDraw, draw_id)
        row.pack, row.certificate = canonical(pack) + b"\n", canonical(certificate) + b"\n"


def verdict(reader: Page, *, pasted: str = "", code: str = "") -> bool:
    """Let the page compute, and say whether it finds that everything fits."""
    reader.locator("#pasted").fill(pasted)
    reader.get_by_label("Jouw lotcode").fill(code)
    reader.get_by_role("button", name="Reken het na").click()
    told = reader.locator("[data-verdict]")
    expect(told).to_have_class(re.compile("good|warn"))
    return "good" in (told.get_attribute("class") or "")


def test_the_page_finds_what_the_program_finds(
    reader: Page, app: Flask, store: Store, place: Neighbourhood
) -> None:
    ask(store, place)
    invite_yes(store, place, 24)
    invite_yes(store, place, 2, origin=Origin.INVITED)
    draw_id = decided_draw(store, place, key=key_of(app))
    at = f"/ronde/{place.round_id}/panel/loting/{draw_id}"
    visitor = Visitor(app)
    raw_pack, raw_certificate = (
        visitor.raw("GET", at + name).text for name in ("/lijst.json", "/bewijs.json")
    )
    honest = json.loads(raw_pack)
    sha256 = honest["sha256"]

    reader.goto(SAFE + at)
    code = json.loads(raw_certificate)["panel"][0]
    grouped = " ".join(sha256[i : i + 4] for i in range(0, 64, 4)).upper()
    assert verdict(reader, pasted=grouped, code=f" {code.lower()} ")
    main = reader.locator("main")
    number = json.loads(raw_certificate)["number"]
    expect(main).to_contain_text(f"Het openbare getal geeft nummer {number}.")
    value = json.loads(raw_certificate)["beacon"]["value"]
    expect(main).to_contain_text(f"van drand gaf {value}. Vergelijk dat op een site van drand")
    expect(main).to_contain_text("Het is ook het controlegetal dat jij hebt: de eerste 64 van de 64 tekens")
    expect(main).to_contain_text("je bent geloot")
    # The last word is about a code that is nowhere, and what to do then.
    assert not verdict(reader, code="niemand")
    last = reader.locator("[data-verdict]")
    expect(last).to_contain_text("Code NIEMAND staat niet in deze lijst.")
    expect(last).not_to_contain_text("Het klopt allemaal")
    expect(last).to_contain_text("bel dan meteen de gemeente", ignore_case=True)
    expect(last).to_contain_text("Is het je eigen code?")
    assert not verdict(reader, pasted="0" * 64)
    # The first twenty signs are enough; fewer, or something else, say nothing about the list.
    assert verdict(reader, pasted=f" {sha256[:4]} {sha256[4:20].upper()}")
    expect(last).to_contain_text("de eerste 20 van de 64 tekens vergeleken. Het klopt allemaal.")
    for typed in (sha256[:19], code):
        assert not verdict(reader, pasted=typed)
        expect(last).to_contain_text("minstens de eerste twintig tekens")
        expect(last).not_to_contain_text("Vertrouw deze loting niet")
    other = "0" if sha256[19] != "0" else "1"
    assert not verdict(reader, pasted=sha256[:19] + other)
    expect(last).to_contain_text("Vertrouw deze loting niet")

    # Somebody who can change the database serves another list.
    pack, certificate = json.loads(raw_pack), json.loads(raw_certificate)
    swap_a_person(pack, certificate)
    put(store, draw_id, hashed_again(pack), certificate)
    assert not verdict(reader)
    expect(main).to_contain_text("De lijst is veranderd")

    cases, expected = [], []
    for edit, anew in itertools.product(EDITS, (False, True)):
        pack, certificate = json.loads(raw_pack), json.loads(raw_certificate)
        edit(pack, certificate)
        if anew:
            # And somebody who can change everything here makes new hashes too.
            pack = hashed_again(pack)
            certificate = hashed_again({**certificate, "pack_sha256": pack["sha256"]})
        files = {"packText": canonical(pack).decode(), "certificateText": canonical(certificate).decode()}
        for published in (None, sha256):
            report = check(pack, published=published, certificate=certificate)
            expected.append((edit.__name__, anew, not (report.wrong or report.last)))
            cases.append({**files, "shown": pack["sha256"], "pasted": published or "", "code": ""})
    assert reader.evaluate(WRITTEN, ODD) == canonical(ODD).decode()
    found = reader.evaluate(EVERY_VERDICT, cases)
    assert [(name, anew, fits) for (name, anew, _), fits in zip(expected, found, strict=True)] == expected
    # Only a name for somebody is a matter of taste.
    assert {name for name, _anew, fits in expected if fits} == {"nothing", "use_a_code_of_javascript"}

    reader.goto(PLAIN + at)
    expect(reader.locator("[data-unable]")).to_contain_text("Dat lukt in deze browser niet")
    expect(reader.get_by_role("button", name="Reken het na")).to_be_hidden()


def test_the_page_of_a_replacement_checks_all_draws_before_it(
    reader: Page, app: Flask, store: Store, place: Neighbourhood
) -> None:
    key = key_of(app)
    ids = [drawn_panel(store, place, key=key).draw_id]
    empty(store, place, 2, 5)
    ids.append(replace(store, place, key=key))
    empty(store, place, 3)
    call_reserve(store, place, 3, key=key)
    ids.append(replace(store, place, newcomers=2, key=key))
    chain = [files_of(store, draw_id) for draw_id in ids]
    reader.goto(f"{SAFE}/ronde/{place.round_id}/panel/loting/{ids[2]}")
    (pack, _told), main = chain[2], reader.locator("main")
    left = min(set(pack["first"]["seated"]) - set(pack["invited"]))
    assert verdict(reader, code=left)
    expect(main).to_contain_text("Het getal volgt uit de eerste loting, als nummer 2.")
    expect(main).to_contain_text(f"Wat hiervoor geloot is, klopt: {chain[0][0]['draw']}, ")
    expect(main).to_contain_text("gaf die op, zegt deze lijst")
    expect(main.locator("p.formula").last).to_contain_text(f"--before lijst-{chain[0][0]['sha256'][:8]}.json")

    cases, expected = [], []
    for bend in (None, *BENDINGS):
        bent = copy(chain)
        if bend is not None:
            bend(bent)
        texts = [[canonical(facts).decode() for facts in pair] for pair in bent]
        (pack, told), before = bent[2], [(one, each) for one, each in bent[:2]]
        for given in (before,) if bend else (before, before[:1], []):
            report = check(pack, certificate=told, before=given)
            name = "nothing" if bend is None else bend.__name__
            expected.append((name, len(given), not (report.wrong or report.last)))
            files = {"packText": texts[2][0], "certificateText": texts[2][1], "before": texts[: len(given)]}
            cases.append({**files, "shown": pack["sha256"], "pasted": "", "code": ""})
    found = reader.evaluate(EVERY_VERDICT, cases)
    assert [(name, given, fits) for (name, given, _), fits in zip(expected, found, strict=True)] == expected
    assert [(name, given) for name, given, fits in expected if fits] == [("nothing", 2)]
