"""Run every measurement and print what came out: make bench."""

import platform
import sys

from bench import rules, scores


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    scores.run()
    rules.run()


if __name__ == "__main__":
    sys.exit(main())
