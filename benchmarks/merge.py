"""How merge and ledger grow: entries from 1,000 to 20,000, three rounds of returns each, every round 10 % changed.

    python benchmarks/merge.py

Linear growth: ten times the entries should cost at most eleven times the time. CPU time; the ledger's also by the clock,
since it waits for the disk.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.match import facility
from harvest.ledger import Ledger
from harvest.merge import Layout, merge
from harvest.model import (
    Document,
    FieldReading,
    Method,
    Moment,
    Place,
    Provenance,
    Reading,
    Reporter,
    ReporterKind,
    Row,
    Sheet,
    Submission,
    TimeSource,
    Value,
)
from spec.geometry import Box
from spec.names import RowField

CATEGORIES = tuple(f"c{number}" for number in range(25))
COLUMNS = ("facility", "experience", "contact", "agreement", "date")
LAYOUT = Layout(CATEGORIES, COLUMNS, ("facility",))
START = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 60  # of a return


def returns(entries: int) -> list[Submission]:
    """Three rounds of returns of as many reporters as it takes."""
    chance = random.Random(1)
    made = []
    for number in range(entries // ROWS):
        sheets: dict[str, list[list[str]]] = {}
        for _ in range(ROWS):
            row = [facility(chance), f"{chance.random()}", f"0241 {chance.randrange(10**6)}", "", "3.4.26"]
            sheets.setdefault(chance.choice(CATEGORIES), []).append(row)
        for year in range(3):
            for rows in sheets.values():
                for row in rows:
                    row[1] += " neu" if chance.random() < 0.1 else ""
            made.append(submission(number, year, sheets))
    return made


def submission(number: int, year: int, sheets: dict[str, list[list[str]]]) -> Submission:
    return Submission(
        f"{number}-{year}",
        "f7q4k93xb",
        Reporter(ReporterKind.TOKEN, f"r{number}", f"r{number}"),
        Moment(START + timedelta(days=365 * year + number % 90), TimeSource.MOD_DATE),
        f"{number}.pdf",
        tuple(
            Sheet(
                category,
                tuple(
                    Row(place, {key: Value(text) for key, text in zip(COLUMNS, row, strict=True)})
                    for place, row in enumerate(rows, 1)
                ),
            )
            for category, rows in sheets.items()
        ),
    )


def merges() -> None:
    print("entries  returns    s    ms per entry")
    for entries in (1_000, 2_000, 10_000, 20_000):
        said = returns(entries)
        start = time.process_time()
        register = merge(said, LAYOUT)
        taken = time.process_time() - start
        print(f"{len(register.entries):7,}  {len(said):7,}  {taken:5.2f}  {1000 * taken / entries:6.3f}")


def ledgers() -> None:
    read = [
        Reading(
            25,
            (),
            tuple(
                FieldReading(
                    RowField("f7q4k93xb", "c1", place, "contact"),
                    f"{number} {place} " * 5,
                    Method.WIDGET,
                    Place(2, Box(1, 2, 3, 4)),
                )
                for place in range(1, ROWS + 1)
            ),
        )
        for number in range(1_000)
    ]
    print("\n1,000 returns of 60 values into the ledger")
    for together in (1_000, 1):
        with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "ledger.sqlite", "0") as ledger:
            start = time.perf_counter()
            for first in range(0, 1_000, together):
                with ledger.run("harvest", START) as run:
                    for number in range(first, first + together):
                        run.add_document(Document.of(b"%d" % number, Provenance("a", "a")), read[number])
            wrote = time.perf_counter() - start
            start = time.perf_counter()
            assert len(ledger.active_submissions_input()) == 1_000
            loaded = time.perf_counter() - start
        print(f"  {together:5,} to a transaction: written in {wrote:.2f} s, loaded in {loaded:.2f} s")


if __name__ == "__main__":
    merges()
    ledgers()
