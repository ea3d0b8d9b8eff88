"""Long trials from outside, which can be stopped and go on: `python -m tests.endurance kills --count 200 --state FILE`.

kills    runs killed at random moments; the next run must give what an undisturbed one gives
disks    runs on disks of random size; the same (Linux)
stories  returns in any order, corrections, decisions, undo and redo by the command line; nothing may be lost
fuzz     inputs changed at random, as `python -m tests.fuzz`

The state file has one line for each case that is done. Called again with it, the trial goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.endurance.interruptions import Interruptions, on_disk
from tests.endurance.office import LostError
from tests.endurance.stories import story
from tests.fuzz.__main__ import BATCH

SEED = 1001


def main(words: list[str] | None = None) -> int:
    """Run a trial; 0: nothing was lost, 1: something was."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("what", choices=["kills", "disks", "stories", "fuzz"])
    parser.add_argument(
        "--count", type=int, default=10, help="how many cases, those of the state file included"
    )
    parser.add_argument("--state", type=Path, required=True, help="where it is written down what is done")
    asked = parser.parse_args(words)
    done = _lines(asked.state)
    with tempfile.TemporaryDirectory() as folder:
        case = _case(asked.what, Path(folder).resolve())
        for number in range(len(done), asked.count, BATCH if asked.what == "fuzz" else 1):
            lines = case(number)
            with asked.state.open("a", encoding="utf-8") as state:
                state.writelines(f"{asked.what} {number + more}: {line}\n" for more, line in enumerate(lines))
            print(f"{number + len(lines)} of {asked.count}", flush=True)
    done = _lines(asked.state)
    lost = [line for line in done if " LOST " in line]
    print(f"{asked.what}: {len(done)} done, {len(lost)} lost")
    for line in lost:
        print(line)
    return 1 if lost else 0


def _lines(state: Path) -> list[str]:
    return state.read_text(encoding="utf-8").splitlines() if state.exists() else []


def _case(what: str, folder: Path) -> Callable[[int], list[str]]:
    if what == "fuzz":
        return _fuzz
    interruptions = Interruptions(folder) if what in {"kills", "disks"} else None

    def case(number: int) -> list[str]:
        try:
            if interruptions is None:
                return [story(folder, number)]
            return [interruptions.kill(number) if what == "kills" else interruptions.disk(number)]
        except (LostError, subprocess.TimeoutExpired) as error:
            return [f" LOST {' '.join(str(error).split())[:1500]}"]

    return case


def _fuzz(first: int) -> list[str]:
    """A batch of inputs in a process of its own; the first line carries what was found."""
    words = ["--seed", str(SEED), "--start", str(first), "--count", str(BATCH)]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *words], capture_output=True, text=True, check=False
    )
    said = " LOST " + " ".join(ended.stdout.split())[-1500:] if ended.returncode else "done"
    return [said, *["done"] * (BATCH - 1)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["on-disk"]:
        print(on_disk(Path(sys.argv[2]), int(sys.argv[3])))
        sys.exit()
    sys.exit(main())
