"""XML of unusual but legal spelling, rewritten in the one that the fast reader understands.

Some programs prefix every element, indent, leave out references, quote with apostrophes or wrap text in CDATA. Their parts
go through expat once; what a part says stays the same (Namespaces in XML 1.0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from harvest.register.errors import NotAWorkbookError
from harvest.register.xlsx.row_xml import letters, place_of
from spec.console.said import said

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]+)")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STRICT = "http://purl.oclc.org/ooxml"
#: Namespace -> the prefix that is expected of its elements, in the usual spelling of all programs.
_PREFIXES: Mapping[str, str] = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "",
    f"{_STRICT}/spreadsheetml/main": "",
    f"{_PACKAGE}/relationships": "",
    f"{_PACKAGE}/content-types": "",
    f"{_OFFICE}/custom-properties": "",
    f"{_STRICT}/officeDocument/customProperties": "",
    f"{_OFFICE}/docPropsVTypes": "vt",
    f"{_STRICT}/officeDocument/docPropsVTypes": "vt",
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main": "x14",
    "http://schemas.microsoft.com/office/excel/2006/main": "xm",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:excel": "x",
    "urn:schemas-microsoft-com:office:office": "o",
}
#: The same for attributes.
_OF_ATTRIBUTES: Mapping[str, str] = {
    f"{_OFFICE}/relationships": "r",
    f"{_STRICT}/officeDocument/relationships": "r",
}
_EXPECTED = {**_PREFIXES, **_OF_ATTRIBUTES}
_DECLARED = re.compile(rb"""xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']""")
#: What may be an attribute in an unusual spelling; in a text it is nothing.
_SUSPECT = (b"='", b' ="', b'= "', b"= '", b"=\n", b"\n=")
_ODD_ATTRIBUTE = re.compile(
    rb"""<[^<>"\s/?!]++(?:\s++[^\s=<>]++="[^"<]*+")*+\s++[^\s=<>"]++(?:\s+=|=\s|=')"""
)
_ODD_END = (b" >", b"\n>", b"\t>", b"\r>")
#: Elements without content, which nearly every program closes at once.
_NOT_CLOSED = re.compile(
    rb"</(?:sheet|Relationship|Override|Default|mergeCell|brk|col|calcPr|drawing|legacyDrawing|tablePart|cellWatch)>"
)
#: Elements in which blanks may be all that somebody wrote.
_TEXTUAL = frozenset({"t", "text", "lpwstr", "definedName", "author", "f", "formula", "formula1", "formula2"})


def is_plain(data: bytes) -> bool:
    """Whether a part in UTF-8 is spelt as nearly all programs do; in doubt it is not."""
    if (
        b"<!" in data
        or data.find(b"<?", 5 if b"<?xml" in data[:8] else 0) >= 0
        or any(end in data for end in _ODD_END)
    ):
        return False
    if any(mark in data for mark in _SUSPECT) and _ODD_ATTRIBUTE.search(data):
        return False
    declared = _DECLARED.findall(data) if b"xmlns:" in data else ()
    if any(
        _EXPECTED.get(uri.decode(errors="replace"), prefix := name.decode()) != prefix
        for name, uri in declared
    ):
        return False
    return _NOT_CLOSED.search(data) is None


def plain(xml: str, place: str) -> str:
    """`xml` in the usual spelling; as it stands, where it is in that already.

    Raises:
        NotAWorkbookError: see `canonical`.
    """
    return xml if is_plain(xml.encode("utf-8", "surrogatepass")) else canonical(xml, place)


def escaped(text: str) -> str:
    """Element content: XML's own escapes only."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def escaped_attribute(text: str) -> str:
    """Attribute content between double quotes."""
    text = escaped(text).replace('"', "&quot;")
    return text.replace("\n", "&#10;").replace("\t", "&#9;")


class _Writer:
    """Handlers of one pass over a part."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.out = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']
        self.prefixes = prefixes
        self.scopes: list[dict[str, str]] = [{}]  # prefix -> namespace, as the part declares them
        self.written: list[dict[str, str]] = [{}]  # the same, as they are written
        self.names: list[str] = []
        self.open_tag = ""
        self.blank = ""  # blanks right behind the start tag
        self.row = 0
        self.column = -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._close()
        own = {
            key[6:]: uri
            for key, uri in attributes.items()
            if key.startswith("xmlns") and key[5:6] in {"", ":"}
        }
        scope = {**self.scopes[-1], **own} if own else self.scopes[-1]
        kept = {key: uri for key, uri in own.items() if key and self.prefixes.get(uri) != ""}
        # the expected prefix is declared where the part declares its own, so that elements bear no declarations
        usual = {use: uri for uri in kept.values() if (use := self.prefixes.get(uri)) and use not in kept}
        attributes |= {f"xmlns:{use}": uri for use, uri in usual.items()}
        kept |= usual
        written = {**self.written[-1], **kept} if kept else self.written[-1]
        prefix, _, tag = name.rpartition(":")
        space = scope.get(prefix, "")
        wanted = self.prefixes.get(space, prefix)
        attributes = {
            key: value for key, value in attributes.items() if not key.startswith("xmlns") or key[6:] in kept
        }
        if any(":" in key for key in attributes):
            attributes, written = self._attributes(attributes, scope, written)
        if written.get(wanted, "") != space:
            attributes = {f"xmlns:{wanted}" if wanted else "xmlns": space, **attributes}
            written = {**written, wanted: space}
        self.scopes.append(scope)
        self.written.append(written)
        if not wanted and "spreadsheetml" in space:  # drawings have rows of their own
            attributes = self._row(attributes) if tag == "row" else attributes
            attributes = self._cell(attributes) if tag == "c" else attributes
        self.names.append(f"{wanted}:{tag}" if wanted else tag)
        inside = "".join(f' {key}="{escaped_attribute(value)}"' for key, value in attributes.items())
        self.open_tag = f"<{self.names[-1]}{inside}"

    @staticmethod
    def _attributes(
        attributes: dict[str, str], scope: Mapping[str, str], written: dict[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """The attributes under the prefixes that are expected, and what is declared then."""
        found: dict[str, str] = {}
        for key, value in attributes.items():
            prefix, _, tag = key.rpartition(":")
            space = scope.get(prefix, "")
            wanted = _OF_ATTRIBUTES.get(space, prefix) if prefix not in {"", "xmlns", "xml"} else prefix
            if wanted != prefix and written.get(wanted, space) == space:
                if wanted not in written:
                    found[f"xmlns:{wanted}"] = space
                    written = {**written, wanted: space}
                found[f"{wanted}:{tag}"] = value
            else:
                found[key] = value
        return found, written

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
        tag = name.rpartition(":")[2]
        written = self.names.pop()
        self.scopes.pop()
        self.written.pop()
        if self.open_tag and (tag in _TEXTUAL and self.blank):
            self._close()
        if self.open_tag:
            self.out.append(f"{self.open_tag}/>")
            self.open_tag = self.blank = ""
        else:
            self.out.append(f"</{written}>")

    def text(self, text: str) -> None:
        if self.open_tag and not text.strip():
            self.blank += text
            return
        self._close()
        self.out.append(escaped(text))

    def doctype(self, *_: object) -> None:
        raise NotAWorkbookError(
            "register", "A part declares a document type, which no workbook may do.", "Save it anew in Excel."
        )

    def _close(self) -> None:
        if self.open_tag:
            self.out.append(f"{self.open_tag}>{escaped(self.blank)}")
            self.open_tag = self.blank = ""


def _prefixes(xml: str) -> dict[str, str]:
    """The prefixes to be used: none that the part itself gives to another namespace."""
    taken = {
        name.decode(): uri.decode(errors="replace")
        for name, uri in _DECLARED.findall(xml.encode("utf-8", "replace"))
    }
    return {uri: prefix for uri, prefix in _PREFIXES.items() if taken.get(prefix, uri) == uri}


def canonical(xml: str, place: str) -> str:
    """`xml` with the usual prefixes, references in every row and cell, no CDATA, comments or instructions.

    Raises:
        NotAWorkbookError: the XML is not well-formed or declares a document type (ECMA-376-2, 9.1.3 forbids it).
    """
    writer = _Writer(_prefixes(xml))
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
