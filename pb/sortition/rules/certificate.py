"""The certificate of a draw: from the frozen list and the public number to the panel, for anyone to check."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final, cast

from pb.core.canonical import canonical, sha256_of
from pb.sortition.rules.beacon import Beacon, check_published_before, number_from_beacon, written

CERTIFICATE_FORMAT: Final = "beslisavond-draw-certificate-1"

Facts = Mapping[str, object]


def certificate(
    pack: Facts, beacon: Beacon, value: str, *, published_at: datetime, signature: str = "",
    features: Mapping[str, Mapping[str, str]] | None = None, replacements: Sequence[Facts] = (),
) -> bytes:  # fmt: skip
    """Draw a panel from a published pack by the value of its beacon, and write down how.

    ``features`` of everybody adds what each target reached.
    Raises: LotteryPublishedTooLate, LotteryBeaconMissing.
    """
    check_published_before(published_at, beacon)
    panels = cast(Sequence[Sequence[str]], pack["panels"])
    drawn = number_from_beacon(value, str(pack["draw"]), len(panels))
    panel = sorted(panels[drawn.number])
    invited = sorted(cast(Mapping[str, object], pack["invited"]))
    facts: dict[str, object] = {
        "format": CERTIFICATE_FORMAT,
        "pack_sha256": pack["sha256"],
        "draw": pack["draw"],
        "published_at": written(published_at),
        "beacon": {**beacon.to_json(), "value": value, "signature": signature},
        "counter": drawn.counter,
        "number": drawn.number,
        "panel_count": len(panels),
        "panel": panel,
        "invited": invited,
        "targets": _reached(pack, [*panel, *invited], features),
        "lowest": pack["lowest"],
        "highest": pack["highest"],
        "average": pack["average"],
        "distribution": distribution(cast(Mapping[str, str], pack["chances"])),
        "proof": pack["proof"],
        "replacements": list(replacements),
    }
    facts["sha256"] = sha256_of(facts)
    return canonical(facts) + b"\n"


def distribution(chances: Mapping[str, str]) -> list[list[object]]:
    """Count how many people have each chance, from low to high."""
    counts = Counter(Fraction(chance) for chance in chances.values())
    return [[str(chance), counts[chance]] for chance in sorted(counts)]


def _reached(
    pack: Facts, people: Sequence[str], features: Mapping[str, Mapping[str, str]] | None
) -> list[dict[str, object]]:
    found = []
    for target in cast(Sequence[Facts], pack["targets"]):
        line = {name: target[name] for name in ("feature", "value", "least", "most")}
        if features is not None:
            line["reached"] = sum(features[one][str(target["feature"])] == target["value"] for one in people)
        found.append(line)
    return found
