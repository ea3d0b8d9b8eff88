"""A run in which nothing is new, and the status: with what the last run counted, and with all of it merged anew.

    python benchmarks/idle.py [RETURNS ...]

Default: 100 and 1,000 returns of 12 rows each. Commands in processes of their own, CPU time with all their workers,
medians of rounds in which both take turns; what they say has to be the same.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.match import facility
from formgen.blank import build_blank
from spec.form.load import default_form
from spec.names import CoverField, RowField
from spec.workspace import Workspace
from tests.readers.engines import require

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3
PAGES, ROWS = 6, 2  # of a return


def office(root: Path, returns: int) -> Workspace:
    """A workspace with that many returns of as many partners, not harvested yet."""
    workspace, chance = Workspace(root), random.Random(3)
    blank = build_blank(default_form())
    edition, form = blank.edition_file, blank.edition_file.form
    folder = workspace.edition(edition.edition)
    folder.mkdir(parents=True)
    (folder / "blank.pdf").write_bytes(blank.pdf)
    (folder / "edition.json").write_text(edition.to_json(), encoding="utf-8")
    workspace.returns.mkdir()
    categories = [category.key for category in form.categories]
    for number in range(returns):
        values = {str(CoverField(edition.edition, "organisation")): f"Beratungsdienst Nr. {number} gGmbH"}
        for category in chance.sample(categories, PAGES):
            for row in range(1, ROWS + 1):
                said = (facility(chance), "Türkisch", f"0241 {chance.randrange(10**6)}", "", "24.03.2026 AB")
                for column, text in zip(form.columns, said, strict=True):
                    values[str(RowField(edition.edition, category, row, column.key))] = text
        require("pikepdf").fill(folder / "blank.pdf", values, workspace.returns / f"{number:05}.pdf")
    return workspace


def command(workspace: Workspace, name: str) -> tuple[float, str]:
    """CPU seconds of `harvest NAME`, and what it says."""
    code = "import sys; from harvest.cli import harvest; harvest()"
    arguments = [sys.executable, "-c", code, name, "--workspace", str(workspace.root), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def compare(workspace: Workspace, name: str) -> None:
    """Both ways of one command in turns."""
    anew: list[float] = []
    known: list[float] = []
    for _ in range(ROUNDS):
        seconds, told = command(workspace, name)
        known.append(seconds)
        kept = workspace.summary.read_bytes()
        workspace.summary.unlink()
        seconds, told_anew = command(workspace, name)
        anew.append(seconds)
        assert told == told_anew
        workspace.summary.write_bytes(kept)
    slow, quick = statistics.median(anew), statistics.median(known)
    print(
        f"  harvest {name:8} anew {slow:6.2f} s   known {quick:6.2f} s   {slow / quick:5.1f} times",
        flush=True,
    )


def main(sizes: list[int]) -> None:
    for returns in sizes:
        with tempfile.TemporaryDirectory() as folder:
            workspace = office(Path(folder, "office"), returns)
            first, _ = command(workspace, "run")
            print(f"{returns:,} returns; the first run {first:.2f} s", flush=True)
            command(workspace, "run")
            compare(workspace, "run")
            compare(workspace, "status")


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [100, 1_000])
