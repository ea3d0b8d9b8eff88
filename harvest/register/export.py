"""The register for machines and other programs: JSON after the contract, CSV, and a fresh workbook.

CSV: UTF-8 with a BOM, since Excel takes a file without one for the old code page; semicolons, since a German Excel
expects them when a file is opened by double click; CRLF line ends and doubled quotes (RFC 4180).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from harvest.model import Claim, Conflict, Entry, NilReturn, Register, Source
from harvest.register.cell_text import as_written
from harvest.register.sheet_model import ENTRIES, RegisterView
from spec.form.model import Form
from spec.wire import WireClaim, WireConflict, WireDuplicate, WireEntry, WireSource

BOM = "\ufeff"
#: A cell that starts so is a formula to spreadsheet programs, whatever the quotes say (docs/findings/peers.md).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def export_json(register: Register, form: Form) -> str:
    """All entries in the form's order, then all nil returns, as a JSON array; the same register, the same text."""
    items = [item.model_dump(mode="json", by_alias=True) for item in wire_entries(register, form)]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def wire_entries(register: Register, form: Form) -> Iterator[WireEntry]:
    """The exported entries as shapes."""
    sections = {category.key: section.key for section in form.sections for category in section.categories}
    ranks = {category.key: place for place, category in enumerate(form.categories)}
    for entry in register.entries:
        yield _entry(entry, sections)
    last = len(ranks)
    for nil in sorted(register.nils, key=lambda one: (ranks.get(one.category, last), one.reporter, one.id)):
        yield _nil(nil, sections)


def _entry(entry: Entry, sections: Mapping[str, str]) -> WireEntry:
    pairs = sorted(entry.duplicates, key=lambda pair: (pair.entry_id, pair.other))
    return WireEntry(
        id=entry.id,
        section=sections.get(entry.category, ""),
        category=entry.category,
        values={key: as_written(text) for key, text in entry.values.items()},
        nil=False,
        reporters=entry.reporters,
        sources=_sources(entry.sources),
        status=entry.status.value,
        confirmed=_iso(entry.confirmed),
        duplicates=tuple(
            WireDuplicate(
                other=pair.other if pair.other != entry.id else pair.entry_id,
                score=round(pair.score, 1),
                reason=pair.reason,
            )
            for pair in pairs
        ),
        conflicts=tuple(_conflict(conflict) for conflict in entry.conflicts),
    )


def _nil(nil: NilReturn, sections: Mapping[str, str]) -> WireEntry:
    return WireEntry(
        id=nil.id,
        section=sections.get(nil.category, ""),
        category=nil.category,
        values={},
        nil=True,
        reporters=(nil.reporter,),
        sources=_sources(nil.sources),
        status="nil",
        confirmed=_iso(nil.confirmed),
        duplicates=(),
        conflicts=(),
    )


def _conflict(conflict: Conflict) -> WireConflict:
    others = tuple(_claim(claim) for claim in conflict.others)
    return WireConflict(column=conflict.column, shown=_claim(conflict.shown), others=others)


def _claim(claim: Claim) -> WireClaim:
    source = claim.source
    return WireClaim(
        text=as_written(claim.text),
        at=_iso(claim.at) or "",
        reporter=source.reporter if source else None,
        source=_source(source) if source else None,
    )


def _sources(sources: Sequence[Source]) -> tuple[WireSource, ...]:
    ordered = sorted(sources, key=lambda one: (one.at, one.return_id, one.page, one.row))
    return tuple(_source(source) for source in ordered)


def _source(source: Source) -> WireSource:
    return WireSource.model_validate(
        {
            "return": source.return_id,
            "file": as_written(source.file),
            "page": source.page,
            "row": source.row,
            "method": source.method.value,
            "read_at": _iso(source.at) or "",
        }
    )


def _iso(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


# ---------------------------------------------------------------- CSV


def guarded(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet program would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def export_csv(view: RegisterView) -> str:
    """The sheet with all entries; the text starts with the BOM. Write it as UTF-8 without changing line ends."""
    sheet = next(sheet for sheet in view.sheets if sheet.key == ENTRIES)
    kept = [
        place
        for place, column in enumerate(sheet.columns)
        if column.key not in {"original", "open", "same-as"}
    ]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([sheet.columns[place].heading for place in kept])
    for row in sheet.rows:
        writer.writerow([_csv_text(row.cells[place]) for place in kept])
    return BOM + out.getvalue()


def _csv_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    # numbers and dates are ours: their sign is no formula
    return guarded(cell) if isinstance(cell, str) else str(cell)
