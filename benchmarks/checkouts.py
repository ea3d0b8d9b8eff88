"""Reading the same returns by this checkout and by another one, pair by pair (`read.py --against FOLDER`).

Each checkout reads in a process of its own, by this one's Python. The two take turns, one right after the other, so that
whatever else the computer does weighs on both; who begins changes. What counts is the median of the pairs' ratios of CPU time.
Pages are compared with the drawings that were sent, as in a run, by each checkout that does so.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from spec.wire import EditionFile

PAIRS = 25
#: Readings of each pair; one alone is too short for the clock.
READINGS = 3
HERE = Path(__file__).resolve().parents[1]

#: Reads what its standard input names, and answers with the CPU milliseconds that a reading took.
READER = r"""
import gc, inspect, sys, time
from pathlib import Path
checkout, folder, readings = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
sys.path.insert(0, str(checkout))
import harvest
if not Path(harvest.__file__).is_relative_to(checkout):
    raise SystemExit(f"{checkout} is no checkout of this project")
try:
    from harvest.reading import read
except ModuleNotFoundError:
    from harvest.read import read  # as older checkouts call it
from spec.wire import EditionFile
edition = EditionFile.model_validate_json((folder / "edition.json").read_bytes())
known, more = {edition.edition: edition}, {}
if "drawings" in inspect.signature(read).parameters:
    from harvest.reading.model.edition_geometry import Drawings
    more["drawings"] = Drawings({edition.edition: (folder / "blank.pdf",)}, {})
for line in sys.stdin:
    data = (folder / line.strip()).read_bytes()
    gc.collect()
    start = time.process_time()
    for _ in range(readings):
        read(data, known, **more)
    print((time.process_time() - start) * 1000 / readings, flush=True)
"""


class Reader:
    """A process that reads by one checkout what lies in `folder`."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", READER, str(checkout.resolve()), str(folder), str(READINGS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
        )

    def spent(self, name: str) -> float:
        """CPU milliseconds for one reading of a file."""
        source, target = self._process.stdin, self._process.stdout
        assert source is not None
        assert target is not None
        source.write(f"{name}\n")
        source.flush()
        answer = target.readline()
        if not answer:
            raise SystemExit("one of the checkouts does not read")
        return float(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


def against(other: Path, edition: EditionFile, blank: bytes, made: Mapping[str, bytes]) -> None:
    """Print the CPU time of both checkouts for the return of each engine, and the ratio."""
    print(f"One return by this checkout and by {other}, ms of CPU, medians of {PAIRS} pairs")
    print(f"{'written by':20}{'other':>8}{'this':>8}{'ratio':>8}{'quarters':>16}")
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "edition.json").write_text(edition.model_dump_json(by_alias=True), encoding="utf-8")
        (folder / "blank.pdf").write_bytes(blank)
        for engine, data in made.items():
            (folder / f"{engine}.pdf").write_bytes(data)
        with Reader(HERE, folder) as ours, Reader(other, folder) as theirs:
            for engine in made:
                pairs = _pairs(ours, theirs, f"{engine}.pdf")
                each = [mine / his for mine, his in pairs]
                low, middle, high = statistics.quantiles(each, n=4)
                ratios.append(middle)
                mine, his = (statistics.median(times) for times in zip(*pairs, strict=True))
                print(f"{engine:20}{his:>8.1f}{mine:>8.1f}{middle:>8.2f}{low:>9.2f} to{high:>5.2f}")
    print(f"{'median':20}{statistics.median(ratios):>24.2f}\n")


def _pairs(ours: Reader, theirs: Reader, name: str) -> list[tuple[float, float]]:
    for reader in (ours, theirs):
        reader.spent(name)  # what a run loads and remembers once is no part of the next return
    pairs = []
    for number in range(PAIRS):
        if number % 2:
            his, mine = theirs.spent(name), ours.spent(name)
        else:
            mine, his = ours.spent(name), theirs.spent(name)
        pairs.append((mine, his))
    return pairs
