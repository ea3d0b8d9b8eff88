"""What recipients reported last time, from the register's JSON: entries by token, nothing of anybody else's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from formgen.recipients import Recipient
from spec.console.said import refusal, said
from spec.errors import Fault, WrongInputError
from spec.form.model import Form
from spec.wire import WireEntry, plain_name, recipient_label

_ENTRIES = TypeAdapter(tuple[WireEntry, ...])
_MOST_FAULTS = 20
_EXPORT = "Write it anew with `harvest export --format json`."


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What one recipient reported: category -> its entries in the register's order; categories said not to exist."""

    entries: Mapping[str, tuple[WireEntry, ...]] = field(default_factory=dict)
    nils: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """Entries that are filled in."""
        return sum(map(len, self.entries.values()))

    @property
    def categories(self) -> frozenset[str]:
        """Categories that a copy must hold."""
        return frozenset(self.entries) | self.nils


@dataclass(frozen=True, slots=True)
class Prefill:
    """A register's entries of this form, and what of it can't be filled in."""

    entries: tuple[WireEntry, ...]
    notes: tuple[str, ...]


def load_prefill(path: Path, form: Form) -> Prefill:
    """Read `register.json`.

    Raises:
        WrongInputError: it can't be read, is of another form, or of a newer shape.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise WrongInputError(str(path), "There is no such file.", _EXPORT) from None
    except UnicodeDecodeError:
        raise WrongInputError(str(path), "The file is not UTF-8.", _EXPORT) from None
    except OSError as error:
        reason = refusal(error)
        raise WrongInputError(
            str(path), said("The file can't be read ({reason}).", reason=reason), "Check its permissions."
        ) from error
    entries = _parsed(text, path.name)
    known = [entry for entry in entries if form.category(entry.category) is not None]
    if entries and not known:
        fault = said(
            "None of its categories ({names}) is in the form {title!r}.",
            names=_some(entries),
            title=form.title,
        )
        raise WrongInputError(path.name, fault, "Name the register of this form.")
    doubled = [number for number, count in Counter(entry.id for entry in entries).items() if count > 1]
    if doubled:
        raise WrongInputError(
            path.name, said("The entry {entry!r} stands in it twice.", entry=doubled[0]), _EXPORT
        )
    return Prefill(tuple(known), tuple(_left_out(entries, form, path.name)))


def _parsed(text: str, name: str) -> tuple[WireEntry, ...]:
    try:
        # bounded in depth by itself, where the standard library's parser goes as deep as the stack that it finds
        body: Any = from_json(text)
    except ValueError as error:
        raise _no_json(str(error), name) from None
    if not isinstance(body, list):
        raise WrongInputError(name, "This is not a register: a list of entries is missing.", _EXPORT)
    try:
        return _ENTRIES.validate_python(body)
    except ValidationError as error:
        raise WrongInputError.of(list(_faults(error, name))[:_MOST_FAULTS]) from None


def _no_json(told: str, name: str) -> WrongInputError:
    """`told` ends in the place: "EOF while parsing an object at line 1 column 2"."""
    reason, _, place = told.rpartition(" at line ")
    line, _, column = place.partition(" column ")
    if reason.startswith("recursion limit"):
        return WrongInputError(name, "Brackets are nested too deeply.", _EXPORT)
    where = said("{name}, line {line}, column {column}", name=name, line=line, column=column)
    return WrongInputError(where, said("This is not valid JSON ({reason}).", reason=reason), _EXPORT)


def _faults(error: ValidationError, name: str) -> Iterator[Fault]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    newer = sorted({str(each["loc"][-1]) for each in found if each["type"] == "extra_forbidden"})
    if newer:
        fault = said("It holds what this version does not know: {names}.", names=", ".join(newer[:5]))
        yield Fault(name, fault, "A newer version of harvest wrote it: update formgen.")
        return
    for each in found:
        entry, *inside = each["loc"]
        number = entry + 1 if isinstance(entry, int) else 1
        place = said("{name}, entry {number}", name=name, number=number)
        if inside:
            place = said("{place}, {inside}", place=place, inside=".".join(map(str, inside)))
        yield Fault(place, said("{fault}.", fault=each["msg"]), _EXPORT)


def _some(entries: Sequence[WireEntry]) -> str:
    keys = list(dict.fromkeys(entry.category for entry in entries))
    return ", ".join(keys[:3]) + (", ..." if len(keys) > 3 else "")


def _left_out(entries: Sequence[WireEntry], form: Form, name: str) -> Iterator[str]:
    gone = Counter(entry.category for entry in entries if form.category(entry.category) is None)
    for category, count in gone.items():
        yield said(
            "{name}: {count} of its entries {count:belongs|belong} to {category!r}, which the form no longer has; not filled in.",
            name=name,
            count=count,
            category=category,
        )
    columns = {column.key for column in form.columns}
    strange = Counter(
        key for entry in entries for key, text in entry.values.items() if text and key not in columns
    )
    for key, count in strange.items():
        yield said(
            "{name}: {count} {count:value belongs|values belong} to the column {key!r}, which the form does not have; not filled in.",
            name=name,
            count=count,
            key=key,
        )


class Reported:
    """Finds what a recipient reported: by token, else by the organisation's name where only one bears it."""

    def __init__(self, prefill: Prefill | None, recipients: Sequence[Recipient], form: Form) -> None:
        self._by_reporter: dict[str, list[WireEntry]] = {}
        self._rank = {entry.id: rank for rank, entry in enumerate(prefill.entries if prefill else ())}
        self._columns = {column.key for column in form.columns}
        names = Counter(_plain(recipient.organisation) for recipient in recipients)
        self._sole = {name for name, count in names.items() if count == 1}
        for entry in prefill.entries if prefill else ():
            for reporter in dict.fromkeys((*entry.reporters, *map(_plain, entry.reporters))):
                self._by_reporter.setdefault(reporter, []).append(entry)

    def by(self, recipient: Recipient, token: str) -> Prefilled:
        """What `recipient` reported. Answers on a blank carry no token; their reporter is the name on the cover."""
        name = _plain(recipient.organisation)
        shared = recipient_label(recipient.organisation, recipient.email, shared=True)
        found = [
            *self._by_reporter.get(token, ()),
            *self._by_reporter.get(_plain(shared), ()),
            *(self._by_reporter.get(name, ()) if name in self._sole else ()),
        ]
        entries: dict[str, dict[str, WireEntry]] = {}
        for entry in sorted(found, key=lambda entry: self._rank[entry.id]):
            if not entry.nil and any(entry.values.get(key, "").strip() for key in self._columns):
                entries.setdefault(entry.category, {})[entry.id] = entry
        nils = {entry.category for entry in found if entry.nil}
        ordered = {category: tuple(by_id.values()) for category, by_id in entries.items()}
        # Who lists a facility and said before that there is none has corrected that.
        return Prefilled(ordered, frozenset(nils - set(ordered)))


_plain = plain_name
