"""Run every measurement, or those that are named, and print what came out: make bench ARGS="rules"."""

import platform
import sys

from bench import addresses, draw, equal_shares, live, rules, scores, wire

MEASUREMENTS = {
    "scores": scores.run,
    "live": live.run,
    "wire": wire.run,
    "rules": rules.run,
    "equal_shares": equal_shares.run,
    "draw": draw.run,
    "addresses": addresses.run,
}


def main(names: list[str]) -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    for name, run in MEASUREMENTS.items():
        if name in names or not names:
            run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
