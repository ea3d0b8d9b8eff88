"""The register's speed, side by side with openpyxl on the same rows: writing 100,000 entries, updating 10,000, reading.

    python benchmarks/register.py [--entries 100000] [--update 10000]

Every measurement runs in a process of its own, so that peak memory is its own, too. Prints a table and the ratios.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from harvest.model import Entry, Register  # noqa: E402 - after the path is set
from harvest.register.sheet_model import RegisterView, Rows, RowView, SheetView  # noqa: E402
from tests.harvest.register.samples import checklist, entry, sample_view  # noqa: E402

#: what one process measures: name -> what it does
TASKS: dict[str, Callable[[Path, int], None]] = {}


def task(function: Callable[[Path, int], None]) -> Callable[[Path, int], None]:
    TASKS[function.__name__] = function
    return function


def lazy_view(entries: int, *, changed: int = 0) -> RegisterView:
    """A register of that many entries whose rows are made as they are written."""
    keys = [category.key for category in checklist().categories]
    empty = sample_view(Register(()))
    per = entries // len(keys) + 1
    step = max(1, entries // changed) if changed else 0

    def patched(sheet: SheetView, wanted: set[str]) -> SheetView:
        def entries_of() -> Iterator[Entry]:
            for number in range(entries):
                key = keys[number // per]
                if key in wanted:
                    one = entry(number, key)
                    new = bool(step) and number % step == 0
                    values = {**one.values, "kontakt": f"Neue Nummer 0221 / {number}"} if new else one.values
                    yield replace(one, values=values)

        def rows() -> Iterator[RowView]:
            made = entries_of()
            while block := tuple(islice(made, 1000)):
                view = sample_view(Register(block))
                yield from next(found for found in view.sheets if found.key == sheet.key).rows

        return replace(sheet, rows=Rows(rows))

    everything = set(keys)
    sections = {
        f"section.{section.key}": {one.key for one in section.categories} for section in checklist().sections
    }
    sheets = tuple(
        patched(sheet, everything if sheet.key == "entries" else sections[sheet.key])
        if sheet.key == "entries" or sheet.key in sections
        else sheet
        for sheet in empty.sheets
    )
    return replace(empty, sheets=sheets)


@task
def ours_write(folder: Path, entries: int) -> None:
    from harvest.register.workbook.workbook_writer import write_new

    write_new(lazy_view(entries), folder / "ours.xlsx")


@task
def rows_only(_folder: Path, entries: int) -> None:
    """What making the rows costs both sides alike."""
    for sheet in lazy_view(entries).sheets:
        for _ in sheet.rows:
            pass


@task
def openpyxl_write(folder: Path, entries: int) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    from harvest.register.sheet_model import Link

    book = Workbook(write_only=True)
    text, grey = Alignment(wrap_text=True, vertical="top"), Font(color="FF546069")
    for sheet in lazy_view(entries).sheets:
        page = book.create_sheet(sheet.title)
        page.append([column.heading for column in sheet.columns])
        for row in sheet.rows:
            cells = []
            for value in row.cells:
                shown = f'=HYPERLINK("{value.target}","{value.label}")' if isinstance(value, Link) else value
                cell = WriteOnlyCell(page, shown)  # type: ignore[arg-type] # dates, too
                cell.alignment, cell.font = text, grey
                if isinstance(shown, str) and not isinstance(value, Link):
                    cell.data_type = "s"
                cells.append(cell)
            page.append(cells)
    book.save(folder / "openpyxl.xlsx")


@task
def ours_update(folder: Path, entries: int) -> None:
    from harvest.register.update.register_update import update

    update(lazy_view(entries, changed=60), folder / "ours.xlsx", folder / "updated.xlsx")


@task
def ours_update_saved(folder: Path, entries: int) -> None:
    """The same after Excel (here: XlsxWriter) saved the register with shared strings."""
    from harvest.register.update.register_update import update

    update(lazy_view(entries, changed=60), folder / "saved.xlsx", folder / "updated-saved.xlsx")


@task
def openpyxl_update(folder: Path, entries: int) -> None:
    from openpyxl import load_workbook

    book = load_workbook(folder / "ours.xlsx")
    page = book.worksheets[0]
    for number in range(2, entries + 2, max(1, entries // 60)):
        page.cell(number, 5).value = f"Neue Nummer 0221 / {number}"
    book.save(folder / "openpyxl-updated.xlsx")


@task
def as_excel_saves_it(folder: Path, entries: int) -> None:
    """The register with shared strings, and with what people add: notes, formulas, comments, pictures, a chart."""
    from tests.harvest.register.peoples import excel_like

    excel_like(lazy_view(entries), folder / "saved.xlsx")


@task
def ours_read(folder: Path, entries: int) -> None:
    from harvest.register.readback.register_reader import read_register
    from spec.words import words

    assert len(read_register(folder / "ours.xlsx", checklist(), words("de")).rows) == entries


@task
def openpyxl_read(folder: Path, _entries: int) -> None:
    from openpyxl import load_workbook

    book = load_workbook(folder / "ours.xlsx", read_only=True)
    for page in book.worksheets:
        for _ in page.iter_rows(values_only=True):
            pass


@task
def calamine_read(folder: Path, _entries: int) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(folder / "ours.xlsx"))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def measure(name: str, folder: Path, entries: int, times: int = 1) -> tuple[float, float]:
    """CPU seconds (the median of `times` runs) and peak MiB of a task in a process of its own."""
    command = [sys.executable, __file__, "--task", name, "--folder", str(folder), "--entries", str(entries)]
    told = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(times)
    ]
    seconds, mib = median(one["seconds"] for one in told), max(one["mib"] for one in told)
    print(f"{name:22} {entries:>9,} {seconds:8.2f} s {mib:8.0f} MiB", flush=True)
    return seconds, mib


def run_task(name: str, folder: Path, entries: int) -> None:
    start = time.process_time()
    TASKS[name](folder, entries)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mib": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--update", type=int, default=10_000)
    parser.add_argument("--task")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.task:
        run_task(options.task, options.folder, options.entries)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{'task':22} {'entries':>9} {'CPU':>10} {'peak':>12}")
        small, large = options.update, options.entries
        rows, _ = measure("rows_only", folder, small, 5)
        measure("ours_write", folder, small)
        mine, _ = measure("ours_update", folder, small, 5)
        theirs, _ = measure("openpyxl_update", folder, small, 5)
        measure("as_excel_saves_it", folder, small)
        saved, _ = measure("ours_update_saved", folder, small, 5)
        read, _ = measure("ours_read", folder, small)
        read_theirs, _ = measure("openpyxl_read", folder, small)
        measure("calamine_read", folder, small)
        rows_large, _ = measure("rows_only", folder, large)
        write, peak = measure("ours_write", folder, large)
        write_theirs, _ = measure("openpyxl_write", folder, large)
    print()
    print("Making the rows (rows_only) is the same work for both sides and is taken off.")
    print(
        f"update: {theirs / (mine - rows):.1f} x openpyxl ({theirs / mine:.1f} x with the making of all rows); of a file as Excel saves it {theirs / (saved - rows):.1f} x"
    )
    print(f"read:   {read_theirs / read:.1f} x openpyxl read_only")
    print(
        f"write:  {(write_theirs - rows_large) / (write - rows_large):.1f} x openpyxl write_only; peak {peak:.0f} MiB"
    )


if __name__ == "__main__":
    main()
