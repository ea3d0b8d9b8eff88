"""What a run wrote into the register: what the next one compares the workbook with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from harvest.model import EPOCH, Entry, Register


@dataclass(frozen=True, slots=True)
class WrittenState:
    """The register as last written.

    Attributes:
        run: number of the run that wrote it; part of the ids of rows added since, so that the same row read
            twice from one workbook is one.
        entries: entry id -> column -> text.
        categories: entry id -> category.
        proposed: entry id -> ids proposed as duplicates: what a bare "nein" is about.
        aliases: other ids of the same entries -> the entry id.
        deleted: ids of entries that were removed by hand; a row with one of them was put back.
        at: when it was written.
        ahead: entry id -> the time of its newest word, where that lies after `at`: some clock was wrong.
        answered: entry id -> what stood under "Gleich wie" and was taken over: the text, and the id in it (empty for a
            bare "nein"). People's words stay in their cells; each counts once.
        unread: id of a cell that waits for a person to read it -> its return, the id of its row, its column.
        otherwise: entry id -> column -> what its cell held, where no cell can hold the text itself. Kept as it was
            written: a later version may write such a text in another way, and what stands there is still nobody's edit.
    """

    run: int
    entries: Mapping[str, Mapping[str, str]]
    categories: Mapping[str, str] = field(default_factory=dict)
    proposed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()
    at: datetime = EPOCH
    ahead: Mapping[str, datetime] = field(default_factory=dict)
    answered: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    otherwise: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unread: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        run: int,
        register: Register,
        at: datetime = EPOCH,
        *,
        as_written: Callable[[str], str] = str,
    ) -> Self:
        """What this run writes; `as_written` tells what a cell holds of a text."""
        other = {
            entry.id: {
                column: held for column, text in entry.values.items() if (held := as_written(text)) != text
            }
            for entry in register.entries
        }
        return cls(
            run,
            {entry.id: dict(entry.values) for entry in register.entries},
            {entry.id: entry.category for entry in register.entries},
            {
                entry.id: tuple(one.other for one in entry.duplicates)
                for entry in register.entries
                if entry.duplicates
            },
            {alias: entry.id for entry in register.entries for alias in entry.aliases},
            register.deleted,
            at,
            {entry.id: newest for entry in register.entries if (newest := newest_word(entry)) > at},
            otherwise={identity: texts for identity, texts in other.items() if texts},
            unread=unread_in(register),
        )

    def wrote(self, identity: str, column: str) -> frozenset[str]:
        """The texts that nobody has to have typed into this cell."""
        text = self.entries.get(identity, {}).get(column, "")
        return frozenset((text, self.otherwise.get(identity, {}).get(column, text)))

    def heard(self, said: datetime, *entries: str) -> datetime:
        """When somebody spoke who had this register before them: after all that it showed of these entries.

        `said` is what the file's clock says. Clocks go wrong, partners' and file servers'; but whoever corrects a
        word has read it, and so speaks later.
        """
        return after(said, self.at, *(self.ahead[one] for one in entries if one in self.ahead))

    def as_json(self) -> dict[str, Any]:
        """Keys: run, entries, categories, proposed, aliases, deleted, at, ahead, answered, otherwise, unread."""
        return {
            "run": self.run,
            "entries": {identity: dict(values) for identity, values in self.entries.items()},
            "categories": dict(self.categories),
            "proposed": {identity: list(others) for identity, others in self.proposed.items()},
            "aliases": dict(self.aliases),
            "deleted": list(self.deleted),
            "at": self.at.isoformat(),
            "ahead": {identity: at.isoformat() for identity, at in self.ahead.items()},
            "answered": {identity: sorted(map(list, said)) for identity, said in self.answered.items()},
            "otherwise": {identity: dict(texts) for identity, texts in self.otherwise.items()},
            "unread": {cell: list(where) for cell, where in self.unread.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` gave; keys beside these are somebody else's."""
        return cls(
            int(data.get("run", 0)),
            data.get("entries", {}),
            data.get("categories", {}),
            {identity: tuple(others) for identity, others in data.get("proposed", {}).items()},
            data.get("aliases", {}),
            tuple(data.get("deleted", ())),
            datetime.fromisoformat(data["at"]) if "at" in data else EPOCH,
            {identity: datetime.fromisoformat(at) for identity, at in data.get("ahead", {}).items()},
            {
                identity: frozenset((text, other) for text, other in said)
                for identity, said in data.get("answered", {}).items()
            },
            data.get("otherwise", {}),
            {cell: (one[0], one[1], one[2]) for cell, one in data.get("unread", {}).items()},
        )


def unread_in(register: Register) -> dict[str, tuple[str, str, str]]:
    """The cells that wait for a person to read them, as `Written.unread` has them."""
    return {
        check.unread: (check.source.return_id, check.entry_id, check.column)
        for _, check in register.checks
        if check.unread
    }


def newest_word(entry: Entry) -> datetime:
    """The time of the last thing that is known of an entry."""
    return max((*(one.at for one in entry.history), *(one.at for one in entry.sources)), default=EPOCH)


def after(said: datetime, *known: datetime) -> datetime:
    """`said`, or the first moment after all that was known by then."""
    last = max(known, default=said)
    return said if said > last else last + timedelta(microseconds=1)
