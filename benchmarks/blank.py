"""How long a blank takes, side by side with reportlab's own text fields of the same count and places.

    python benchmarks/blank.py [ROUNDS]

`fields only` is in reportlab's favour: its pages hold nothing else. `fields and pages` also draws the printed
form (no tags, no form font, no QR codes, no metadata): what a blank made with it would at least take. CPU time,
the ways taken by turns, so that all see the same load; medians.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable

from reportlab.pdfgen.canvas import Canvas

from formgen.blank import build_blank
from formgen.layout import blank_layout
from formgen.pdf.draw import draw
from spec.form.load import default_form
from spec.form.model import Form
from spec.geometry import FieldMap


def naive(field_map: FieldMap, edition: str) -> bytes:
    """The same fields with `acroForm.textfield` and `acroForm.checkbox`."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=field_map.page_size, invariant=1)
    for key in field_map.pages:
        for name, box in field_map.by_page[key].items():
            place = {"name": f"{edition}_{name}", "x": box.x0, "y": box.y0, "tooltip": name}
            if name.endswith("_nil"):
                canvas.acroForm.checkbox(size=box.height, **place)
            else:
                canvas.acroForm.textfield(
                    width=box.width, height=box.height, fontSize=8, fieldFlags="multiline", **place
                )
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def with_pages(form: Form, times: int) -> Form:
    """The form with `times` as many pages per category."""
    sections = tuple(
        section.model_copy(
            update={
                "categories": tuple(
                    category.model_copy(update={"pages": category.pages * times})
                    for category in section.categories
                )
            }
        )
        for section in form.sections
    )
    return form.model_copy(update={"sections": sections})


def cpu(task: Callable[[], bytes]) -> tuple[float, int]:
    """CPU milliseconds and bytes of one run."""
    start = time.process_time()
    size = len(task())
    return (time.process_time() - start) * 1000, size


def compare(form: Form, rounds: int) -> tuple[int, dict[str, tuple[float, int]]]:
    """Fields, and per way the median milliseconds and the bytes."""
    layout = blank_layout(form)
    field_map = layout.field_map
    ways: dict[str, Callable[[], bytes]] = {
        "formgen, all": lambda: build_blank(form).pdf,
        "reportlab, fields only": lambda: naive(field_map, "f00000000"),
        "reportlab, fields and pages": lambda: draw(blank_layout(form)) + naive(field_map, "f00000000"),
    }
    taken: dict[str, list[tuple[float, int]]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            taken[name].append(cpu(way))
    # The first round also reads fonts and imports; it is left out for both.
    return len(field_map.fields), {
        name: (statistics.median(ms for ms, _ in runs[1:]), runs[0][1]) for name, runs in taken.items()
    }


def main(rounds: int = 7) -> None:
    """Print the table."""
    form = default_form()
    print(f"{'form':<12}{'way':<29}{'fields':>8}{'ms':>9}{'KB':>8}{'ratio':>8}")
    for label, sample in (("1 x", form), ("4 x pages", with_pages(form, 4))):
        fields, found = compare(sample, rounds)
        ours = found["formgen, all"][0]
        for name, (milliseconds, size) in found.items():
            ratio = milliseconds / ours
            print(f"{label:<12}{name:<29}{fields:>8}{milliseconds:>9.1f}{size / 1000:>8.0f}{ratio:>8.1f}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
