"""A file without what its pages paint in layers that are switched off (ISO 32000-1, 8.11)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from harvest.reading.fields.pikepdf_reader import opened
from harvest.reading.model import limits
from harvest.reading.pdf.optional_content import Layers

#: Operators that paint a path, and those that show text or paint something else (8.2, Table 51).
_PATHS = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"})
_OTHERS = frozenset({"Tj", "TJ", "'", '"', "Do", "sh", "INLINE IMAGE"})


def without_hidden(data: bytes, passwords: Sequence[str], pages: Sequence[int]) -> bytes:
    """The file without what these pages (from 1) paint in layers that are off; the file itself where it has none.

    What is hidden still moves the pen and sets fonts (8.11.3.1), so that all else stays where it is.
    """
    import pikepdf  # noqa: PLC0415 - a heavy library

    try:
        with opened(io.BytesIO(data), passwords) as pdf:
            work = _Clearing(pdf, Layers(pdf.Root))
            for number in pages:
                work.page(pdf.pages[number - 1].obj)
            if not work.cleared:
                return data
            target = io.BytesIO()
            pdf.save(target, encryption=False)
            return target.getvalue()
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, IndexError):
        return data


class _Clearing:
    """Takes hidden painting out of content streams."""

    def __init__(self, pdf: Any, layers: Layers) -> None:
        self._pdf, self._layers = pdf, layers
        self._met: set[tuple[int, int]] = set()
        self._room = limits.OBJECTS
        self.cleared = False

    def page(self, page: Any) -> None:
        """One page, and what it draws with."""
        import pikepdf  # noqa: PLC0415

        resources = pikepdf.Page(page).resources
        content = self._content(page, resources)
        if content is not None:
            page.Contents = self._pdf.make_stream(content)
        self._forms(resources, 0)

    def _forms(self, resources: Any, depth: int) -> None:
        import pikepdf  # noqa: PLC0415

        drawn = _part(resources, "/XObject")
        for name in list(drawn.keys()):
            form = drawn[name]
            if not isinstance(form, pikepdf.Stream) or form.get("/Subtype") != "/Form":
                continue
            if form.objgen in self._met or depth >= limits.FORM_DEPTH:
                continue
            self._met.add(form.objgen)
            inner = _part(form, "/Resources") if "/Resources" in form else resources
            content = self._content(form, inner)
            if content is not None:
                form.write(content)
            self._forms(inner, depth + 1)

    def _content(self, holder: Any, resources: Any) -> bytes | None:
        """The content without what it hides; None where it hides nothing, or is broken."""
        import pikepdf  # noqa: PLC0415

        try:
            instructions = pikepdf.parse_content_stream(holder)
        except pikepdf.PdfError:
            return None
        self._room -= len(instructions)
        if self._room < 0:
            return None
        before = self.cleared
        self.cleared = False
        kept = list(self._visible(instructions, resources))
        changed, self.cleared = self.cleared, self.cleared or before
        return pikepdf.unparse_content_stream(kept) if changed else None

    def _visible(self, instructions: Any, resources: Any) -> Iterator[Any]:
        import pikepdf  # noqa: PLC0415

        hidden: list[bool] = []  # for each marked part that is open, whether it is hidden
        for one in instructions:
            operator, operands = str(one.operator), one.operands
            if operator in {"BDC", "BMC"}:
                off = (
                    operator == "BDC"
                    and len(operands) == 2
                    and operands[0] == "/OC"
                    and self._is_off(operands[1], resources)
                )
                hidden.append(off or bool(hidden and hidden[-1]))
            elif operator == "EMC" and hidden:
                hidden.pop()
            off = bool(hidden and hidden[-1]) or (
                operator == "Do" and len(operands) == 1 and self._is_hidden(operands[0], resources)
            )
            if not off or operator not in _PATHS | _OTHERS:
                yield one
                continue
            self.cleared = True
            if operator in _PATHS:
                yield pikepdf.ContentStreamInstruction([], pikepdf.Operator("n"))
            elif operator in {"'", '"'}:
                yield pikepdf.ContentStreamInstruction([], pikepdf.Operator("T*"))

    def _is_off(self, tag: Any, resources: Any) -> bool:
        return self._layers.hide(_part(resources, "/Properties").get(str(tag)))

    def _is_hidden(self, name: Any, resources: Any) -> bool:
        import pikepdf  # noqa: PLC0415

        drawn = _part(resources, "/XObject").get(str(name))
        return isinstance(drawn, pikepdf.Stream) and self._layers.hide(drawn.get("/OC"))


def _part(holder: Any, key: str) -> Any:
    """A dictionary within another; an empty one where something else stands there, as damage leaves it."""
    import pikepdf  # noqa: PLC0415

    found = holder.get(key) if isinstance(holder, (pikepdf.Dictionary, pikepdf.Stream)) else None
    return found if isinstance(found, pikepdf.Dictionary) else pikepdf.Dictionary()
