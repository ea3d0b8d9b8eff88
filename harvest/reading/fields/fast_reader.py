"""The quick way: a sound, plain return read in Python alone, a third of the time that any library takes.

Nine of ten fields are empty. Libraries parse them all the same; here their bytes have to match a strict grammar, and what
shows that they hold nothing is looked for in these bytes. Whatever is unusual (damage, notes, actions, parents, pages without
fields, anything that readers may read differently) ends the quick way, and `harvest.reading.fields.pikepdf_reader` reads the file from its
beginning: both say the same wherever both say anything, which tests hold.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from harvest.model import Method
from harvest.reading.fields.appearance_check import same_words
from harvest.reading.fields.fast_appearances import QuickLooks
from harvest.reading.fields.nil_box_state import State, state_of
from harvest.reading.model import limits
from harvest.reading.model.errors import UnusualError
from harvest.reading.model.raw_fields import (
    Raw,
    RawField,
    Rect,
    is_answer,
    is_cell,
    name_of,
    otherwise,
    prefilled_rows,
    reconciled,
    rect_of,
)
from harvest.reading.pdf import pdf_grammar
from harvest.reading.pdf.added_content import FONT
from harvest.reading.pdf.object_table import Objects
from harvest.text.pdf_strings import decode

if TYPE_CHECKING:
    from harvest.reading.model.known_pages import KnownPages

#: What it may stumble over besides, in files that are none; all of it is left to the general way.
STUMBLES = (ValueError, LookupError, ArithmeticError, zlib.error, RecursionError)
#: What the form's pages draw with: their fonts, and the code with the small print (`harvest.reading.pdf.added_content`).
_WS = rb"[\0\t\n\f\r ]*+"
_FONTS = rb"/Font" + _WS + rb"(?P<fonts>[1-9][0-9]{0,7} 0 R|<<[^<>]*+>>)"
_CODE = rb"/XObject" + _WS + rb"<<" + _WS + rb"/Identity" + _WS + rb"[1-9][0-9]{0,7} 0 R" + _WS + rb">>"
_DRAWN = re.compile(
    rb"<<" + _WS + rb"(?:" + _FONTS + _WS + rb")?+(?:" + _CODE + _WS + rb")?+"
    rb"(?:" + _FONTS.replace(b"fonts", b"after") + _WS + rb")?+>>"
)  # fmt: skip
#: What runs, names or adds something in a catalog, and in a page; the general way knows what to say of it (12.6, 7.7.4).
_CATALOG = frozenset({b"/A", b"/AA", b"/OpenAction", b"/Names", b"/ADBE_FillSignInfo"})
_PAGE = frozenset({b"/A", b"/AA", b"/Kids"})
#: A title as it stands in nearly all files.
_TITLE = re.compile(rb"/T" + _WS + rb"\(([a-z0-9_-]++)\)")
_WIDGET = frozenset({b"/A", b"/AA", b"/Kids", b"/Parent"})


def extract(data: bytes, sent: KnownPages | None = None) -> Raw:
    """What the return holds, exactly as `harvest.reading.fields.pikepdf_reader.extract` gives it. `data` begins at the header.

    Args:
        data: the file's bytes.
        sent: what was sent; without it, what a page's content draws is not looked at.

    Raises:
        UnusualError: the general way has to read it.
    """
    if b"ADBE_FillSign" in data:
        raise UnusualError("Fill & Sign")
    return _Walk(Objects(data), sent).raw()


def contents(data: bytes) -> list[bytes]:
    """The object of each page's content in a sound file, with its stream as it stands there.

    Raises:
        UnusualError, STUMBLES: it is none.
    """
    objects = Objects(data)
    walk = _Walk(objects)
    pages = walk.page_list(objects.dictionary(objects.trailer.get(b"/Root")))
    return [objects.stream_text(page[b"/Contents"]) for page in pages]


class _Walk:
    def __init__(self, objects: Objects, sent: KnownPages | None = None) -> None:
        self._objects = objects
        self._looks = QuickLooks(objects)
        self._sent = sent
        self._other: list[bytes] = []
        self._done: set[int] = set()
        self._fields: list[RawField] = []
        self._plain: set[bytes] = set()
        self._ours = 0

    def raw(self) -> Raw:
        objects = self._objects
        root = objects.dictionary(objects.trailer.get(b"/Root"))
        if root.get(b"/Type") != b"/Catalog" or not _CATALOG.isdisjoint(root):
            raise UnusualError("an unusual catalog")
        pages = self.page_list(root)
        for number, page in enumerate(pages, 1):
            self._check_content(page)
            self._page(page, number)
        self._tree(root)
        self._looks.check()
        objects.check()
        self._check_drawings()
        if not self._ours:
            raise UnusualError("nothing of ours that says anything")
        info = objects.dictionary(objects.trailer[b"/Info"]) if b"/Info" in objects.trailer else {}
        return Raw(
            pages=len(pages),
            fields=reconciled(self._fields),
            ours=self._ours,
            dates=(_entry(info, b"/ModDate"), _entry(info, b"/CreationDate")),
            producer=_entry(info, b"/Producer"),
        )

    # ------------------------------------------------------------ pages

    def page_list(self, root: Mapping[bytes, bytes]) -> list[Mapping[bytes, bytes]]:
        """The pages in order."""
        top = pdf_grammar.reference(root.get(b"/Pages"))
        node = self._objects.dictionary(root.get(b"/Pages"))
        if top is None or b"/Parent" in node:
            raise UnusualError("an unusual page tree")
        pages = list(self._leaves(node, {top}, frozenset()))
        if not 0 < len(pages) == pdf_grammar.integer(node.get(b"/Count")) <= limits.PAGES:
            raise UnusualError("not as many pages as it says")
        return pages

    def _leaves(
        self, node: Mapping[bytes, bytes], met: set[int], above: frozenset[bytes]
    ) -> Iterator[Mapping[bytes, bytes]]:
        """The pages below a node (7.7.3), each of which has what it needs, if from above."""
        if node.get(b"/Type") != b"/Pages" or len(met) > 2 * limits.PAGES:
            raise UnusualError("an unusual page tree")
        above |= self._inheritable(node)
        for number in pdf_grammar.references(node.get(b"/Kids")):
            if number in met:
                raise UnusualError("a page that occurs twice")
            met.add(number)
            kid = self._objects.dictionary(b"%d 0 R" % number)
            if b"/Kids" in kid:
                yield from self._leaves(kid, met, above)
                continue
            if len(above | self._inheritable(kid)) != 2 or kid.get(b"/Type") != b"/Page":
                raise UnusualError("a page that lacks something")
            yield kid

    def _inheritable(self, node: Mapping[bytes, bytes]) -> frozenset[bytes]:
        has = set()
        if pdf_grammar.rectangle(node.get(b"/MediaBox")) is not None:
            has.add(b"/MediaBox")
        if self._objects.text(node.get(b"/Resources")).startswith(b"<<"):
            has.add(b"/Resources")
        return frozenset(has)

    def _check_content(self, page: Mapping[bytes, bytes]) -> None:
        """Nothing was written onto the page besides its fields."""
        text = self._objects.text
        content = page.get(b"/Contents")
        if content is None:
            return
        if pdf_grammar.reference(content) is None:
            raise UnusualError("a page that something was written on")
        drawn = text(page.get(b"/Resources"))
        if drawn not in self._plain:
            self._check_resources(drawn)
            self._plain.add(drawn)
        if self._sent is not None:
            drawn_in = self._objects.stream_text(content)
            if not self._sent.drew(drawn_in):
                self._other.append(drawn_in)

    def _check_resources(self, drawn: bytes) -> None:
        plain = _DRAWN.fullmatch(drawn)
        if plain is None:
            raise UnusualError("a page that something was written on")
        fonts = self._objects.text(plain["fonts"] or plain["after"] or b"<<>>")
        if not all(FONT.fullmatch(name.decode("ascii")) for name in pdf_grammar.pairs(fonts)):
            raise UnusualError("a font that is none of the form's")

    def _check_drawings(self) -> None:
        """Nothing was drawn into a page's own content either, as far as the drawings are still there."""
        sent = self._sent
        if sent is None or not self._other:
            return
        sent.learn(one.text for one in self._fields if one.name.endswith("_id"))
        if not all(map(sent.drew, self._other)) and any(
            sent.knows(edition) for edition in {one.name.partition("_")[0] for one in self._fields}
        ):
            raise UnusualError("a page that was not sent so")

    def _page(self, page: Mapping[bytes, bytes], number: int) -> None:
        if not _PAGE.isdisjoint(page):
            raise UnusualError("a page with actions")
        objects, done = self._objects, self._done
        widgets = pdf_grammar.references(objects.text(page.get(b"/Annots")))
        before, known, ours = len(done), len(self._fields), self._ours
        done.update(widgets)
        if not widgets or len(done) != before + len(widgets):
            raise UnusualError("a page without fields, or a widget that occurs twice")
        if len(done) > limits.FIELDS:
            raise UnusualError("too many fields")
        for widget in objects.filled(widgets):
            self._widget(widget, number)
        if self._ours == ours:
            raise UnusualError("a page without a field of ours that says anything")
        own = self._fields[known:]
        if rows := prefilled_rows(own):
            self._removed(rows, {one.name for one in own}, widgets, number)

    # ------------------------------------------------------------ fields

    def _widget(self, widget: Mapping[bytes, bytes], page: int) -> None:
        title = widget.get(b"/T")
        if title is None or widget.get(b"/Subtype") != b"/Widget" or not _WIDGET.isdisjoint(widget):
            raise UnusualError("no widget that is its own field")
        if b"/RV" in widget:
            raise UnusualError("rich text")
        if (
            b"/V" not in widget and b"/AS" not in widget
        ):  # empty, but with more in it than the grammar of empty ones has
            if widget.get(b"/FT") == b"/Tx" and self._looks.words(widget).strip():
                raise UnusualError("an empty field that shows something")
            return
        name = _name(title)
        self._ours += 1
        said = self._said(widget)
        if said is None:
            return
        text, confidence = said
        if len(text) > limits.CHARACTERS:
            raise UnusualError("too long a text")
        found = RawField(name, text, Method.WIDGET, page, _box(widget.get(b"/Rect")), confidence)
        self._fields.append(found)
        if (
            widget[b"/FT"] == b"/Tx"
            and is_answer(name)
            and otherwise(found, self._looks.words(widget), same_words)
        ):
            raise UnusualError("a field that shows something else than it stores")

    def _said(self, widget: Mapping[bytes, bytes]) -> State | None:
        """The value as text and how sure it is, None where the field was never touched; of a checkbox its state."""
        kind, value, state = widget.get(b"/FT"), widget.get(b"/V"), widget.get(b"/AS")
        if kind is None or not kind.startswith(b"/"):
            raise UnusualError("a field without a kind")
        if kind != b"/Btn":
            return None if value is None else State(_text(value, b""), 1.0)
        shown, stored = (None if one is None else _text(one, b"/") for one in (state, value))
        return state_of(shown, stored, lambda: self._appearances(widget))

    def _appearances(self, box: Mapping[bytes, bytes]) -> list[str] | None:
        """The states that a checkbox has appearances for; None where it has one for all, or none (12.5.5)."""
        objects = self._objects
        if b"/AP" not in box:
            return None
        normal = objects.dictionary(box[b"/AP"]).get(b"/N")
        if normal is None or not (text := objects.text(normal)).startswith(b"<<"):
            raise UnusualError("an appearance that is no dictionary")
        return [name.decode("ascii") for name in pdf_grammar.pairs(text)]

    def _removed(self, rows: tuple[str, ...], said: set[str], widgets: Iterable[int], page: int) -> None:
        """Cells of prefilled rows that are there, and have no value any more: what stood in them was taken away."""
        objects = self._objects
        for key in widgets:
            title = _TITLE.search(objects.bytes_of(key))
            if title is not None and not title[1].decode("ascii").startswith(rows):
                continue
            widget = pdf_grammar.pairs(objects.text(b"%d 0 R" % key))
            own = pdf_grammar.string(widget.get(b"/T"))
            name = None if own is None else name_of([decode(own)])
            if name is None or name in said or not name.startswith(rows) or not is_cell(name):
                continue
            if b"/V" in widget:
                raise UnusualError("a cell of an unusual shape")
            self._fields.append(RawField(name, "", Method.WIDGET, page, _box(widget.get(b"/Rect"))))

    def _tree(self, root: Mapping[bytes, bytes]) -> None:
        """All that the field tree leads to has to stand on pages (12.7.2)."""
        form = self._objects.dictionary(root.get(b"/AcroForm"))
        if b"/XFA" in form or not self._done.issuperset(
            pdf_grammar.references(self._objects.text(form.get(b"/Fields")))
        ):
            raise UnusualError("fields beyond the pages")


@lru_cache(maxsize=16_384)
def _name(title: bytes) -> str:
    """The name of ours that a title spells, as it is written in the file. All returns of an edition have the same."""
    text = pdf_grammar.string(title)
    name = None if text is None else name_of([decode(text)])
    if name is None:
        raise UnusualError("a field of another name with a value")
    return name


@lru_cache(maxsize=16_384)
def _box(written: bytes | None) -> Rect | None:
    """The rectangle with its corners in order, None where it has no area."""
    numbers = pdf_grammar.rectangle(written)
    if numbers is None:
        raise UnusualError("no rectangle")
    return rect_of(numbers)


def _text(value: bytes, mark: bytes) -> str:
    """A string's text, or a name with `mark` before it."""
    if value.startswith(b"/"):
        return (mark + value[1:]).decode("ascii")
    text = pdf_grammar.string(value)
    if text is None:
        raise UnusualError("a value that is no text")
    return decode(text)


def _entry(info: Mapping[bytes, bytes], key: bytes) -> str:
    value = info.get(key)
    if pdf_grammar.reference(value) is not None:
        raise UnusualError("an entry that stands elsewhere")
    said = pdf_grammar.string(value)
    return "" if said is None else decode(said)
