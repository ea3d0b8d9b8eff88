"""Names of the office formats that several modules need."""

from __future__ import annotations

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
#: The same in ISO/IEC 29500 Strict, as "Strict Open XML Spreadsheet" files spell it.
STRICT = "http://purl.oclc.org/ooxml/officeDocument"
WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def relation_type(kind: str, *, strict: bool = False) -> str:
    """Type of a relationship."""
    return f"{STRICT if strict else OFFICE}/relationships/{kind}"
