"""Copies for the tests: recipients, entries, and the PDF that the product makes of them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Name, Object

from formgen.blank import Blank, build_blank
from formgen.copies.batch import personaliser
from formgen.copies.personalise import Copy, CopyPlan, plan_copy
from formgen.copies.prefill import Prefilled
from formgen.recipients import Recipient
from spec.form.load import default_form
from spec.form.model import Form
from spec.wire import WireEntry

TOKEN = "abcdefghv"
GERMAN = (
    "Caritasverband e. V.\nKapitelstraße 3\n52066 Musterstadt",
    "70 % – „viele“",
    "0241 123456-78",
    "",
    "1.5.",
)
ANY_SCRIPT = (
    "Özge Yıldız, Łódź",
    "Центр помощи",
    "مركز الإرشاد (هاتف 0241 123456)",
    "بنکەی ڕاوێژکاری",
    "Nguyễn 👍",
)


def recipient(*categories: str, **changes: Any) -> Recipient:
    given: dict[str, Any] = {
        "organisation": "Beratung „Die Brücke“ e. V.",
        "person": "Özge Yıldız",
        "email": "bruecke@beispiel.example",
        "categories": categories,
        "language": "de",
        "note": "",
        "row": 2,
    }
    return Recipient(**(given | changes))


def wire_entry(
    form: Form, category: str, number: int, texts: Sequence[str] = GERMAN, **changes: Any
) -> WireEntry:
    columns = [column.key for column in form.columns]
    body: dict[str, Any] = {
        "id": f"e-{category}-{number}",
        "section": "",
        "category": category,
        "values": dict(zip(columns, texts, strict=False)),
        "nil": False,
        "reporters": [TOKEN],
        "sources": [],
        "status": "unchanged",
        "confirmed": None,
        "duplicates": [],
        "conflicts": [],
    }
    return WireEntry.model_validate(body | changes)


def reported(
    form: Form, counts: Mapping[str, int], texts: Sequence[str] = GERMAN, nils: Sequence[str] = ()
) -> Prefilled:
    entries = {
        category: tuple(wire_entry(form, category, number, texts) for number in range(1, count + 1))
        for category, count in counts.items()
    }
    return Prefilled(entries, frozenset(nils))


def made(blank: Blank, form: Form, whom: Recipient, prefilled: Prefilled | None = None) -> tuple[bytes, Copy]:
    plan: CopyPlan = plan_copy(form, whom, TOKEN, prefilled or Prefilled())
    copy = personaliser(form, blank, [plan]).copy(plan)
    return blank.pdf + copy.tail, copy


@lru_cache(maxsize=1)
def built() -> Blank:
    return build_blank(default_form())


@lru_cache(maxsize=8)
def sample(kind: str) -> bytes:
    """`plain`: the whole form; `few`: three categories; `filled`: 12 entries; `further`: more entries than rows."""
    form = default_form()
    few = ("kontaktstelle", "spdi", "migrationsfachdienste")
    cases: dict[str, tuple[Recipient, Prefilled | None]] = {
        "plain": (recipient(), None),
        "few": (recipient(*few), None),
        "filled": (
            recipient(),
            reported(form, {"kontaktstelle": 4, "spdi": 3, "wohnheim": 5}, nils=["fachklinik"]),
        ),
        "further": (
            recipient("kontaktstelle"),
            reported(form, {"kontaktstelle": 14, "sonstiges": 17, "spdi": 2}, ANY_SCRIPT),
        ),
    }
    return made(built(), form, *cases[kind])[0]


SAMPLES = ("plain", "few", "filled", "further")


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def widgets(pdf: pikepdf.Pdf) -> Iterator[Object]:
    for page in pdf.pages:
        yield from page.obj.Annots


def fields(pdf: pikepdf.Pdf) -> dict[str, Object]:
    """Local name -> widget."""
    return {str(widget.T).partition("_")[2]: widget for widget in widgets(pdf)}


def on_state(widget: Object) -> bool:
    return widget["/AS"] != Name.Off
