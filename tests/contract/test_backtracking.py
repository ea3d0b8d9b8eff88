"""No regular expression that sees a partner's text or a workbook's cell tries one thing over and over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.contract.backtracking import faults

ROOT = Path(__file__).parents[2]
#: Where texts arrive that strangers wrote. Reading happens in worker processes under limits of time and memory.
ROOMS = (
    "harvest/parse/", "harvest/merge/", "harvest/sources/", "harvest/privacy/", "harvest/register/", "harvest/report/",
    "harvest/text/clean_text.py", "harvest/text/double_encoding.py", "harvest/nilbox.py", "harvest/normalise.py", "harvest/commands/register_change.py",
    "harvest/text/passwords.py", "formgen/mail/", "spec/matching.py", "spec/names.py", "spec/console/screen.py", "spec/storage/workbook_files.py",
)  # fmt: skip
#: pattern -> why its work is bounded all the same
BOUNDED = {
    (
        "harvest/privacy/redact_sidecars.py",
        "_JSON",
    ): "of register.json alone, which the harvest writes: each quote has its other",
    (
        "harvest/privacy/redact_sidecars.py",
        "_HTML",
    ): "of report.html alone, which the harvest writes: each tag ends",
    ("harvest/register/xlsx/formula_refs.py", "_TOKEN"): "of formulas of at most 8,192 letters",
    ("harvest/sources/mail/headers.py", "126"): "the second way takes what the first began in vain",
    (
        "harvest/sources/mailbox/imap_structure.py",
        "_TOKEN",
    ): "a quotation mark without another takes all that is left",
}


@cache
def trees() -> dict[str, ast.Module]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(ROOMS):
            found[place] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def patterns() -> Iterator[tuple[tuple[str, str], re.Pattern[str], bool]]:
    """Place and name, pattern, and whether it is searched for in a text rather than compared with it."""
    for place, tree in trees().items():
        uses: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                uses.setdefault(node.value.id, set()).add(node.attr)
            if _calls_re(node) and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant):
                how = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                if how not in {"compile", "escape"}:
                    yield (
                        (place, str(node.lineno)),
                        re.compile(str(node.args[0].value)),
                        how not in {"match", "fullmatch"},
                    )
        module = import_module(place.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for name, value in vars(module).items():
            for one in value if isinstance(value, (tuple, list)) else [value]:
                if isinstance(one, re.Pattern):
                    compared = name in uses and uses[name] <= {"match", "fullmatch"}
                    yield (place, name), one, not compared


def _calls_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and bool(node.args)
    )


def test_no_pattern_tries_one_thing_over_and_over() -> None:
    found = {place: faults(one, searched=searched) for place, one, searched in patterns()}
    assert len(found) > 200
    assert {place: what for place, what in found.items() if what and place not in BOUNDED} == {}
    assert [place for place in BOUNDED if not found.get(place)] == []


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [
        (r"(a+)+b", False), (r"(?:\w+\s?)*x", False), (r"\s*-?\s*x", False), (r"(?:\s*;)?\s+(?:x|\s*y)", False),
        (r"\d+\D", True), (r"\s+\Z", True), (r"\w++@", True), (r".*?x.*?y", False), (r"(?:a|ab)*a*c", False),
    ],
)  # fmt: skip
def test_what_does_is_found(pattern: str, searched: bool) -> None:
    assert faults(re.compile(pattern), searched=searched)


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [
        (r"\s*+-?\s*+x", False), (r"(?:\w++ )*+x", False), (r"(?<!\d)\d+x", True), (r"\A\s+x", True), (r"\d+", True),
        (r"<[^<>]*>", True), (r"[a-z]{1,30}[0-9]+", True), (r"(?>a+)b", False), (r"\d+-\d+", False),
    ],
)  # fmt: skip
def test_what_does_not_is_left_alone(pattern: str, searched: bool) -> None:
    assert not faults(re.compile(pattern), searched=searched)
