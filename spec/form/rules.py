"""Rules that hold between the parts of a form. Pure; they also read a form that is not valid yet.

A spec with several faults is told all of them at once, so these rules look at the raw tables and skip
whatever has the wrong shape: the model complains about that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from spec.console.said import Message, said
from spec.names import RESERVED_CATEGORIES, RESERVED_COLUMNS

#: The way to a value: `("sections", 0, "categories", 2, "key")`, counted from 0.
Path: TypeAlias = tuple[str | int, ...]
_Found: TypeAlias = list[tuple[Path, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that does not hold at `path`.

    Attributes:
        first: where a doubled value stands already.
        lacks: the entry whose absence breaks the rule, where it is an absence.
    """

    path: Path
    fault: str
    remedy: str
    first: Path | None = None
    lacks: str = ""


def broken_rules(form: Mapping[str, Any]) -> list[BrokenRule]:
    """Every rule between the parts of `form` (raw tables as TOML or `model_dump` give them) that is broken."""
    sections = _tables(form, "sections")
    categories = [found for path, section in sections for found in _tables(section, "categories", path)]
    columns = _tables(form, "columns")
    cover = _tables(_table(form, "cover"), "fields", ("cover",))
    feedback = _tables(_table(form, "feedback"), "fields", ("feedback",))
    return [
        *_doubled(said("section"), "key", sections),
        *_doubled(said("category"), "key", categories),
        *_doubled(said("column"), "key", columns),
        *_doubled(said("column"), "heading", columns),
        *_doubled(said("cover field"), "key", cover),
        *_doubled(said("feedback field"), "key", feedback),
        *_reserved(said("category"), RESERVED_CATEGORIES, categories),
        *_reserved(said("column"), RESERVED_COLUMNS, columns),
        *_identifying(columns),
        *_reporter(cover),
    ]


def _table(tables: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = tables.get(key)
    return value if isinstance(value, Mapping) else {}


def _tables(table: Mapping[str, Any], key: str, above: Path = ()) -> _Found:
    value = table.get(key)
    if not isinstance(value, list | tuple):
        return []
    return [((*above, key, index), item) for index, item in enumerate(value) if isinstance(item, Mapping)]


def _doubled(kind: Message, attribute: str, found: _Found) -> Iterator[BrokenRule]:
    """Two of a kind with one key, or with one heading: the register could not keep them apart."""
    seen: dict[str, Path] = {}
    for above, table in found:
        value, path = table.get(attribute), (*above, attribute)
        if not isinstance(value, str):
            continue
        first = seen.setdefault(value.strip().casefold(), path)
        if first != path:
            named = {"kind": kind, "attribute": said(attribute)}
            fault = said("The {kind} {attribute} {value!r} is used twice.", **named, value=value)
            yield BrokenRule(path, fault, said("Give each {kind} its own {attribute}.", **named), first)


def _reserved(kind: Message, reserved: frozenset[str], found: _Found) -> Iterator[BrokenRule]:
    for above, table in found:
        if table.get("key") in reserved:
            fault = said(
                "The {kind} key {value!r} is reserved for the program.", kind=kind, value=table["key"]
            )
            yield BrokenRule((*above, "key"), fault, "Choose another key.")


def _identifying(columns: _Found) -> Iterator[BrokenRule]:
    marked = [above for above, column in columns if column.get("identifies") is True]
    readable = all(isinstance(column.get("identifies", False), bool) for _, column in columns)
    if columns and not marked and readable:
        fault = "No column tells which facility a row is about."
        remedy = "Write `identifies = true` in one of the columns."
        yield BrokenRule(("columns",), fault, remedy, lacks="identifies")
    for above in marked[1:]:
        fault = "Two columns claim to tell which facility a row is about."
        remedy = "Keep `identifies = true` in one of them only."
        yield BrokenRule((*above, "identifies"), fault, remedy, (*marked[0], "identifies"))


def _reporter(fields: _Found) -> Iterator[BrokenRule]:
    if fields and not any(field.get("key") == "organisation" for _, field in fields):
        fault = "The cover has no field `organisation`, so nobody would know who answered."
        remedy = "Add a cover field with the key `organisation`."
        yield BrokenRule(("cover", "fields"), fault, remedy, lacks="key")
