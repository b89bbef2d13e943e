"""Equal shares by pabutools, in its own environment: reads one .pb file, prints one line of JSON.

Run by bench/equal_shares.py with the Python of .venv-bench; imports nothing of this program.
"""

import json
import sys
import time


def main(path: str, utility: str, completion: str, times: int) -> None:
    """Print the best of several CPU times, and what was chosen."""
    from pabutools import election
    from pabutools.rules import method_of_equal_shares

    instance, profile = election.parse_pabulib(path)
    best, chosen = float("inf"), []
    for _time in range(times):
        began = time.process_time()
        chosen = method_of_equal_shares(
            instance, profile,
            sat_class=election.Cost_Sat if utility == "score_x_cost" else election.Additive_Cardinal_Sat,
            voter_budget_increment=1 if completion == "add1" else None,
        )  # fmt: skip
        best = min(best, time.process_time() - began)
    print(json.dumps({"seconds": best, "chosen": sorted(project.name for project in chosen)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
