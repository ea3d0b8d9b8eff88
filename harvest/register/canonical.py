"""XML of unusual but legal spelling, rewritten in the one that the fast reader understands.

Some programs prefix every element, leave out references or wrap text in CDATA. Their sheets go through expat
once; what the sheet says stays the same.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from harvest.register.cells import letters, place_of
from harvest.register.errors import NotAWorkbookError
from spec.said import said

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]+)")


def escaped(text: str) -> str:
    """Element content: XML's own escapes only."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def escaped_attribute(text: str) -> str:
    """Attribute content between double quotes."""
    text = escaped(text).replace('"', "&quot;")
    return text.replace("\n", "&#10;").replace("\t", "&#9;")


class _Writer:
    """Handlers of one pass over a part."""

    def __init__(self) -> None:
        self.out = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']
        self.prefix = ""
        self.first = True
        self.open_tag = ""
        self.row = 0
        self.column = -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._close()
        if self.first:
            self._root(name, attributes)
        tag = self._tag(name)
        if tag == "row":
            attributes = self._row(attributes)
        elif tag == "c":
            attributes = self._cell(attributes)
        inside = "".join(f' {key}="{escaped_attribute(value)}"' for key, value in attributes.items())
        self.open_tag = f"<{tag}{inside}"

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        """A prefix of the root becomes the default namespace, where that one is free."""
        self.first = False
        if ":" not in name or "xmlns" in attributes:
            return
        prefix = name.split(":", 1)[0]
        self.prefix = f"{prefix}:"
        attributes["xmlns"] = attributes[f"xmlns:{prefix}"]

    def _row(self, attributes: dict[str, str]) -> dict[str, str]:
        number = attributes.pop("r", "")
        self.row = int(number) if number.isdecimal() else self.row + 1
        self.column = -1
        return {"r": str(self.row), **attributes}

    def _cell(self, attributes: dict[str, str]) -> dict[str, str]:
        found = _REFERENCE.fullmatch(attributes.pop("r", ""))
        self.column = place_of(found[1]) if found else self.column + 1
        return {"r": f"{letters(self.column)}{self.row}", **attributes}

    def end(self, name: str) -> None:
        if self.open_tag:
            self.out.append(f"{self.open_tag}/>")
            self.open_tag = ""
        else:
            self.out.append(f"</{self._tag(name)}>")

    def text(self, text: str) -> None:
        self._close()
        self.out.append(escaped(text))

    def doctype(self, *_: object) -> None:
        raise NotAWorkbookError(
            "register", "A part declares a document type, which no workbook may do.", "Save it anew in Excel."
        )

    def _close(self) -> None:
        if self.open_tag:
            self.out.append(f"{self.open_tag}>")
            self.open_tag = ""

    def _tag(self, name: str) -> str:
        return name.removeprefix(self.prefix) if self.prefix else name


def canonical(xml: str, place: str) -> str:
    """`xml` with default namespace, references in every row and cell, no CDATA, comments or instructions.

    Raises:
        NotAWorkbookError: the XML is not well-formed or declares a document type (ECMA-376-2, 9.1.3 forbids it).
    """
    writer = _Writer()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.StartDoctypeDeclHandler = writer.doctype
    body = re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", xml)
    try:
        parser.Parse(body.encode("utf-8"), True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        raise NotAWorkbookError(
            place, said("The part is damaged ({error}).", error=error), "Restore a backup."
        ) from error
    return "".join(writer.out)
