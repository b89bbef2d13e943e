"""The rehearsal that the README promises: a past round is brought in, and a whole evening is played on it."""

import re
from pathlib import Path

from click.testing import CliRunner

from pb.people.rules import Role
from pb.plans.commands import import_pb
from pb.rehearse.command import rehearse
from pb.store.engine import Store
from support.neighbourhood import PASSWORD, email_of, hire_everyone

ROUND = """META
key;value
description;Buurtbudget
country;Netherlands
unit;Voorbeeldwijk
instance;2024
num_projects;4
num_votes;0
budget;1000
vote_type;approval
language;nl
currency;EUR
PROJECTS
project_id;cost;name;category
1;250;Bankjes & bomen;Groen
2;800.25;Muziek in het park;
3;400;Buurtkeuken;
4;333.33;Leeshoek;
VOTES
voter_id;vote
"""


def test_a_past_round_is_rehearsed_until_the_payment_list_equals_the_decision(
    store: Store, server: str, tmp_path: Path
) -> None:
    hire_everyone(store)
    file = tmp_path / "ronde.pb"
    file.write_text(ROUND)
    brought = CliRunner().invoke(
        import_pb, [str(file), "--area", "Voorbeeldwijk"], obj=lambda: store, catch_exceptions=False
    )
    found = re.search(r"round (\d+): 4 plans", brought.output)
    assert found, brought.output
    # With this seed somebody gives no score, so that the console asks before it closes.
    played = CliRunner().invoke(
        rehearse,
        [
            "--base-url", server, "--round", found[1], "--people", "9", "--seed", "avond 15",
            "--manager", email_of(Role.AREA_MANAGER), "--facilitator", email_of(Role.FACILITATOR),
            "--finance", email_of(Role.FINANCE), "--password", PASSWORD,
        ],
    )  # fmt: skip
    assert played.exit_code == 0, played.output
    assert "the payment list equals the decision to the cent" in played.output
    assert re.search(r"^  (yes|no ) +Bankjes & bomen$", played.output, re.MULTILINE), played.output
    assert re.search(r"^  yes +Leeshoek$", played.output, re.MULTILINE), played.output
    assert "583,33  together, as decided" in played.output, played.output
