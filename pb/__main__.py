"""The command line: python -m pb."""

from pb.cli import main

main()
