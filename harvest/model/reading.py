"""What readers found in a return, every method side by side; raw, not normalised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from harvest.model.intake import Problem
from harvest.model.picture import CellPicture
from spec.geometry import Box
from spec.names import FieldName


class Method(StrEnum):
    """How a value was read, in the order of trust (docs/findings/readers.md, 7)."""

    WIDGET = "widget"
    FIELD_TREE = "field-tree"
    FORM_DATA = "form-data"
    APPEARANCE = "appearance"
    ANNOTATION = "annotation"
    FILL_SIGN = "fill-sign"
    FLATTENED = "flattened"
    OCR = "ocr"
    HAND = "hand"


TRUST: Mapping[Method, int] = {method: rank for rank, method in enumerate(Method)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stood in the return: page from 1, box in points (origin bottom left) if known."""

    page: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field as one reader found it.

    Attributes:
        name: the parsed field name.
        text: exactly what the file holds, decoded but not normalised. A checkbox reads `/Off` or its state. Empty with
            the method OCR: something stands there that could not be recognised.
        confidence: 0 to 1; 1 for a value that was read, not reconstructed.
    """

    name: FieldName
    text: str
    method: Method
    place: Place
    confidence: float = 1.0

    @property
    def undecided(self) -> bool:
        """Whether something is there of which a person has to say what it is."""
        return self.confidence == 0 or (self.method is Method.OCR and not self.text.strip())


@dataclass(frozen=True, slots=True)
class PageFound:
    """A page of the return that was identified: number from 1, and whose page it is."""

    number: int
    edition: str
    token: str | None
    category: str
    page: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one return, every method's results side by side.

    Attributes:
        pages: number of pages of the PDF; 0 where it could not be opened.
        found: the pages that were identified.
        fields: fields that hold something or were emptied; a field without /V that was never touched is left out.
        mod_date: ModDate (else CreationDate) of the PDF in UTC.
        producer: Info/Producer, for the record.
        pictures: of cells that were read off a scan. The ledger keeps them apart and hands them out one by one
            (`Ledger.pictures`); readings that come from there are without them.
    """

    pages: int
    found: tuple[PageFound, ...]
    fields: tuple[FieldReading, ...]
    problems: tuple[Problem, ...] = ()
    mod_date: datetime | None = None
    producer: str = ""
    pictures: tuple[CellPicture, ...] = ()
