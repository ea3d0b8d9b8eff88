"""Names of the office formats that several modules need."""

from __future__ import annotations

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
#: The same in ISO/IEC 29500 Strict, as "Strict Open XML Spreadsheet" files spell it.
STRICT = "http://purl.oclc.org/ooxml/officeDocument"
WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"

_IN_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    f"{OFFICE}/relationships".encode(): f"{STRICT}/relationships".encode(),
}


def in_strict(part: bytes) -> bytes:
    """A worksheet of ours as a "Strict Open XML Spreadsheet" spells it: Excel calls a mixture damaged."""
    for name, strict in _IN_STRICT.items():
        part = part.replace(b'"' + name, b'"' + strict)
    return part


def relation_type(kind: str, *, strict: bool = False) -> str:
    """Type of a relationship."""
    return f"{STRICT if strict else OFFICE}/relationships/{kind}"
