"""Reading returns: against pypdf's `get_fields`, as the number of returns grows, and in worker processes.

    python benchmarks/read.py [ENGINE ...]
    python benchmarks/read.py --against FOLDER [ENGINE ...]

Everything is measured side by side in one run; single figures swing on a busy computer, ratios hold. With `--against`, the
checkout in that folder reads the same returns, pair by pair; nothing else is measured.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pypdf

from benchmarks.checkouts import against
from formgen.blank import build_blank
from harvest.model import Document, Provenance
from harvest.reading import read
from harvest.reading.model.edition_geometry import Drawings
from harvest.reading.pool.pool import read_all
from spec.form.load import default_form
from spec.names import RowField, parse_field_name
from spec.wire import EditionFile
from tests.readers.engines import ENGINES, require

ROUNDS = 7
FILLED = 60  # cells of a return


def returns(engines: list[str]) -> tuple[EditionFile, bytes, Mapping[str, bytes]]:
    """The edition, its blank, and one return by each engine: the project's form, the first rows of the sheets filled."""
    blank = build_blank(default_form())
    edition = blank.edition_file
    names = [f"{edition.edition}_{local}" for local in edition.fields]
    cells = [
        name for name in names if isinstance(field := parse_field_name(name), RowField) and field.row == 1
    ]
    values = {name: f"Beratungsstelle Übergang Nr. {n}, Straße {n}" for n, name in enumerate(cells[:FILLED])}
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "blank.pdf"), Path(folder, "returned.pdf")
        source.write_bytes(blank.pdf)
        for engine in engines:
            require(engine).fill(source, values, target)
            made[engine] = target.read_bytes()
    return edition, blank.pdf, made


def side_by_side(*tasks: Callable[[], object]) -> list[float]:
    """CPU milliseconds of each task, medians of rounds in which the tasks take turns."""
    spent: list[list[float]] = [[] for _ in tasks]
    for _ in range(ROUNDS):
        for task, times in zip(tasks, spent, strict=True):
            gc.collect()  # what one task left behind is not cleared up on the other's time
            start = time.process_time()
            task()
            times.append((time.process_time() - start) * 1000)
    return [statistics.median(times) for times in spent]


def get_fields(data: bytes) -> object:
    return pypdf.PdfReader(io.BytesIO(data)).get_fields()


def against_pypdf(edition: EditionFile, drawings: Drawings, made: Mapping[str, bytes]) -> None:
    known = {edition.edition: edition}
    print(f"One return of {len(edition.fields)} fields, {FILLED} filled, ms of CPU")
    print(f"{'written by':20}{'bytes':>10}{'get_fields':>12}{'ours':>8}{'ratio':>8}")
    ratios = []
    for engine, data in made.items():
        theirs, ours = side_by_side(partial(get_fields, data), partial(read, data, known, drawings=drawings))
        ratios.append(theirs / ours)
        print(f"{engine:20}{len(data):>10,}{theirs:>12.1f}{ours:>8.1f}{theirs / ours:>8.1f}")
    print(f"{'median':20}{'':30}{statistics.median(ratios):>8.1f}\n")


def documents(made: Mapping[str, bytes], count: int) -> list[Document]:
    files = list(made.values())
    return [Document.of(files[n % len(files)], Provenance("a.pdf", "a.pdf")) for n in range(count)]


def timed(task: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    task()
    return clock() - start


def read_batch(batch: list[Document], known: Mapping[str, EditionFile]) -> None:
    for document in batch:
        read(document.data, known)


def growth(edition: EditionFile, made: Mapping[str, bytes]) -> None:
    known = {edition.edition: edition}
    print("Growth, seconds of CPU")
    few, many = (
        timed(partial(read_batch, documents(made, count), known), time.process_time) for count in (100, 1000)
    )
    print(f"{'100 returns':20}{few:>10.2f}\n{'1,000 returns':20}{many:>10.2f}{many / few:>8.1f} times\n")


def isolation(edition: EditionFile, made: Mapping[str, bytes]) -> None:
    known = {edition.edition: edition}

    def one_worker(batch: list[Document]) -> object:
        return list(read_all(batch, known, workers=1))

    def all_cores(batch: list[Document]) -> object:
        return list(read_all(batch, known))

    print("In worker processes, seconds on the clock")
    print(f"{'returns':>8}{'here':>8}{'1 worker':>10}{'ratio':>7}{'all cores':>11}{'ratio':>7}")
    for count in (1, 10, 200):
        batch = documents(made, count)
        spent = [
            statistics.median(timed(partial(task, batch)) for _ in range(3))
            for task in (partial(read_batch, known=known), one_worker, all_cores)
        ]
        base, one, cores = spent
        print(f"{count:>8}{base:>8.2f}{one:>10.2f}{one / base:>7.2f}{cores:>11.2f}{cores / base:>7.2f}")


def main() -> None:
    arguments = argparse.ArgumentParser(description="Measures reading.")
    arguments.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout, to compare with")
    arguments.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(ENGINES))
    chosen = arguments.parse_args()
    edition, blank, made = returns(chosen.engines or list(ENGINES))
    if chosen.against is not None:
        against(chosen.against, edition, blank, made)
        return
    with tempfile.TemporaryDirectory() as folder:
        sent = Path(folder, "blank.pdf")
        sent.write_bytes(blank)
        against_pypdf(edition, Drawings({edition.edition: (sent,)}, {}), made)
    growth(edition, made)
    isolation(edition, made)


if __name__ == "__main__":
    main()
