"""Reading the same returns by this checkout and by another one, pair by pair.

    python benchmarks/read_twice.py OTHER [ENGINE ...]

OTHER is the folder of a checkout. Each reads in a process of its own; they take turns, the two of a pair one right after the
other, so that what else the computer does weighs on both. Told is the median of the pairs' ratios of CPU time. Where a
checkout compares pages with the drawings that were sent, it is given them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

PAIRS = 15

#: Reads what its standard input names, and answers with the CPU milliseconds that each reading took.
READER = r"""
import gc, inspect, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from harvest.read import read
from spec.wire import EditionFile
edition = EditionFile.model_validate_json(Path(sys.argv[2]).read_text("utf-8"))
known, more = {edition.edition: edition}, {}
if "drawings" in inspect.signature(read).parameters:
    from harvest.read.blanks import Drawings
    more["drawings"] = Drawings({edition.edition: (Path(sys.argv[3]),)}, {})
for line in sys.stdin:
    data = Path(line.rstrip("\n")).read_bytes()
    gc.collect()
    start = time.process_time()
    read(data, known, **more)
    print((time.process_time() - start) * 1000, flush=True)
"""


class Reader:
    """A process that reads by one checkout."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", READER, str(checkout), str(folder / "edition.json"), str(folder / "blank.pdf")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
        )

    def spent(self, path: Path) -> float:
        """CPU milliseconds for one return."""
        source, target = self._process.stdin, self._process.stdout
        assert source is not None
        assert target is not None
        source.write(f"{path}\n")
        source.flush()
        return float(target.readline())

    def close(self) -> None:
        self._process.communicate()
