"""The JSON shapes that travel between the two commands. Shapes, not models: they change on purpose only."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from spec.form.model import Form
from spec.geometry import Box, FieldMap, FieldPlace, PageKey
from spec.matching import equal_key
from spec.names import edition_id


class Wire(BaseModel):
    """What all of these are: frozen, and nothing in them that is not of their shape."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WireFile(Wire):
    """A file as a whole, where the order of its keys is the shape's."""

    def to_json(self) -> str:
        """The file's text; the same content always gives the same text."""
        return self.model_dump_json(indent=1, by_alias=True) + "\n"


class WirePage(Wire):
    """A page of the blank."""

    category: str
    number: int


class WireField(Wire):
    """A field's page (index from 0) and box (points, origin bottom left: x0, y0, x1, y1)."""

    page: int
    box: tuple[float, float, float, float]


class EditionFile(Wire):
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


class WireSource(Wire):
    """Where an exported entry stands in a return; `return_id` travels as `return`."""

    return_id: str = Field(alias="return")
    file: str
    page: int
    row: int
    method: str
    read_at: str


class WireDuplicate(Wire):
    """Another entry that may be the same facility: its id, how alike they are (0 to 100), and why."""

    other: str
    score: float
    reason: str


class WireClaim(Wire):
    """One of the values that contradict each other; `source` is null for a hand edit."""

    text: str
    at: str
    reporter: str | None
    source: WireSource | None


class WireConflict(Wire):
    """Contradicting values of one column; `shown` stands in the register."""

    column: str
    shown: WireClaim
    others: tuple[WireClaim, ...]


class WireEntry(Wire):
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
RECIPIENTS_SHAPE = 2


def plain_name(name: str) -> str:
    """An organisation's name as names are compared (`spec.matching`, equal)."""
    return equal_key(name)


def recipient_label(organisation: str, email: str, *, shared: bool) -> str:
    """What a recipient is called; `shared`: others in the list bear the same name."""
    name = " ".join(organisation.split())
    return f"{name} ({email})" if email and (shared or not name) else name


class WireRecipient(Wire):
    """Who a token is. `listed` is false for those who left the list: their returns may still come.

    `forgotten`: their data were removed on demand. The bare token stays, so that it is never drawn for anybody else.
    `categories` are the keys of the categories that concern this recipient; empty: all. `edition` and `file`
    tell the newest copy: `forms/<edition>/<file>`. `codes` (code -> round) are what the pages of the copies for each
    round carry; copies of no round, and those of older versions, carry the token.
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
    forgotten: bool = False
    codes: dict[str, str] = {}

    def forget(self) -> WireRecipient:
        """What stays of somebody who was forgotten: the token and the codes, which name nobody."""
        return WireRecipient(
            token=self.token,
            organisation="",
            person="",
            email="",
            categories=(),
            language="",
            note="",
            listed=False,
            edition="",
            file="",
            forgotten=True,
            codes=self.codes,
        )


class CopyCode(NamedTuple):
    """Whose copy a code is on, and for which round it was made; empty: for none."""

    token: str
    round: str


class RecipientsFile(WireFile):
    """`forms/recipients.json`: every recipient who ever got a copy, in the order of their first one."""

    shape: int
    recipients: tuple[WireRecipient, ...]

    @classmethod
    def empty(cls) -> RecipientsFile:
        """What it is before anybody got a copy."""
        return cls(shape=RECIPIENTS_SHAPE, recipients=())

    def labels(self) -> dict[str, str]:
        """Token -> what people read as the reporter, and what `reporters` of the register's twin holds.

        The organisation; with its address where several in the list bear one name.
        """
        listed = Counter(plain_name(one.organisation) for one in self.recipients if one.listed)
        return {
            one.token: recipient_label(
                one.organisation, one.email, shared=one.listed and listed[plain_name(one.organisation)] > 1
            )
            for one in self.recipients
            if not one.forgotten
        }

    def addresses(self) -> dict[str, str]:
        """Token, and every code of a round -> organisation and address, as a mail program takes it."""
        return {
            code: f"{one.organisation} <{one.email}>"
            for one in self.recipients
            if one.email and not one.forgotten
            for code in (one.token, *one.codes)
        }

    def by_code(self) -> dict[str, CopyCode]:
        """What the pages of a copy may carry -> whose it is, and for which round, where it was made for one."""
        found = {one.token: CopyCode(one.token, "") for one in self.recipients}
        for one in self.recipients:
            found |= {code: CopyCode(one.token, name) for code, name in one.codes.items()}
        return found

    def codes_of(self, name: str) -> dict[str, str]:
        """Token -> the code of the copy for this round, where there is one."""
        return {
            one.token: code
            for one in self.recipients
            for code, made_for in one.codes.items()
            if made_for == name
        }

    def by_token(self) -> dict[str, WireRecipient]:
        """Token -> recipient."""
        return {recipient.token: recipient for recipient in self.recipients}


# ---------------------------------------------------------------- rounds and their mails

#: Each is raised when the shape of its file changes in a way that older programs would misread.
ROUND_SHAPE = DRAFTS_SHAPE = PARTNERS_SHAPE = 1


class WireRound(WireFile):
    """`rounds/<name>.json`: one mailing.

    Attributes:
        opened: the day on which it began. Which answers are its own follows from the copies, and from what was sent.
        due: the last day for answers.
        spec, recipients, prefill: files, relative to the workspace where they lie in it; empty: the built-in form,
            no list yet, nothing filled in.
    """

    shape: int = ROUND_SHAPE
    name: str
    opened: date
    due: date | None = None
    spec: str = ""
    recipients: str = ""
    prefill: str = ""


class MailKind(StrEnum):
    """What a mail is for."""

    FORM = "form"
    REMINDER = "reminder"
    RECEIPT = "receipt"


class WireDraft(Wire):
    """One drafted mail.

    Attributes:
        key: names the mail for ever: `<round>/<kind>-<number>/<token>`. A key is sent at most once.
        email: the address as the list spells it.
        categories: keys of the categories that the partner's copy asks about.
        file: the `.eml`, below the round's folder of mails.
        sha256: of that file.
        print: fingerprint of the recipient as the list had it.
        returns: for receipts: the returns that it is about.
    """

    key: str
    kind: MailKind
    number: int
    token: str
    organisation: str
    email: str
    categories: tuple[str, ...]
    file: str
    sha256: str
    print: str
    returns: tuple[str, ...] = ()


class DraftsFile(WireFile):
    """`mail/<round>/drafts.json`: all drafts of a round, in the order of their keys."""

    shape: int = DRAFTS_SHAPE
    drafts: tuple[WireDraft, ...] = ()


class WirePartner(Wire):
    """How far a round's mails to one partner are; who it is, the list of recipients tells.

    Attributes:
        categories: keys of the categories that its copy asks about.
        sent: `planned`, `sending`, `sent`, `failed` or `deferred`; `sent_on` is the day on which the form went out.
        reminded: how many reminders were sent.
        undeliverable: what the bounce said; empty where none came.
        since: the day from which an answer may be to this round. Where somebody sent the mail by hand, nobody knows when
            it went out; then this is the day on which the copy was made.
    """

    token: str
    categories: tuple[str, ...]
    sent: str
    sent_on: date | None
    reminded: int
    undeliverable: str
    since: date | None = None


class PartnersFile(WireFile):
    """`mail/<round>/partners.json`: what the harvest needs to know of a round's mails."""

    shape: int = PARTNERS_SHAPE
    partners: tuple[WirePartner, ...] = ()


class WireBounce(Wire):
    """A mail that could not be delivered; `mail/bounces.json` is a list of these.

    Attributes:
        recipient: the address that failed, as the server spells it; may be empty.
        message_id, code: of the mail that came back, where the bounce quotes it.
        reason: the status code (RFC 3463), such as `5.1.1`.
        day: when the bounce was written, by its own date; None where it has none.
    """

    recipient: str
    message_id: str
    code: str
    reason: str
    day: date | None = None
