"""The same reading with pypdf: a second opinion where qpdf gives up, and the check that neither errs alone.

Written apart from `harvest.reading.fields.acroform` on purpose: what one misunderstands, the other shows.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from harvest.model import Method, Problem, Severity
from harvest.problems import problem
from harvest.reading.fields.nil_box_state import State, state_of
from harvest.reading.model import limits
from harvest.reading.model.errors import PasswordNeededError, TooManyFieldsError, UnreadableError
from harvest.reading.model.raw_fields import Raw, RawField, Rect, name_by_value, name_of, reconciled, rect_of
from harvest.text.passwords import spelled
from harvest.text.pdf_strings import decode

if TYPE_CHECKING:
    import pypdf

Number = tuple[int, int]


def extract(data: bytes, passwords: Sequence[str] = ()) -> Raw:
    """What the PDF holds. `data` begins at the header.

    Raises:
        PasswordNeededError, UnreadableError: nothing could be read.
    """
    import pypdf  # noqa: PLC0415 - a heavy library, loaded when it is needed

    bounds = pypdf.Configuration(
        zlib_maximum_output_length=limits.STREAM, page_tree_maximum_depth=limits.DEPTH
    )
    try:
        with quiet(), pypdf.apply_configuration(bounds):
            reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
            _unlock(reader, passwords)
            return _Extract(reader).raw()
    except (PasswordNeededError, MemoryError):
        raise
    except Exception as error:
        # damaged files make pypdf raise errors of many kinds, RecursionError and KeyError among them
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


@contextmanager
def quiet() -> Iterator[None]:
    """Without pypdf's log: it repeats on every page what the problems say once."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _unlock(reader: pypdf.PdfReader, passwords: Sequence[str]) -> None:
    if reader.is_encrypted and not any(map(reader.decrypt, (b"", *spelled(passwords)))):
        raise PasswordNeededError


def _get(node: Any, key: str) -> Any:
    """The value under `key`, references followed; None where there is none or it is null (7.3.9)."""
    from pypdf.generic import DictionaryObject, NullObject  # noqa: PLC0415

    if not isinstance(node, DictionaryObject) or key not in node:
        return None
    value = node.raw_get(key).get_object()
    return None if isinstance(value, NullObject) else value


def _items(array: Any) -> Iterator[tuple[Number, Any]]:
    """The dictionaries of an array, each with its object number, (0, 0) for those that stand in it."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415

    for index in range(len(array) if isinstance(array, ArrayObject) else 0):
        raw = array.raw_get(index) if hasattr(array, "raw_get") else list.__getitem__(array, index)
        number = (raw.idnum, raw.generation) if isinstance(raw, IndirectObject) else (0, 0)
        item = raw.get_object()
        if isinstance(item, DictionaryObject):
            yield number, item


class _Extract:
    def __init__(self, reader: pypdf.PdfReader) -> None:
        self._reader = reader
        self._problems: set[Problem] = set()
        self._fields: list[RawField] = []
        self._read: set[Number] = set()
        self._count = self._ours = self._foreign = 0

    def raw(self) -> Raw:
        root = _get(self._reader.trailer, "/Root")
        pages = list(self._pages(root))
        form = _get(root, "/AcroForm")
        try:
            for number, (_, page) in enumerate(pages, 1):
                for key, widget in _items(_get(page, "/Annots")):
                    self._widget(key, widget, number)
            on_page = {key: number for number, (key, _) in enumerate(pages, 1)}
            self._branch(_get(form, "/Fields"), (), (), on_page)
        except TooManyFieldsError:
            size = f"> {limits.FIELDS}"
            self._problems.add(
                problem("too-large", Severity.LOST, what="fields", size=size, limit=limits.FIELDS)
            )
        info = _get(self._reader.trailer, "/Info")
        return Raw(
            pages=len(pages),
            fields=reconciled(self._fields),
            ours=self._ours,
            foreign=self._foreign,
            dates=(self._entry(info, "/ModDate"), self._entry(info, "/CreationDate")),
            producer=self._entry(info, "/Producer"),
            xfa=_get(form, "/XFA") is not None,
            problems=tuple(sorted(self._problems)),
        )

    def _circle(self) -> None:
        self._problems.add(problem("recursive-structure", Severity.CHECK))

    def _pages(self, root: Any) -> Iterator[tuple[Number, Any]]:
        """The leaves of the page tree (7.7.3)."""
        from pypdf.generic import ArrayObject  # noqa: PLC0415

        top = root.raw_get("/Pages") if root is not None and "/Pages" in root else None
        pending = list(_items(ArrayObject([top]))) if top is not None else []
        met: set[Number] = set()
        while pending and len(met) <= limits.PAGES:
            key, node = pending.pop()
            if key in met and key != (0, 0):
                self._circle()
                continue
            met.add(key)
            if "/Kids" in node:
                pending.extend(reversed(list(_items(_get(node, "/Kids")))))
            else:
                yield key, node

    def _counted(self) -> None:
        self._count += 1
        if self._count > limits.FIELDS:
            raise TooManyFieldsError

    def _widget(self, key: Number, widget: Any, page: int) -> None:
        if key in self._read and key != (0, 0):
            return
        if _get(widget, "/Subtype") != "/Widget" and not ("/FT" in widget and "/T" in widget):
            return
        self._counted()
        if "/Kids" not in widget:
            self._read.add(key)
        line = [widget]
        met = {key}
        while (parent := _get(line[-1], "/Parent")) is not None:
            raw = line[-1].raw_get("/Parent")
            number = (getattr(raw, "idnum", 0), getattr(raw, "generation", 0))
            if (number in met and number != (0, 0)) or len(line) > limits.DEPTH:
                self._circle()
                break
            met.add(number)
            line.append(parent)
        name = name_of([self._entry(node, "/T") for node in reversed(line) if "/T" in node])
        self._keep(name, line, Method.WIDGET, page)

    def _branch(
        self, array: Any, above: tuple[Number, ...], names: tuple[str, ...], on_page: dict[Number, int]
    ) -> None:
        """One level of the field tree and what hangs below it."""
        for key, node in _items(array):
            if key != (0, 0) and key in self._read:
                if key in above:
                    self._circle()
                continue
            self._read.add(key)
            self._counted()
            own = (*names, self._entry(node, "/T")) if "/T" in node else names
            if "/V" in node or "/AS" in node:
                page = node.raw_get("/P") if "/P" in node else None
                number = (getattr(page, "idnum", 0), getattr(page, "generation", 0))
                self._keep(name_of(own), [node], Method.FIELD_TREE, on_page.get(number, 0))
            if "/Kids" in node:
                if len(above) >= limits.DEPTH:
                    self._circle()
                else:
                    self._branch(_get(node, "/Kids"), (*above, key), own, on_page)

    def _keep(self, name: str | None, line: list[Any], method: Method, page: int) -> None:
        if name is None and (name := self._by_value(line)) is None:
            self._foreign += 1
            return
        self._ours += 1
        try:
            said = self._said(name, line)
        except Exception:  # noqa: BLE001 - whatever a damaged value raises, the next field is read
            self._problems.add(problem("unreadable-value", Severity.LOST, name))
            return
        if said is None:
            return
        text, confidence = said
        if len(text) > limits.CHARACTERS:
            large = {"what": "characters", "size": len(text), "limit": limits.CHARACTERS}
            self._problems.add(problem("too-large", Severity.LOST, name, **large))
        else:
            self._fields.append(RawField(name, text, method, page, self._rect(line[0]), confidence))

    def _by_value(self, line: list[Any]) -> str | None:
        """The name of the hidden field that says whose a page is, where only its value still tells it."""
        try:
            said = self._said("", line)
        except Exception:  # noqa: BLE001 - a value that is no text
            return None
        return None if said is None else name_by_value(said.text)

    def _said(self, name: str, line: list[Any]) -> State | None:
        """The value as text and how sure it is, None where the field was never touched."""
        value, kind = (
            next((found for node in line if (found := _get(node, key)) is not None), None)
            for key in ("/V", "/FT")
        )
        if kind == "/Btn" or (kind is None and name.endswith("_nil")):
            shown, stored = (
                None if state is None else self._string(state) for state in (_get(line[0], "/AS"), value)
            )
            return state_of(shown, stored, lambda: _appearances(line[0]))
        if value is None:
            return None
        return State(self._string(value).removeprefix("/" if _is_name(value) else ""), 1.0)

    def _string(self, value: Any) -> str:
        from pypdf.generic import (  # noqa: PLC0415
            ArrayObject,
            ByteStringObject,
            DictionaryObject,
            StreamObject,
            TextStringObject,
        )

        if isinstance(value, TextStringObject | ByteStringObject):
            return decode(value.original_bytes)
        if isinstance(value, StreamObject):
            return decode(value.get_data())
        if isinstance(value, ArrayObject):
            return "\n".join(self._string(item.get_object()).removeprefix("/") for item in value)
        if isinstance(value, DictionaryObject):
            raise TypeError("a value that is no text")
        return str(value)

    def _entry(self, node: Any, key: str) -> str:
        from pypdf.generic import ByteStringObject, TextStringObject  # noqa: PLC0415

        value = _get(node, key)
        return decode(value.original_bytes) if isinstance(value, TextStringObject | ByteStringObject) else ""

    def _rect(self, node: Any) -> Rect | None:
        try:
            return rect_of([float(number.get_object()) for number in _get(node, "/Rect")])
        except Exception:  # noqa: BLE001 - a broken rectangle costs the place, not the value
            return None


def _is_name(value: Any) -> bool:
    from pypdf.generic import NameObject  # noqa: PLC0415

    return isinstance(value, NameObject)


def _appearances(box: Any) -> list[str] | None:
    """The states that a checkbox has appearances for; None where it has one for all, or none."""
    from pypdf.generic import DictionaryObject, StreamObject  # noqa: PLC0415

    looks = _get(box, "/AP")
    normal = _get(looks, "/N") if isinstance(looks, DictionaryObject) else None
    return (
        list(normal)
        if isinstance(normal, DictionaryObject) and not isinstance(normal, StreamObject)
        else None
    )
