"""What somebody might do to a draw for empty seats, who can make every hash again."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from pb.core.canonical import sha256_of
from pb.draw_verify import number_from

Facts = dict[str, Any]
Pair = tuple[Facts, Facts]


def copy(chain: list[Pair]) -> list[Pair]:
    return json.loads(json.dumps(chain))  # type: ignore[no-any-return]


def sealed(facts: Facts) -> None:
    facts.pop("sha256", None)
    facts["sha256"] = sha256_of(facts)


def told_again(chain: list[Pair], at: int) -> None:
    """Make everything again that anybody could make again after changing a list: number, panel, hashes."""
    (pack, told), link = chain[at], chain[at][0]["first"]
    words = f"{chain[0][1]['beacon']['value']}|{link['kind']}|{link['number']}"
    value = hashlib.sha256(words.encode()).hexdigest()
    told["beacon"]["value"] = value
    told["draw"] = pack["draw"]
    told["number"], told["counter"] = number_from(value, pack["draw"], len(pack["panels"]))
    told["panel"], told["panel_count"] = pack["panels"][told["number"]], len(pack["panels"])
    told["targets"], told["invited"] = pack["targets"], sorted(pack["invited"])
    sealed(pack)
    told["pack_sha256"] = pack["sha256"]
    sealed(told)


def choose_the_value(chain: list[Pair]) -> None:
    chain[2][1]["beacon"]["value"] = "00" * 32


def use_a_number_twice(chain: list[Pair]) -> None:
    pack, told = chain[2]
    pack["first"]["number"] = told["beacon"]["round"] = told["replacements"][0]["number"] = 1
    pack["first"]["before"] = pack["first"]["before"][:1]
    pack["draw"] = pack["draw"].removesuffix("2") + "1"
    told_again(chain, 2)


def name_it_otherwise(chain: list[Pair]) -> None:
    chain[2][0]["draw"] += "-bis"
    told_again(chain, 2)


def put_a_friend_at_the_number(chain: list[Pair]) -> None:
    panels, number = chain[2][0]["panels"], chain[2][1]["number"]
    other = next(at for at, panel in enumerate(panels) if panel != panels[number])
    panels[number], panels[other] = panels[other], panels[number]
    told_again(chain, 2)


def replace_somebody_without_a_word(chain: list[Pair]) -> None:
    pack, told = chain[2]
    gone = min(pack["invited"].keys() & {*chain[0][1]["panel"]})
    del pack["invited"][gone]
    pack["first"]["seated"].remove(gone)
    pack["seats"] -= 1
    told["replacements"][0]["stay"].remove(gone)
    told_again(chain, 2)


def keep_a_seat_for_somebody_new(chain: list[Pair]) -> None:
    pack, told = chain[2]
    pack["invited"]["NIEUW"] = {"seal": "0" * 64}
    pack["first"]["seated"] = sorted([*pack["first"]["seated"], "NIEUW"])
    pack["seats"] += 1
    told["replacements"][0]["stay"] = sorted(pack["invited"])
    told_again(chain, 2)


def let_a_stranger_take_part(chain: list[Pair]) -> None:
    pack, told = chain[2]
    one = next(code for code in pack["people"] if code not in told["panel"])
    for name in ("people", "chances", "promised"):
        pack[name]["NIEUW"] = pack[name].pop(one)
    pack["panels"] = [sorted("NIEUW" if code == one else code for code in panel) for panel in pack["panels"]]
    told_again(chain, 2)


def let_somebody_who_left_take_part_again(chain: list[Pair]) -> None:
    pack = chain[2][0]
    again = min({*chain[0][1]["panel"]} - pack["invited"].keys())
    pack["first"]["seated"].remove(again)
    told_again(chain, 2)


def change_a_target(chain: list[Pair]) -> None:
    chain[2][0]["targets"][0]["most"] += 1
    told_again(chain, 2)


def make_fewer_panels(chain: list[Pair]) -> None:
    chain[2][0]["panels"] = chain[2][0]["panels"][:-1]
    chain[2][0]["panel_count"] -= 1
    told_again(chain, 2)


def drop_the_rule_for_homes(chain: list[Pair]) -> None:
    pack = chain[2][0]
    pack["household_rule"] = False
    for one in pack["people"].values():
        one["home"] = None
    told_again(chain, 2)


def stand_on_another_first_draw(chain: list[Pair]) -> None:
    pack, told = chain[0]
    pack["seed"]["text"] = "another"
    sealed(pack)
    told["pack_sha256"] = pack["sha256"]
    sealed(told)


def bend_the_first_draw(chain: list[Pair]) -> None:
    pack, told = chain[0]
    told["panel"] = pack["panels"][told["number"] - 1]
    sealed(told)


def call_a_first_draw_a_replacement(chain: list[Pair]) -> None:
    pack, told = chain[0]
    chain[2] = (dict(pack, mode="replacement"), told)
    sealed(chain[2][0])


def name_a_third_kind(chain: list[Pair]) -> None:
    pack, told = chain[2]
    pack["draw"] = pack["draw"].replace("rotation", "friends")
    pack["first"]["kind"] = told["replacements"][0]["kind"] = "friends"
    told_again(chain, 2)


BENDINGS: tuple[Callable[[list[Pair]], None], ...] = (
    choose_the_value, use_a_number_twice, name_it_otherwise, put_a_friend_at_the_number,
    replace_somebody_without_a_word, keep_a_seat_for_somebody_new, let_a_stranger_take_part,
    let_somebody_who_left_take_part_again, change_a_target, make_fewer_panels, drop_the_rule_for_homes,
    stand_on_another_first_draw, bend_the_first_draw, call_a_first_draw_a_replacement, name_a_third_kind,
)  # fmt: skip
