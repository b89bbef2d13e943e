"""The command line: python -m pb. Verifying an export needs nothing of the app, so it is chosen first."""

import sys

if sys.argv[1:2] == ["verify"]:
    from pb.verify import main as verify

    sys.exit(verify(sys.argv[2:]))

from pb.cli import main

main()
