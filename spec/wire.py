"""The JSON shapes that travel between the two commands. Shapes, not models: they change on purpose only."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from spec.geometry import Box, FieldMap, FieldPlace, PageKey
from spec.model import Form
from spec.names import edition_id


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WirePage(_Wire):
    """A page of the blank."""

    category: str
    number: int


class WireField(_Wire):
    """A field's page (index from 0) and box (points, origin bottom left: x0, y0, x1, y1)."""

    page: int
    box: tuple[float, float, float, float]


class EditionFile(_Wire):
    """`forms/<edition>/edition.json`: what the harvest needs to know of an edition."""

    edition: str
    layout: int
    form: Form
    page_size: tuple[float, float]
    pages: tuple[WirePage, ...]
    rows_per_page: dict[str, int]
    fields: dict[str, WireField]

    @classmethod
    def of(cls, form: Form, field_map: FieldMap, layout: int) -> EditionFile:
        """The edition that `form` laid out as `field_map` is; `layout` is the drawing's version."""
        body = {
            "layout": layout,
            "form": form.model_dump(mode="json"),
            "page_size": list(field_map.page_size),
            "pages": [{"category": page.category, "number": page.number} for page in field_map.pages],
            "rows_per_page": dict(field_map.rows_per_page),
            "fields": {
                name: {"page": place.page, "box": [round(value, 3) for value in place.box.as_tuple()]}
                for name, place in field_map.fields.items()
            },
        }
        return cls.model_validate({"edition": edition_id(_canonical(body)), **body})

    @property
    def field_map(self) -> FieldMap:
        """The edition's geometry."""
        return FieldMap(
            page_size=self.page_size,
            pages=tuple(PageKey(page.category, page.number) for page in self.pages),
            fields={name: FieldPlace(field.page, Box(*field.box)) for name, field in self.fields.items()},
            rows_per_page=self.rows_per_page,
        )

    def to_json(self) -> str:
        """The file's text; the same edition always gives the same text."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# ---------------------------------------------------------------- the register's twin


class WireSource(_Wire):
    """Where an exported entry stands in a return; `return_id` travels as `return`."""

    return_id: str = Field(alias="return")
    file: str
    page: int
    row: int
    method: str
    read_at: str


class WireDuplicate(_Wire):
    """Another entry that may be the same facility: its id, how alike they are (0 to 100), and why."""

    other: str
    score: float
    reason: str


class WireClaim(_Wire):
    """One of the values that contradict each other; `source` is null for a hand edit."""

    text: str
    at: str
    reporter: str | None
    source: WireSource | None


class WireConflict(_Wire):
    """Contradicting values of one column; `shown` stands in the register."""

    column: str
    shown: WireClaim
    others: tuple[WireClaim, ...]


class WireEntry(_Wire):
    """One exported entry, or one nil return (`nil` true, no values)."""

    id: str
    section: str
    category: str
    values: dict[str, str]
    nil: bool
    reporters: tuple[str, ...]
    sources: tuple[WireSource, ...]
    status: str
    confirmed: str | None
    duplicates: tuple[WireDuplicate, ...]
    conflicts: tuple[WireConflict, ...]


# ---------------------------------------------------------------- the recipients and their tokens

#: Raised when the shape of `forms/recipients.json` changes in a way that older programs would misread.
RECIPIENTS_SHAPE = 1


class WireRecipient(_Wire):
    """Who a token is. `listed` is false for those who left the list: their returns may still come.

    `categories` are the keys of the categories that concern this recipient; empty: all. `edition` and `file`
    tell the newest copy: `forms/<edition>/<file>`.
    """

    token: str
    organisation: str
    person: str
    email: str
    categories: tuple[str, ...]
    language: str
    note: str
    listed: bool
    edition: str
    file: str


class RecipientsFile(_Wire):
    """`forms/recipients.json`: every recipient who ever got a copy, in the order of their first one."""

    shape: int
    recipients: tuple[WireRecipient, ...]

    def by_token(self) -> dict[str, WireRecipient]:
        """Token -> recipient."""
        return {recipient.token: recipient for recipient in self.recipients}

    def to_json(self) -> str:
        """The file's text; the same recipients always give the same text."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
