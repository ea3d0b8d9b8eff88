"""The register's words with the form's own: what every sheet says in the same way."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

from harvest import formats
from harvest.model import NIL_BOX, Change, Check, Entry, Method, Problem, Source
from harvest.nilbox import name_of
from harvest.register.cell_text import as_written
from harvest.register.sheet_model import ColumnView, Kind, Link, Role
from spec.form.model import Form
from spec.names import RowField, parse_field_name
from spec.words import Words

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Speech:
    """Form, words and the office's time zone; `suffixes` of originals that are no PDF, by return."""

    form: Form
    words: Words
    zone: tzinfo = UTC
    suffixes: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """Column key of the form -> its heading; one that would double a heading of ours says so."""
        ours = {text.casefold() for text in self.words.under("register.column").values()}
        form = self.words("register.say.of-the-form")
        return {
            column.key: f"{column.heading} ({form})" if column.heading.casefold() in ours else column.heading
            for column in self.form.columns
        }

    @cached_property
    def category_names(self) -> Mapping[str, str]:
        """Category key -> name."""
        return {category.key: category.name for category in self.form.categories}

    @cached_property
    def category_ranks(self) -> Mapping[str, int]:
        """Category key -> place in the form."""
        return {category.key: place for place, category in enumerate(self.form.categories)}

    def say(self, key: str, /, **values: object) -> str:
        """One of the register's own words."""
        return self.words(f"register.say.{key}", **values)

    def known(self, table: str, key: str) -> str:
        """The word for a key that comes from elsewhere; the key itself where nobody gave it a word."""
        return self.words.templates.get(f"register.{table}.{key}", key)

    def column(
        self,
        key: str,
        width: float,
        role: Role = Role.MANAGED,
        kind: Kind = Kind.TEXT,
        *,
        choices: tuple[str, ...] = (),
        hint: str = "",
        wrap: bool = True,
    ) -> ColumnView:
        """A column of ours under its word."""
        heading = self.words(f"register.column.{key}")
        return ColumnView(key, heading, width, role, kind, choices=choices, hint=hint, wrap=wrap)

    def local(self, moment: datetime | None) -> datetime | None:
        """The office's clock at that moment, without a zone: a workbook knows none."""
        if moment is None:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def day(self, moment: datetime | None) -> date | None:
        """The office's calendar day at that moment."""
        local = self.local(moment)
        return local.date() if local else None

    def category(self, key: str) -> str:
        """Name of a category; its key where the form no longer has it."""
        return self.category_names.get(key, key)

    def section(self, category: str) -> str:
        """Title of the section that holds a category."""
        section = self.form.section_of(category)
        return section.title if section else ""

    def rank(self, category: str) -> int:
        """Place of a category in the form; those it no longer has come last."""
        return self.category_ranks.get(category, len(self.category_ranks))

    def facility(self, entry: Entry) -> str:
        """What tells which facility an entry is about."""
        return as_written(entry.values.get(self.form.identifying_column.key, ""))

    def form_column(self, key: str) -> str:
        """Heading of a column of the form; of the box for "nothing here" its word."""
        return name_of(self.words) if key == NIL_BOX else self.headings.get(key, key)

    def reason(self, reason: str) -> str:
        """Why two entries may be one facility."""
        return self.words.templates.get(f"duplicate.{reason}", reason)

    def method(self, method: Method) -> str:
        """How a value was read, in plain words."""
        return self.known("method", method.value)

    def change(self, change: Change) -> str:
        """What happened to an entry."""
        templates = self.words.templates
        return templates.get(f"register.change.{change.kind}") or self.known("status", change.kind)

    def place(self, source: Source | None) -> str:
        """File, page and row of a source in one line; no row where it is about the whole page."""
        if source is None:
            return self.known("method", Method.HAND.value)
        if not source.row:
            return self.say("page-place", file=as_written(source.file), page=source.page)
        return self.say("place", file=as_written(source.file), page=source.page, row=source.row)

    def pictured(self, doubt: Check) -> str:
        """What the picture of a cell is of, for those who can't see it."""
        return self.say("pictured", column=self.form_column(doubt.column), place=self.place(doubt.source))

    def who(self, source: Source | None) -> str:
        """Who says so."""
        return as_written(source.reporter) if source else self.known("method", Method.HAND.value)

    def original(self, return_id: str) -> Link | None:
        """A link to the kept original. Its path is made of the hash alone: a partner's file name never gets in."""
        if _SHA256.fullmatch(return_id) is None:
            return None
        return Link(f"originals/{return_id}{self.suffixes.get(return_id, formats.PDF)}", self.say("open"))

    def field(self, name: str) -> str:
        """A field of a sheet as people call it; others by their own name."""
        found = parse_field_name(name)
        if not isinstance(found, RowField):
            return name
        place = self.say("row", category=self.category(found.category), row=found.row)
        return f"{place}, {self.form_column(found.column)}"

    def problem(self, problem: Problem) -> tuple[str, str]:
        """What is wrong and what to do about it."""
        base = f"problem.{problem.code}"
        templates = self.words.templates
        details = {key: templates.get(f"{base}.{key}.{value}", value) for key, value in problem.details}
        fault = templates.get(f"{base}.fault") or templates.get(base) or problem.code
        remedy = templates.get(f"{base}.remedy") or self.say("ask")
        place = f"{self.field(problem.place)}: " if problem.place else ""
        return as_written(place + _filled(fault, details)), as_written(_filled(remedy, details))


def _filled(template: str, details: Mapping[str, str]) -> str:
    """Details are hostile input: a missing or odd one must not break the sheet that reports it."""
    return _PLACEHOLDER.sub(lambda found: details.get(found[1], found[0]), template)
