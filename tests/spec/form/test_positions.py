"""The line of every value of a TOML text."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spec.form.load import default_text
from spec.form.positions import line_at, positions
from spec.form.rules import Path

ODD = '''\
# a comment with [brackets] and a = "sign"
a = "x # no comment" # but this
"quoted key" = 1
b.c = [1, [2, 3], {d = 4, e.f = [5]},
  # in between
  """six
= [7]""", \'\'\'[
eight\'\'\' ]
when = 1979-05-27 07:32:00
empty = ""
many = """quote: "" and \\""" end"""
[t.u]
x = 1
[[list]]
y = 1
[[list.inner]]
z = 1
[[list.inner]]
z = 2
[[ list ]]
y = 2
[[list.inner]]
z = 3
[list.table]
w = 4
'''


def test_odd_spellings_are_located() -> None:
    tomllib.loads(ODD)
    found = positions(ODD)
    expected: dict[Path, int] = {
        ("a",): 2,
        ("quoted key",): 3,
        ("b", "c", 0): 4,
        ("b", "c", 1, 1): 4,
        ("b", "c", 2, "e", "f", 0): 4,
        ("b", "c", 3): 6,
        ("b", "c", 4): 7,
        ("when",): 9,
        ("empty",): 10,
        ("many",): 11,
        ("t", "u", "x"): 13,
        ("list",): 14,
        ("list", 0, "y"): 15,
        ("list", 0, "inner", 0): 16,
        ("list", 0, "inner", 1, "z"): 19,
        ("list", 1): 20,
        ("list", 1, "inner", 0, "z"): 23,
        ("list", 1, "table", "w"): 25,
    }
    assert {path: found.get(path) for path in expected} == expected


def test_the_nearest_thing_around_is_told() -> None:
    assert line_at(positions(ODD), ("list", 1, "inner", 0, "missing")) == 22
    assert line_at(positions(ODD), ("nowhere",)) is None


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        yield path, value
    for key, item in items:
        yield from leaves(item, (*path, key))


def test_every_value_of_the_default_form_stands_on_its_line() -> None:
    text = default_text()
    lines, found = text.splitlines(), positions(text)
    for path, value in leaves(tomllib.loads(text)):
        assert path in found
        spelt = str(value).lower() if isinstance(value, bool) else str(value)
        assert spelt in lines[found[path] - 1]


VALUES = st.recursive(
    st.integers()
    | st.booleans()
    | st.text(st.characters(codec="ascii"), max_size=8).map(lambda t: t.replace("\x7f", "")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


def spelt(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {spelt(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(spelt(item) for item in value) + "]"
    return json.dumps(value)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), VALUES, max_size=5))
def test_any_text_that_toml_takes_is_located(tables: dict[str, Any]) -> None:
    text = "".join(f"{key} = {spelt(value)}\n" for key, value in tables.items())
    found = positions(text)
    assert tomllib.loads(text) == tables
    for number, (key, value) in enumerate(tables.items(), start=1):
        assert all(found[path] == number for path, _ in leaves(value, (key,)))
