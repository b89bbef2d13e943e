"""Run every measurement and print what came out: make bench."""

import platform
import sys

from bench import live, rules, scores, wire


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    scores.run()
    live.run()
    wire.run()
    rules.run()


if __name__ == "__main__":
    sys.exit(main())
