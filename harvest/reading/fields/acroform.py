"""Every field of ours in a PDF: through the pages' annotations and through the field tree.

Neither alone is enough: page extraction leaves widgets without a tree, macOS Preview drops fields from
`/Fields`, and some programs write the tree apart from the page (docs/findings/readers.md, 4 and 7).
Annotations: ISO 32000-1, 12.5; fields and their inheritance: 12.7.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from harvest.model import Method, Severity
from harvest.problems import problem
from harvest.reading.fields.appearance_words import Looks, inherited, place_of, shown_otherwise, string_of
from harvest.reading.fields.blank_widgets import Objgen, Untouched, references
from harvest.reading.fields.nil_box_state import State, state_of
from harvest.reading.fields.shared_values import Shared, alone
from harvest.reading.model import limits
from harvest.reading.model.errors import TooManyFieldsError
from harvest.reading.model.field_walk import Found
from harvest.reading.model.raw_fields import (
    RawField,
    RawForeign,
    Rect,
    is_cell,
    name_by_value,
    name_of,
    prefilled_rows,
)
from harvest.reading.pdf.actions import actions_of
from harvest.reading.pdf.markup_annotations import is_hidden
from harvest.reading.pdf.optional_content import Layers
from harvest.text.pdf_strings import decode

if TYPE_CHECKING:
    import pikepdf

#: A node of the field tree with its ancestors and their names, outermost first.
_Branch: TypeAlias = "tuple[Objgen, pikepdf.Object, tuple[Objgen, ...], tuple[str, ...]]"

_DIRECT = (0, 0)  # the object number of an object that stands inside another


class Walk:
    """One walk through one open PDF.

    Args:
        pdf: the open file.
        empty: tells empty widgets without parsing them; None where the file is damaged or unusual.
        thorough: look at the names of empty widgets, too.
        whole: nothing of the file is damaged, so that a value which is not there was taken away.
    """

    def __init__(
        self, pdf: pikepdf.Pdf, empty: Untouched | None = None, *, thorough: bool = False, whole: bool = False
    ) -> None:
        import pikepdf  # noqa: PLC0415 - a heavy library, loaded when the first PDF is opened

        self._pike = pikepdf
        self._pdf = pdf
        self._hot = tuple(pikepdf.Name(key) for key in ("/V", "/Parent", "/AS", "/A", "/AA", "/FT", "/RV"))
        self._empty = empty
        self._looks = Looks(pdf)
        self._looked: set[Objgen] = set()
        self._passed: set[Objgen] = set()
        self._thorough = thorough
        self._whole = whole
        self._layers = Layers(pdf.trailer.get("/Root"))
        self._pages: dict[Objgen, int] = {}
        self._shared = Shared(())
        self._done: set[Objgen] = set()
        self._count = 0
        self.found = Found()

    # ------------------------------------------------------------ pages

    def pages(self, pages: Iterable[pikepdf.Object]) -> None:
        """Read the widgets of all pages.

        Raises:
            TooManyFieldsError: over the limit.
        """
        annotations = []
        for number, page in enumerate(pages, 1):
            self._pages[page.objgen] = number
            annotations.append(page.get("/Annots"))
        self._shared = Shared(annotations)
        for number, array in enumerate(annotations, 1):
            before, known = self.found.ours, len(self.found.fields)
            if isinstance(array, self._pike.Array):
                self._counted(len(array))
                self._page(array, number)
                own = self.found.fields[known:]
                if self._whole and (rows := prefilled_rows(own)):
                    self._removed(rows, {one.name for one in own}, array, number)
                if self.found.ours != before or self._has_ours(array):
                    continue
            self.found.bare.append(number)

    def _has_ours(self, array: pikepdf.Object) -> bool:
        """Whether fields of ours are among a page's, though none says anything."""
        widgets = (item for item in array if isinstance(item, self._pike.Dictionary))
        return any(self._names(self._chain(item)) is not None for item in widgets)

    def _names(self, chain: list[pikepdf.Object]) -> str | None:
        """The name of ours that a field and its ancestors spell."""
        return name_of([self._name(node) for node in reversed(chain) if "/T" in node])

    def _page(self, array: pikepdf.Object, number: int) -> None:
        # Nine of ten fields are empty; what is done here for each of them is most of the reading's time.
        # Asking for single keys by ready-made names takes half the time of `keys()`.
        dictionary, done = self._pike.Dictionary, self._done
        value, parent, state, action, actions, kind, rich = self._hot
        for item in self._unless_empty(array):
            if not isinstance(item, dictionary):
                continue
            key = item.objgen
            if key in done and key != _DIRECT:
                continue
            done.add(key)
            if value in item or parent in item or state in item or rich in item or self._thorough:
                self._widget(item, number)
            elif kind in item:
                self.found.passed += 1
                self._passed.add(key)
            else:
                self._other(item, number)
            if action in item or actions in item:
                self.found.actions |= set(actions_of(item))

    def silent(self, pages: Iterable[pikepdf.Object]) -> None:
        """Read what fields show that have no value, or keep only as rich text."""
        empty = self._empty
        for number, page in enumerate(pages, 1):
            array = page.get("/Annots")
            if not isinstance(array, self._pike.Array):
                continue
            keys = references(array) if empty is not None else None
            asked = self._showing | self._passed
            items = array if keys is None else [self._pdf.get_object(key) for key in keys if key in asked]
            for item in items:
                if not isinstance(item, self._pike.Dictionary) or item.objgen in self._looked or "/V" in item:
                    continue
                if "/RV" in item or self._looks.words(item).strip():
                    chain = self._chain(item)
                    name = self._names(chain)
                    if name is not None:
                        self.found.ours += 1
                        self._shows(name, chain, number)

    @cached_property
    def _showing(self) -> frozenset[Objgen]:
        """The widgets that were taken for empty by their bytes, and show something."""
        empty = self._empty
        return frozenset() if empty is None else frozenset(empty.showing(self._looks.shows))

    def _shows(self, name: str, chain: list[pikepdf.Object], page: int) -> None:
        """What a text field's appearance or rich text says, where that is something else than its value."""
        self._looked.add(chain[0].objgen)
        if not name.endswith("_nil") and inherited(chain, "/FT") != "/Btn":
            last = self.found.fields[-1] if self.found.fields else None
            stored = last if last is not None and (last.name, last.page) == (name, page) else None
            base = stored or RawField(name, "", Method.WIDGET, page, place_of(chain[0]))
            rich = inherited(chain, "/RV")
            self.found.fields += shown_otherwise(base, self._looks.words(chain[0]), rich, string_of)

    def _removed(self, rows: tuple[str, ...], said: set[str], array: pikepdf.Object, page: int) -> None:
        """Cells of prefilled rows that are there, and have no value any more: what stood in them was taken away."""
        for item in array:
            if not isinstance(item, self._pike.Dictionary) or "/Rect" not in item:
                continue
            chain = self._chain(item)
            name = self._names(chain)
            if name is None or name in said or not name.startswith(rows) or not is_cell(name):
                continue
            if inherited(chain, "/V") is None:
                said.add(name)
                self.found.fields.append(RawField(name, "", Method.WIDGET, page, place_of(item)))

    def boxes(self, page: pikepdf.Object) -> Iterator[tuple[str, Rect]]:
        """Where the fields of ours on one page stand, filled or not; hidden ones are left out.

        Raises:
            TooManyFieldsError: over the limit.
        """
        for item in page.get("/Annots", ()):
            self._counted()
            if not isinstance(item, self._pike.Dictionary) or "/Rect" not in item:
                continue
            chain = self._chain(item)
            name = self._names(chain)
            box = place_of(item)
            if name is not None and box is not None and not name.endswith("_id"):
                yield name, box

    def _unless_empty(self, array: pikepdf.Object) -> Iterable[pikepdf.Object]:
        """The array's objects without the widgets that are empty for sure."""
        keys = references(array) if self._empty is not None else None
        if keys is None or self._empty is None:
            return array
        empty = set(self._empty.among(keys))
        self._done |= empty
        self.found.passed += len(empty)
        return [self._pdf.get_object(key) for key in keys if key not in empty]

    def _counted(self, more: int = 1) -> None:
        self._count += more
        if self._count > limits.FIELDS:
            raise TooManyFieldsError

    def _widget(self, widget: pikepdf.Object, page: int) -> None:
        if not ("/FT" in widget and "/T" in widget) and widget.get("/Subtype") != "/Widget":
            self.found.others.append((page, widget))
            return
        if "/Kids" in widget:  # a field that is not merged with its widget: the tree still has to see it
            self._done.discard(widget.objgen)
        chain = self._chain(widget) if "/Parent" in widget else [widget]
        name = self._names(chain) or self._stranger(chain, page)
        if name is None:
            self.found.foreign += 1
            return
        self.found.ours += 1
        if "/T" not in widget and self._shared.has(chain, page) and inherited(chain, "/FT") != "/Btn":
            self.found.shared.add(page)
            self._show_alone(name, chain, page)
            return
        self._keep(name, chain, Method.WIDGET, page)
        self._shows(name, chain, page)

    def _show_alone(self, name: str, chain: list[pikepdf.Object], page: int) -> None:
        """What the widget of a shared field shows: its value may be another partner's, whose file was joined with this."""
        self._looked.add(chain[0].objgen)
        known = len(self.found.fields)
        self._keep(name, chain, Method.WIDGET, page)
        nothing = RawField(name, "", Method.WIDGET, page, place_of(chain[0]))
        stored = next(iter(self.found.fields[known:]), nothing)
        self.found.fields[known:] = alone(stored, self._looks.words(chain[0]))

    def _stranger(self, chain: list[pikepdf.Object], page: int) -> str | None:
        """Keep what a field of another name says; None, or the name of ours where the value tells it."""
        kind = inherited(chain, "/FT")
        if kind not in {"/Tx", "/Ch", "/Btn", None}:
            return None
        try:
            said = self._said("", chain)
        except Exception:  # noqa: BLE001 - a value that is no text says nothing to anybody
            return None
        if said is None:
            return None
        if ours := name_by_value(said.text):
            return ours
        called = ".".join(self._name(node) for node in reversed(chain) if "/T" in node)[: limits.QUOTED]
        self.found.strangers.append(
            RawForeign(
                page, called, said.text[: limits.CHARACTERS], place_of(chain[0]),
                button=kind == "/Btn", hidden=is_hidden(chain[0], self._layers), confidence=said.confidence,
            )
        )  # fmt: skip
        return None

    def _other(self, item: pikepdf.Object, page: int) -> None:
        if item.get("/Subtype") == "/Widget":  # its field is elsewhere, and says nothing
            self.found.passed += 1
        else:
            self.found.others.append((page, item))

    def _chain(self, node: pikepdf.Object) -> list[pikepdf.Object]:
        """The node and its ancestors, nearest first; a circle is cut and reported."""
        chain, met = [node], {node.objgen}
        while len(chain) <= limits.DEPTH:
            parent = chain[-1].get("/Parent")
            if not isinstance(parent, self._pike.Dictionary):
                return chain
            if parent.objgen != _DIRECT and parent.objgen in met:
                break
            met.add(parent.objgen)
            chain.append(parent)
        self._recursive()
        return chain

    def _recursive(self) -> None:
        self.found.problems.add(problem("recursive-structure", Severity.CHECK))

    # ------------------------------------------------------------ the field tree

    def _members(self, array: Any, above: tuple[Objgen, ...], parts: tuple[str, ...]) -> Iterator[_Branch]:
        """The dictionaries of an array that were not read yet; one that is its own ancestor is reported."""
        if not isinstance(array, self._pike.Array):
            return
        dictionary, done = self._pike.Dictionary, self._done
        for item in self._unless_read(array, above):
            if not isinstance(item, dictionary):
                continue
            key = item.objgen
            if key not in done or key == _DIRECT:
                yield key, item, above, parts
            elif key in above:
                self._recursive()

    def _unless_read(self, array: pikepdf.Object, above: tuple[Objgen, ...]) -> Iterable[pikepdf.Object]:
        """The array's objects, where they can be told apart unparsed without those that were read."""
        keys = references(array) if self._empty is not None else None
        if keys is None:
            return array
        return [self._pdf.get_object(key) for key in keys if key not in self._done or key in above]

    def _is_new(self, key: Objgen) -> bool:
        if key in self._done and key != _DIRECT:
            return False
        self._done.add(key)
        return True

    def tree(self, fields: Any) -> None:
        """Read what the field tree says beyond the pages' widgets.

        Raises:
            TooManyFieldsError: over the limit.
        """
        pending = list(self._members(fields, (), ()))[::-1]
        while pending:
            key, node, above, parts = pending.pop()
            if not self._is_new(key):
                continue
            self._counted()
            keys = node.keys()
            if "/T" in keys:
                parts = (*parts, self._name(node))
            if "/V" in keys or "/AS" in keys:
                self._tree_value(node, parts)
            if "/Kids" not in keys:
                continue
            if len(above) >= limits.DEPTH:
                self._recursive()
                continue
            pending += list(self._members(node.Kids, (*above, key), parts))[::-1]

    def _tree_value(self, node: pikepdf.Object, parts: tuple[str, ...]) -> None:
        name = name_of(parts)
        if name is None:
            self.found.foreign += 1
            return
        self.found.ours += 1
        page = node.get("/P")
        on = self._pages.get(page.objgen, 0) if isinstance(page, self._pike.Dictionary) else 0
        self._keep(name, [node], Method.FIELD_TREE, on)

    def strays(self) -> None:
        """Read widgets that neither a page nor the tree leads to; for files that lost their structure.

        Raises:
            TooManyFieldsError: over the limit.
        """
        for item in self._pdf.objects:
            if isinstance(item, self._pike.Dictionary) and item.get("/Subtype") == "/Widget":
                if not self._is_new(item.objgen):
                    continue
                self._counted()
                self._tree_value(item, tuple(self._name(n) for n in reversed(self._chain(item)) if "/T" in n))

    # ------------------------------------------------------------ values

    def _keep(self, name: str, chain: list[pikepdf.Object], method: Method, page: int) -> None:
        try:
            said = self._said(name, chain)
        except Exception:  # noqa: BLE001 - whatever a damaged value raises, the next field is read
            self.found.problems.add(problem("unreadable-value", Severity.LOST, name))
            return
        if said is None:
            return
        text, confidence = said
        if len(text) > limits.CHARACTERS:
            self.found.problems.add(
                problem(
                    "too-large", Severity.LOST, name,
                    what="characters", size=len(text), limit=limits.CHARACTERS,
                )
            )  # fmt: skip
            return
        self.found.fields.append(RawField(name, text, method, page, place_of(chain[0]), confidence))

    def _said(self, name: str, chain: list[pikepdf.Object]) -> State | None:
        """The value as text and how sure it is, None where the field was never touched."""
        value = inherited(chain, "/V")
        kind = inherited(chain, "/FT")
        if kind == "/Btn" or (kind is None and name.endswith("_nil")):
            return self._state(chain[0], value)
        return None if value is None else State(string_of(value), 1.0)

    def _state(self, box: pikepdf.Object, value: Any) -> State | None:
        shown, stored = (
            None if state is None else string_of(state, slash=True) for state in (box.get("/AS"), value)
        )
        return state_of(shown, stored, lambda: self._looks.states(box))

    def _name(self, node: pikepdf.Object) -> str:
        value = node.get("/T")
        return decode(bytes(value)) if isinstance(value, self._pike.String) else ""
