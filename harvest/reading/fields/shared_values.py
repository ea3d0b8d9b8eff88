"""Fields with one value for widgets on several pages (ISO 32000-1, 12.7.3.1): what some programs make of joined files.

PDFBox joins fields of the same name so that the second file's values are gone, Acrobat lets both files show the first's. Only
what a widget shows is its own page's statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from harvest.model import Method
from harvest.reading.fields.appearance_check import same_words
from harvest.reading.model import confidence_levels
from harvest.reading.model.raw_fields import RawField, parsed_name
from spec.names import EntryField, IdField

if TYPE_CHECKING:
    import pikepdf

    from harvest.reading.fields.blank_widgets import Objgen


class Shared:
    """Tells which widgets only repeat the value of a field that stands on an earlier page.

    Args:
        annotations: of each page the array, or None.
    """

    def __init__(self, annotations: Sequence[Any]) -> None:
        self._annotations = annotations

    def has(self, chain: Sequence[pikepdf.Object], page: int) -> bool:
        """Whether the widget on this page, given with the fields above it, is one of those."""
        return (
            len(chain) > 1 and "/V" not in chain[0] and page in self._joined and self._repeats(chain[1], page)
        )

    @cached_property
    def _joined(self) -> frozenset[int]:
        """The pages that even share the field that says whose they are: they came in another file."""
        return frozenset(
            number
            for number, array in enumerate(self._annotations, 1)
            for item in (array if array is not None else ())
            if "/Parent" in item
            and "/T" not in item
            and str(item.Parent.get("/T", "")).endswith("_id")
            and self._repeats(item.Parent, number)
        )

    def _repeats(self, field: pikepdf.Object, page: int) -> bool:
        """Whether a field stands on an earlier page than this."""
        kids = field.get("/Kids", ())
        return min(self._pages.get(one, page) for one in (field.objgen, *(kid.objgen for kid in kids))) < page

    @cached_property
    def _pages(self) -> Mapping[Objgen, int]:
        """Annotation -> the page on which it stands first."""
        pages: dict[Objgen, int] = {}
        for number, array in enumerate(self._annotations, 1):
            for item in array if array is not None else ():
                pages.setdefault(item.objgen, number)
        return pages


def alone(field: RawField, words: str) -> Sequence[RawField]:
    """What the widget of a shared field says on a page that is not the field's first.

    Args:
        field: the value that it shares, on its own page.
        words: what its appearance shows.
    """
    if not words.strip() or isinstance(parsed_name(field.name), IdField | EntryField):
        return ()
    x0, y0, x1, y1 = field.box or (0.0, 0.0, 0.0, 0.0)
    if field.text.strip() and same_words(words, field.text, (x1 - x0, y1 - y0)):
        return (field,)
    return (replace(field, text=words, method=Method.APPEARANCE, confidence=confidence_levels.SHOWN_ONLY),)
