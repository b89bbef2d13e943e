"""One panel by the default method of sortition-algorithms, run by bench.draw with another Python.

Prints the CPU time.

This file runs in an environment of its own and is never imported by anything here.
"""

import json
import sys
import time
from pathlib import Path

from sortition_algorithms import CSVFileDataSource, SelectionData, Settings, run_stratification


def main(folder: Path, seats: int) -> None:
    """Print the CPU seconds of the draw alone, without loading and reading."""
    settings = Settings(
        id_column="id", columns_to_keep=[], check_same_address=True, check_same_address_columns=["address"]
    )
    source = CSVFileDataSource(
        features_file=folder / "features.csv",
        people_file=folder / "people.csv",
        already_selected_file=None,
        selected_file=folder / "selected.csv",
        remaining_file=folder / "remaining.csv",
    )
    data = SelectionData(source)
    features, _ = data.load_features(seats)
    people, _ = data.load_people(settings, features)
    began = time.process_time()
    drawn, _, _ = run_stratification(features, people, seats, settings, max_seconds=3600)
    print(json.dumps({"cpu": time.process_time() - began, "drawn": drawn}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
