"""Personalised copies with 60 prefilled values, side by side in one run.

    python benchmarks/copies.py

* `reportlab`: the form drawn anew per recipient, its fields with `acroForm.textfield` (findings: performance);
  `fields only` leaves the printed pages out, which is more than fair;
* `pikepdf`: the finished blank opened, values set, saved; no appearances are written;
* `formgen`: what `formgen build --recipients --prefill` does per copy, appearances and QR codes included.

Medians of CPU time; the three take turns, so that a busy machine troubles all alike. Then 1,000 recipients as
files, against 100: time must grow in proportion, memory not at all.
"""

from __future__ import annotations

import gc
import io
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from formgen.blank import Blank, build_blank
from formgen.copies.batch import build_copies, personaliser
from formgen.copies.personalise import CopyPlan, Personaliser, plan_copy
from formgen.copies.prefill import Prefill, Prefilled
from formgen.layout import blank_layout
from formgen.pdf.draw import draw
from formgen.recipients import Recipient, RecipientList
from spec.form.load import default_form
from spec.form.model import Form
from spec.names import new_token
from spec.wire import WireEntry
from spec.workspace import Workspace

ROUNDS = 15
TEXTS = (
    "Caritasverband Musterstadt e. V.\nKapitelstraße 3\n52066 Musterstadt",
    "70 % der Klientel; Türkisch, Polnisch, Russisch",
    "Frau Özge Yıldız, 0241 123456-78, Mo–Fr 9–12 Uhr",
    "Kennenlernen am 12.05.2026, 14 Uhr",
    "24.03.2026 AB",
)
CATEGORIES = ("kontaktstelle", "spdi", "krisendienst", "migrationsfachdienste")
ROWS = 3


def entries(form: Form, reporter: str) -> list[WireEntry]:
    """12 entries of 5 values."""
    columns = [column.key for column in form.columns]
    empty: dict[str, Any] = {"section": "", "nil": False, "sources": (), "status": "new", "confirmed": None}
    empty |= {"duplicates": (), "conflicts": (), "reporters": (reporter,)}
    return [
        WireEntry(
            id=f"{reporter}-{category}-{row}",
            category=category,
            values={key: f"{text} {row}" for key, text in zip(columns, TEXTS, strict=True)},
            **empty,
        )
        for category in CATEGORIES
        for row in range(ROWS)
    ]


def recipient(number: int) -> Recipient:
    """An invented partner."""
    name = f"Beratungsdienst Nr. {number} gGmbH"
    return Recipient(name, "Özge Yıldız", f"dienst{number}@beispiel.example", (), "de", "", number)


def plan(form: Form, number: int) -> CopyPlan:
    """A copy of the whole form."""
    by_category: dict[str, tuple[WireEntry, ...]] = {}
    for entry in entries(form, f"t{number}"):
        by_category[entry.category] = (*by_category.get(entry.category, ()), entry)
    return plan_copy(form, recipient(number), new_token(), Prefilled(by_category))


def values_of(blank: Blank, planned: CopyPlan, form: Form) -> dict[str, str]:
    """The 60 values of a copy by full name."""
    edition = blank.edition_file.edition
    return {
        f"{edition}_{category}_r{row:02d}_{column.key}": entry.values[column.key]
        for category, found in planned.prefilled.entries.items()
        for row, entry in enumerate(found, start=1)
        for column in form.columns
    }


def whole_with_reportlab(form: Form, blank: Blank, values: dict[str, str]) -> bytes:
    """The printed pages as well."""
    return draw(blank_layout(form)) + fields_with_reportlab(blank, values)


def fields_with_reportlab(blank: Blank, values: dict[str, str]) -> bytes:
    """Every field drawn by reportlab, in Latin-1, which is all that it can."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=blank.edition_file.page_size, invariant=1)
    edition = blank.edition_file.edition
    by_page: dict[int, list[tuple[str, tuple[float, float, float, float]]]] = {}
    for name, field in blank.edition_file.fields.items():
        by_page.setdefault(field.page, []).append((f"{edition}_{name}", field.box))
    for page in range(len(blank.edition_file.pages)):
        canvas.drawString(36, 560, blank.edition_file.pages[page].category)
        for name, (x0, y0, x1, y1) in by_page[page]:
            value = values.get(name, "").encode("latin-1", "ignore").decode("latin-1")
            canvas.acroForm.textfield(
                name=name,
                tooltip=name,
                x=x0,
                y=y0,
                width=x1 - x0,
                height=y1 - y0,
                value=value,
                fontSize=8,
                maxlen=10_000,
                fieldFlags="multiline",
            )
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def with_pikepdf(blank: Blank, values: dict[str, str]) -> bytes:
    """Open, set, save."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(blank.pdf)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            value = values.get(str(field.T))
            if value is not None:
                field.V = pikepdf.String(value)
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return target.getvalue()


def with_formgen(blank: Blank, maker: Personaliser, planned: CopyPlan) -> bytes:
    """One appended section."""
    return blank.pdf + maker.copy(planned).tail


def timed(work: Callable[[], bytes], times: int) -> tuple[float, int]:
    """Milliseconds of CPU time for one run, and bytes."""
    start = time.process_time()
    for _ in range(times):
        size = len(work())
    return (time.process_time() - start) * 1000 / times, size


def side_by_side(form: Form) -> dict[str, float]:
    blank = build_blank(form)
    plans = [plan(form, number) for number in range(ROUNDS)]
    maker = personaliser(form, blank, plans)
    # The first copy of a shape makes what all of its kind share; it is timed with the 1,000 below.
    maker.copy(plans[0])
    found: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    for planned in plans:
        values = values_of(blank, planned, form)
        assert len(values) == 60
        gc.collect()
        for name, work, times in (
            ("reportlab", lambda values=values: whole_with_reportlab(form, blank, values), 1),
            ("reportlab, fields only", lambda values=values: fields_with_reportlab(blank, values), 1),
            ("pikepdf", lambda values=values: with_pikepdf(blank, values), 3),
            ("formgen", lambda planned=planned: with_formgen(blank, maker, planned), 20),
        ):
            took, sizes[name] = timed(work, times)
            found.setdefault(name, []).append(took)
    medians = {name: statistics.median(each) for name, each in found.items()}
    print(f"{'per copy, 60 values':22} {'ms':>8} {'bytes':>9} {'times as fast':>14}")
    for name, took in medians.items():
        print(f"{name:22} {took:8.2f} {sizes[name]:9} {took / medians['formgen']:14.1f}")
    return medians


def in_bulk(form: Form, count: int) -> tuple[float, float]:
    """Seconds of CPU time for `count` files, and the peak of Python's memory in MB over that of the input."""
    given = RecipientList(tuple(recipient(number) for number in range(count)))
    prefill = Prefill(
        tuple(entry for each in given.recipients for entry in entries(form, each.organisation)), ()
    )
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        build_copies(form, Workspace(Path(folder)), given, prefill)
        took = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        tracemalloc.start()
        build_copies(form, Workspace(Path(folder)), given, prefill)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
    return took, peak


def main() -> int:
    form = default_form()
    medians = side_by_side(form)
    small, small_peak = in_bulk(form, 100)
    large, large_peak = in_bulk(form, 1000)
    print(
        f"100 recipients: {small:.2f} s, peak {small_peak:.0f} MB; 1000: {large:.2f} s, peak {large_peak:.0f} MB"
    )
    wanted = (
        medians["reportlab"] >= 100 * medians["formgen"] and medians["pikepdf"] >= 10 * medians["formgen"]
    )
    linear = large <= 11 * small
    print(
        "as fast as wanted" if wanted else "SLOWER than wanted", "and linear" if linear else "but NOT linear"
    )
    return 0 if wanted and linear else 1


if __name__ == "__main__":
    sys.exit(main())
