"""A list of recipients in a CSV file: encoding, delimiter, quoted cells.

An encoding is never guessed where a guess could turn one letter into another: a partner's name must not be
printed wrong.
"""

from __future__ import annotations

import codecs
import csv
import io
import re

from formgen.recipients.columns import kind_of
from formgen.recipients.table import MOST, Row, Table, too_many
from spec.console.said import said
from spec.errors import Fault, WrongInputError

_DELIMITERS = ";,\t"
_SAVE_AS_UTF_8 = "Save the file with the encoding UTF-8 (in Excel: “CSV UTF-8”), or as .xlsx."
#: Windows-1252 is believed only where all code pages that are in use between Lisbon and Ankara (1250, 1252,
#: 1254, ISO 8859-1, -2, -9, -15) agree on what these bytes mean ...
_AGREED = frozenset("ÄÖÜäöüßÉé§°\xa0")
#: ... and for typographic marks, unless letters stand on both sides: `K”ln` is a DOS file's `Köln`.
_MARKS = frozenset("„“”‚‘’–—•")
_ODD = re.compile(r"[^\x00-\x7f]")


def csv_rows(data: bytes, name: str) -> Table:
    """The rows of a CSV file; faults of its form are told, an unknown encoding is an error at once.

    Raises:
        WrongInputError: the encoding is none of UTF-8, UTF-16 with a mark, Windows-1252.
    """
    text = _decoded(data, name)
    delimiter, text = _delimiter(text)
    rows: list[Row] = []
    faults: list[Fault] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                rows.append(Row(number, tuple(cells)))
            if len(rows) > MOST + 1:
                return Table(name, rows[0], faults=(too_many(name),))
    except csv.Error as error:
        place = said("{name}, row {row}", name=name, row=number + 1)
        fault = said("The row can't be read ({error}).", error=error)
        faults.append(Fault(place, fault, 'Check its quotes: a quote inside quotes is written twice ("").'))
        return Table(name, None, faults=tuple(faults))
    if not rows:
        return Table(name, None)
    return Table(name, rows[0], tuple(rows[1:]), tuple(faults))


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise WrongInputError(name, "The file is broken UTF-16.", _SAVE_AS_UTF_8) from None
    if b"\0" in data:
        raise WrongInputError(name, "This is not a text file.", "Save the list as .csv or .xlsx.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = ""
    found = next((match.start() for match in _ODD.finditer(text) if not _certain(text, match.start())), None)
    if text and found is None:
        return text
    if found is not None:
        line = text.count("\n", 0, found) + 1
    fault = said("The file is not UTF-8.")
    if found is not None:
        shown = _around(text, found)
        fault = said("The file is not UTF-8. Read as Windows-1252 it would say {shown!r}.", shown=shown)
    raise WrongInputError(said("{name}, line {line}", name=name, line=line), fault, _SAVE_AS_UTF_8)


def _certain(text: str, at: int) -> bool:
    character = text[at]
    if character in _AGREED:
        return True
    between = text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()
    return character in _MARKS and not between


def _around(text: str, at: int) -> str:
    start = max(text.rfind("\n", 0, at) + 1, at - 15)
    return text[start : at + 15].split("\n", 1)[0].strip()


def _delimiter(text: str) -> tuple[str, str]:
    """The delimiter under which the first row holds most known headings; Excel's `sep=` line rules if there."""
    if match := re.match(r"sep=([;,\t])\r?\n", text):
        # Kept as an empty row, so that the rows below keep their numbers.
        return match[1], "\n" + text[match.end() :]
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda each: (_known(first, each), first.count(each))), text


def _known(line: str, delimiter: str) -> int:
    return sum(kind_of(part.strip().strip('"')) is not None for part in line.split(delimiter))
