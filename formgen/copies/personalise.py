"""Blank + recipient (+ entries) -> a copy: the blank's bytes and one appended section with what differs.

A copy says who it is for (token in every page's id field, small print and QR code), holds the pages that
concern the recipient, and shows what the office knows already: the name on the cover, and row by row what
was reported last time, each row with the id of its entry in a field out of sight.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from formgen.copies.appearance import clean, draw_value
from formgen.copies.append import update
from formgen.copies.codes import TokenCodes, rectangles
from formgen.copies.prefill import Prefilled
from formgen.copies.shape import Shape, Shapes, SheetPlan, Skeleton
from formgen.copies.template import FieldParts
from formgen.fonts import form_font
from formgen.layout.items import IdentityPlace
from formgen.pdf.fields import ON
from formgen.pdf.identity import small_print
from formgen.pdf.pdfobjects import number, stream, text_string
from formgen.recipients import Recipient
from spec.console.said import said
from spec.errors import Fault, WrongInputError
from spec.form.model import Form
from spec.names import COVER, CoverField, NilField

#: Pages of one category in a copy. More prefilled rows than fit on these are a register, not a form.
MOST_SHEETS = 99
#: Signs of a value in a note; more would drown it.
_SHOWN = 40
#: Where PDFDocEncoding equals Latin-1 (ISO 32000-1, annex D.2), and nothing but line feeds is escaped.
_PLAIN = re.compile(rb"[\n\x20-\x27\x2a-\x5b\x5d-\x7e\xa1-\xac\xae-\xff]*")


@dataclass(frozen=True)
class CopyPlan:
    """A copy before it is made. `code`: of the round that it is made for; empty: for none."""

    recipient: Recipient
    token: str
    shape: Shape
    prefilled: Prefilled = field(default_factory=Prefilled)
    code: str = ""

    @property
    def printed(self) -> str:
        """What the pages carry: the code, or the token where there is none."""
        return self.code or self.token


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy: what follows the blank's bytes, and what a person should know of it."""

    tail: bytes
    pages: int
    prefilled: int
    notes: tuple[str, ...]


def plan_copy(form: Form, recipient: Recipient, token: str, prefilled: Prefilled, code: str = "") -> CopyPlan:
    """Which pages a recipient's copy has. Categories with anything prefilled are always among them.

    Raises:
        WrongInputError: too many entries for a form.
    """
    wanted = set(recipient.categories) | prefilled.categories
    sheets = []
    for category in form.categories:
        if recipient.categories and category.key not in wanted:
            continue
        filled = len(prefilled.entries.get(category.key, ()))
        pages = max(category.pages, -(-filled // form.rows))
        if pages > MOST_SHEETS:
            place = f"{recipient.organisation}, {category.name}"
            fault = said("{filled} entries would take {pages} pages.", filled=filled, pages=pages)
            raise WrongInputError.of(
                [Fault(place, fault, "Part the recipient's entries among several recipients.")]
            )
        sheets.append(SheetPlan(category.key, pages, filled))
    return CopyPlan(recipient, token, tuple(sheets), prefilled, code)


class Personaliser:
    """Makes copies of one blank. What they share is prepared once; each then costs string work only."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.template = shapes.template

    def copy(self, plan: CopyPlan) -> Copy:
        """One copy. The same plan always gives the same bytes."""
        skeleton = self.shapes.skeleton(plan.shape)
        writer = _Writer(self, plan, skeleton)
        writer.write_identities()
        writer.write_cover()
        writer.write_rows()
        writer.write_nils()
        return Copy(writer.tail(), len(skeleton.slots), plan.prefilled.count, tuple(writer.notes))


class _Writer:
    """Writes one copy."""

    def __init__(self, own: Personaliser, plan: CopyPlan, skeleton: Skeleton) -> None:
        self.template, self.plan, self.skeleton = own.template, plan, skeleton
        self.objects = dict(skeleton.objects)
        self.notes: list[str] = []
        self.said = [plan.printed]

    def write_identities(self) -> None:
        """Token and page number, wherever a page says them.

        Not deflated: zlib would take longer than all the rest, to make the copy a tenth smaller.
        """
        template, objects = self.template, self.objects
        codes = TokenCodes(template.edition, self.plan.printed)
        place = template.layout.pages[0].identity
        foot = small_print("", place).removesuffix(b"> Tj ET")
        encode = form_font().encode
        openings: dict[int, bytes] = {}
        for slot in self.skeleton.slots:
            text, bits = codes.page(slot.key)
            if bits.size not in openings:
                openings[bits.size] = _opening(place, bits.size)
            content = b"%s%sf Q%s%s> Tj ET%s" % (
                openings[bits.size],
                rectangles(bits),
                foot,
                encode(text).encode("ascii"),
                slot.folio,
            )
            objects[slot.identity] = stream(template.identity_head, content)
            objects[slot.own.number] = b"%s /V (%s) >>" % (slot.own.head, text.encode("ascii"))

    def write_cover(self) -> None:
        """What is known of the recipient, into the cover's fields of that kind."""
        recipient = self.plan.recipient
        known = {"organisation": recipient.organisation, "person": recipient.person, "email": recipient.email}
        for given in self.template.layout.form.cover.fields:
            if known.get(given.key):
                name = CoverField("", given.key, COVER).local
                self._value(self._field(name), known[given.key], given.label)

    def write_rows(self) -> None:
        """Entries, row by row."""
        form = self.template.layout.form
        for category, entries in self.plan.prefilled.entries.items():
            for row, entry in enumerate(entries, start=1):
                known = self.skeleton.entries[category, row]
                self.objects[known.number] = b"%s /V %s >>" % (known.head, text_string(entry.id))
                self.said.append(entry.id)
                for column in form.columns:
                    if text := entry.values.get(column.key, "").strip():
                        # As RowField.local, which would take a tenth of a value's time.
                        name = f"{category}_r{row:02d}_{column.key}"
                        self._value(self._field(name), text, f"{name}, {column.heading}")

    def write_nils(self) -> None:
        """Offers that the recipient said not to exist: ticked, as they were."""
        for category in sorted(self.plan.prefilled.nils):
            parts = self._field(NilField("", category).local)
            self.objects[parts.number] = b"%s /V /%s /AS /%s >>" % (parts.head, ON.encode(), ON.encode())
            self.said.append(category)

    def tail(self) -> bytes:
        """What follows the blank's bytes."""
        said = "\0".join(self.said).encode("utf-8", "surrogatepass")
        identifier = hashlib.blake2b(said, digest_size=16).digest()
        return update(self.template.base, self.objects, identifier, self.skeleton.packed)

    def _field(self, name: str) -> FieldParts:
        return self.skeleton.fields.get(name) or self.template.fields[name]

    def _value(self, parts: FieldParts, text: str, place: str) -> None:
        value = clean(text)
        drawn = draw_value(value, parts.box)
        self.said.append(value)
        self.objects[parts.number] = b"%s /V %s >>" % (parts.head, _text_value(value))
        self.objects[parts.appearance] = stream(parts.form, drawn.content)
        if drawn.missing or drawn.hidden:
            self.notes += _notes(place, value, drawn.missing, drawn.hidden)


def _opening(place: IdentityPlace, modules: int) -> bytes:
    """The beginning of a page's identity, as `formgen.pdf.identity.identity_content` writes it."""
    side = f"{place.code.width / modules:.6f}"
    return f"q 0 g {side} 0 0 -{side} {number(place.code.x0)} {number(place.code.y1)} cm\n".encode("ascii")


def _text_value(text: str) -> bytes:
    """A text string; line feeds as escapes, so that plain addresses stay short and legible."""
    try:
        latin = text.encode("latin-1")
    except UnicodeEncodeError:
        return text_string(text)
    if _PLAIN.fullmatch(latin):
        return b"(" + latin.replace(b"\n", b"\\n") + b")"
    return text_string(text)


def _notes(place: str, value: str, missing: str, hidden: int) -> Iterator[str]:
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    if missing:
        listed = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing[:5])
        yield said(
            "{place}: the form's font has no sign for {listed} in {shown!r}; � stands for it, the value is whole.",
            place=place,
            listed=listed,
            shown=shown,
        )
    if hidden:
        yield said(
            "{place}: {shown!r} is {hidden} {hidden:line|lines} longer than its box; the value is whole.",
            place=place,
            shown=shown,
            hidden=hidden,
        )
