"""What all sheets beside the entries have: the words over them, and for the day when they have no rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from harvest.register.sheet_model import ColumnView, RowView, SheetView
from harvest.register.view.labels import Speech

#: Colours of the tabs: a person has to decide something; all others.
ATTENTION, CALM = "#b26a00", "#607d8b"


def titled(
    speech: Speech,
    key: str,
    columns: Sequence[ColumnView],
    rows: Iterable[RowView],
    *,
    identity: tuple[str, ...],
    colour: str,
    frozen: int = 0,
    printed: int = 0,
    tones: Mapping[str, Mapping[str, str]] | None = None,
) -> SheetView:
    """A sheet under its word, with its friendly sentence for the day when it has no rows."""
    return SheetView(
        key=key,
        title=speech.words(f"register.sheet.{key}"),
        columns=tuple(columns),
        rows=rows,
        identity=identity,
        empty=speech.words(f"register.empty.{key}"),
        colour=colour,
        frozen=frozen,
        printed=printed,
        tones=tones or {},
    )
