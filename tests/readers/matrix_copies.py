"""The files that partners get: the project's own blank, and a personalised and a prefilled copy of it.

One more kind of copy is one more entry in `COPIES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from formgen.blank import Blank, build_blank
from formgen.copies.batch import personaliser
from formgen.copies.personalise import plan_copy
from formgen.copies.prefill import Prefilled
from formgen.recipients import Recipient
from spec.form.load import default_form
from spec.geometry import Box
from spec.names import NilField, PageIdentity, RowField
from spec.wire import EditionFile, WireEntry
from tests.readers.engines import RENDERERS
from tests.readers.matrix_display import SHOWN
from tests.readers.texts import TEXTS

SHOWN_ON, TEXTS_ON, NIL_ON, PREFILLED_ON = (
    "betreutes-wohnen",
    "pflegedienste",
    "soziotherapie",
    "kontaktstelle",
)
"""Categories of the built-in form: where lines and texts are entered, which is ticked, which is prefilled."""
TOKEN = "nkmaapmpk"


@dataclass(frozen=True)
class Source:
    """A file to fill, and what is to be entered where.

    Attributes:
        shown: script -> field in which the line of this script is entered.
        texts: name of a text -> field.
        prefilled: script -> field that shows this line from the start.
        renderers: the engines with which its returns are looked at.
    """

    pdf: bytes
    edition: EditionFile
    token: str | None
    prefilled: Mapping[str, str] = field(default_factory=dict)
    renderers: tuple[str, ...] = RENDERERS

    @property
    def shown(self) -> dict[str, str]:
        """Script -> field in which the line of this script is entered; all on one page."""
        return dict(zip(SHOWN, self.cells(SHOWN_ON), strict=False))

    @property
    def texts(self) -> dict[str, str]:
        """Name of a text -> field in which it is entered."""
        return dict(zip(TEXTS, self.cells(TEXTS_ON), strict=False))

    @property
    def nil(self) -> str:
        """The checkbox that is ticked."""
        return str(NilField(self.edition.edition, NIL_ON))

    @property
    def lines(self) -> dict[str, str]:
        """Field -> line of `SHOWN` that a partner enters."""
        return {name: SHOWN[script] for script, name in self.shown.items()}

    @property
    def values(self) -> dict[str, str]:
        """Field -> text of `TEXTS` that a partner enters."""
        return {name: TEXTS[text] for text, name in self.texts.items()}

    def cells(self, category: str) -> list[str]:
        """A page's cells, the wide ones first."""
        rows = range(1, self.edition.rows_per_page[category] + 1)
        columns = [column.key for column in self.edition.form.columns]
        return [
            str(RowField(self.edition.edition, category, row, column))
            for column, row in product(columns, rows)
        ]

    def boxes(self, fields: Mapping[str, str]) -> dict[str, Box]:
        """Where fields are on their page, by the same keys."""
        places = self.edition.field_map.fields
        return {key: places[name.partition("_")[2]].box for key, name in fields.items()}

    def identity(self, category: str, page: int = 1) -> str:
        """What a page says of itself."""
        return str(PageIdentity(self.edition.edition, self.token, category, page))


@cache
def blank() -> Blank:
    """The blank of the built-in form."""
    return build_blank(default_form())


def _blank() -> Source:
    return Source(blank().pdf, blank().edition_file, None)


def _copy(prefilled: Prefilled) -> bytes:
    person = ("Beratung „Brücke“ e. V.", "Şule Öztürk", "post@bruecke.example")
    recipient = Recipient(*person, categories=(), language="", note="", row=2)
    plan = plan_copy(default_form(), recipient, TOKEN, prefilled)
    return blank().pdf + personaliser(default_form(), blank(), [plan]).copy(plan).tail


def _personalised() -> Source:
    # its pages are the blank's; two engines are enough to notice if they were not
    return Source(_copy(Prefilled()), blank().edition_file, TOKEN, renderers=("pdfium-typed", "poppler"))


def _prefilled() -> Source:
    """With more entries than a page has rows, and among them every line of `SHOWN`."""
    plain = _blank()
    fields = dict(zip(SHOWN, plain.cells(PREFILLED_ON), strict=False))
    by_row: dict[int, dict[str, str]] = {}
    for script, name in fields.items():
        row, column = name.split("_")[2:]
        by_row.setdefault(int(row[1:]), {})[column] = SHOWN[script]
    rows = [by_row.get(row, {"einrichtung": f"Einrichtung {row}"}) for row in range(1, 8)]
    entries = tuple(_entry(f"e{row:04}", values) for row, values in enumerate(rows, start=1))
    return Source(_copy(Prefilled({PREFILLED_ON: entries})), plain.edition, TOKEN, fields)


def _entry(key: str, values: dict[str, str]) -> WireEntry:
    section = default_form().sections[0].key
    return WireEntry(
        id=key,
        section=section,
        category=PREFILLED_ON,
        values=values,
        nil=False,
        reporters=(TOKEN,),
        sources=(),
        status="",
        confirmed=None,
        duplicates=(),
        conflicts=(),
    )


_MADE: Mapping[str, Callable[[], Source]] = {
    "blank": _blank,
    "personalised": _personalised,
    "prefilled": _prefilled,
}
COPIES = tuple(_MADE)
"""Kinds of copies, by name."""


@cache
def source(copy: str) -> Source:
    """The file to fill of one kind."""
    return _MADE[copy]()
