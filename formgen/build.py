"""Form -> blank: lay out, name the edition, draw, finish; and the files of the workspace."""

from __future__ import annotations

from dataclasses import dataclass

from formgen.layout import LAYOUT_VERSION, blank_layout
from spec.model import Form
from spec.wire import EditionFile


@dataclass(frozen=True)
class Blank:
    """A finished blank: what the harvest must know of it, and the PDF's bytes."""

    edition_file: EditionFile
    pdf: bytes


def build_blank(form: Form) -> Blank:
    """The blank of a form. The same form always gives the same bytes.

    Raises:
        SpecError: a text does not fit; all faults are listed.
    """
    layout = blank_layout(form)
    edition_file = EditionFile.of(form, layout.field_map, LAYOUT_VERSION)
    # Imported late: a spec that does not fit is refused without waiting for the PDF libraries.
    from formgen.draw import draw  # noqa: PLC0415
    from formgen.finish import finish  # noqa: PLC0415

    return Blank(edition_file, finish(layout, edition_file.edition, draw(layout)))
