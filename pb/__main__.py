"""The command line: python -m pb. What checks an evening needs nothing but Python, so it is chosen first."""

import sys

if sys.argv[1:2] == ["verify"]:
    from pb.verify import main as verify

    sys.exit(verify(sys.argv[2:]))

if sys.argv[1:2] == ["recompute"]:
    from pb.divide.recompute.command import main as recompute

    sys.exit(recompute(sys.argv[2:]))

if sys.argv[1:2] == ["draw-verify"]:
    from pb.draw_verify import main as draw_verify

    sys.exit(draw_verify(sys.argv[2:]))

if sys.argv[1:2] in (["draw"], ["draw-chances"]):
    from pb.sortition.lottery.command import main as draw

    sys.exit(draw(sys.argv[1:]))

from pb.cli import main

main()
