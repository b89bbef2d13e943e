"""The address list of a city: reading, choosing and drawing, in CPU seconds and memory of one process.

The list is made up from a seed: 200,000 rows as an extract of the register has them, with columns that a draw
does not need, shops, withdrawn addresses, double rows, and a list of addresses that want no letter.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from bench.place import ROOT

ROWS = 200_000
SEED = 20_261
WANTED = 500
SECONDS_MOST = 20
MEGABYTES_MOST = 300
HEADER = (
    "nummeraanduiding identificatie;openbare ruimte;huisnummer;huisletter;huisnummertoevoeging;postcode;"
    "woonplaats;gebruiksdoel;status;buurtcode;buurtnaam;opp"
)
LETTERS = "ABCDEGHJKLMNPRTVWXZ"


def run() -> None:
    """Measure in a process of its own, so that nothing else counts."""
    print(f"addresses: a list of {ROWS:,} rows, from the file to the addresses drawn")
    with tempfile.TemporaryDirectory() as folder:
        addresses, opt_outs = Path(folder, "bag.csv"), Path(folder, "afgemeld.csv")
        rows = made_up_rows()
        addresses.write_text("\r\n".join([HEADER, *rows]), encoding="utf-8-sig", newline="")
        ids = [row[:16] for row in rows[:: ROWS // 1000]]
        opt_outs.write_text("\n".join(["nummeraanduiding", *ids]), encoding="utf-8")
        code = "import sys; from bench.addresses import measure; sys.exit(measure(*sys.argv[1:]))"
        command = [sys.executable, "-c", code, str(addresses), str(opt_outs)]
        failed = subprocess.run(command, cwd=ROOT, check=False).returncode
    print()
    if failed:
        sys.exit("the list of addresses took too long, or too much memory")


def made_up_rows() -> list[str]:
    """Make up a city; one row in fifty is there twice."""
    chance = Random(SEED)
    rows: list[str] = []
    for place in range(ROWS - ROWS // 50):
        street = place // 80
        block = place // 25
        postcode = f"{1000 + block // 361}{LETTERS[block // 19 % 19]}{LETTERS[block % 19]}"
        use = chance.choice(["woonfunctie"] * 17 + ["winkelfunctie", '"kantoorfunctie, woonfunctie"', ""])
        status = "ingetrokken" if chance.random() < 0.02 else "uitgegeven"
        letter = chance.choice(["", "", "", "A"])
        rows.append(
            f"0599200000{place:06};Voorbeeldstraat {street};{place % 80 + 1};{letter};;{postcode};"
            f"Voorbeeldstad;{use};Naamgeving {status};BU0599{street // 20:04};Buurt {street // 20};"
            f"{chance.randrange(30, 200)}"
        )
    rows += chance.sample(rows, ROWS // 50)
    chance.shuffle(rows)
    return rows


def measure(addresses: str, opt_outs: str) -> int:
    """Read, choose and draw with the whole app in memory; give 1 past a limit."""
    import pb.app  # noqa: F401
    from pb.panel.rules.address_choice import Choice, choose_addresses
    from pb.panel.rules.address_file import read_addresses
    from pb.panel.rules.address_opt_out import read_opt_outs
    from pb.panel.rules.draw import draw_addresses

    before = _megabytes()
    raw = Path(addresses).read_bytes()
    began = time.process_time()
    file = read_addresses(raw, file_name="bag.csv")
    read = time.process_time()
    wanted = read_opt_outs(Path(opt_outs).read_bytes(), file_name="afgemeld.csv")
    selection = choose_addresses(file, Choice(), opt_outs=wanted, seal_key=b"bench")
    chosen = time.process_time()
    result = draw_addresses(selection.addresses, WANTED, "4 1 6 6 2", skipped=selection.skipped)
    drawn = time.process_time()
    memory = _megabytes()
    steps = selection.steps
    print(f"  {len(raw) / 1e6:.1f} MB; {steps.tickets:,} addresses in the draw, {len(result.chosen)} drawn")
    print(
        f"  reading {read - began:.1f} s, choosing {chosen - read:.1f} s, drawing {drawn - chosen:.1f} s, "
        f"together {drawn - began:.1f} s CPU (goal {SECONDS_MOST})"
    )
    print(f"  memory {memory} MB, of which {before} MB for the app (goal {MEGABYTES_MOST})")
    return int(drawn - began > SECONDS_MOST or memory > MEGABYTES_MOST)


def _megabytes() -> int:
    """Give the most memory that this process had; rusage would count what the one before it had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024
