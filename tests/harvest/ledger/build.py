"""Short ways to write down what goes into a ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from harvest.model import (
    Document,
    FieldReading,
    Method,
    PageFound,
    Place,
    Problem,
    Provenance,
    Reading,
    Severity,
)
from spec.geometry import Box
from spec.names import RowField

EDITION = "f7q4k93xb"
VERSION = "0.1.0"


def day(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number - 1)


def document(
    data: bytes = b"%PDF-", path: str = "post/b.pdf", file: int | None = None, mail: int | None = None
) -> Document:
    """A document that came on this way; days of file and mail."""
    file_time, mail_time = file and day(file), mail and day(mail)
    return Document.of(data, Provenance(path, path.rsplit("/", 1)[-1], file_time or None, mail_time or None))


def reading(text: str = "Die Brücke", fields: int = 1, mod_date: datetime | None = None) -> Reading:
    """A page with this text in so many fields."""
    read = (
        FieldReading(
            RowField(EDITION, "kontaktstelle", number, "einrichtung"),
            text,
            Method.WIDGET,
            Place(2, Box(36, 400.25, 200, 420)),
        )
        for number in range(1, fields + 1)
    )
    found = (PageFound(2, EDITION, None, "kontaktstelle", 1),)
    return Reading(
        3, found, tuple(read), (Problem("truncated", Severity.CHECK, "Seite 2"),), mod_date, "PDFium"
    )
