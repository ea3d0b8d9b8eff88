"""What needs a person after a run, in few lines: one problem is told once, however many files have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harvest.model import Problem, Severity
from harvest.problems import describe
from harvest.results import Outcome
from spec.errors import Fault
from spec.words import Words

#: More different problems than these, and more files with one of them, stand in the register only;
#: unless it is a single one, which takes no more room than saying so.
_MOST_KINDS, _MOST_NAMES = 5, 3
#: Rows of the register that are named when they have a problem in common; `--json` has all.
_MOST_ROWS = 12
#: What waits for a person -> the sheet that has it.
_SHEETS = {
    "documents": "returns",
    "duplicates": "duplicates",
    "uncompared": "duplicates",
    "conflicts": "conflicts",
    "checks": "check",
}


def problem_lines(outcomes: Sequence[Outcome], words: Words, sheet: str) -> Iterator[str]:
    """The problems of all files, the most frequent first; `sheet` is the one that has them all."""
    alike: dict[tuple[str, str], dict[str, Fault]] = {}
    for outcome in outcomes:
        for problem in outcome.problems:
            if problem.severity is not Severity.NOTE:
                fault = describe(problem, words, outcome.file)
                alike.setdefault((problem.code, fault.remedy), {}).setdefault(fault.place, fault)
    groups = sorted(alike.values(), key=len, reverse=True)
    shown = len(groups) if len(groups) <= _MOST_KINDS + 1 else _MOST_KINDS
    for group in groups[:shown]:
        first, *others = group.values()
        yield _told(first, words)
        if others:
            yield f"  {_too([fault.place for fault in others], words, sheet)}"
    if rest := sum(len(group) for group in groups[shown:]):
        yield words("say.run.more-problems", count=rest, sheet=sheet)


def register_lines(faults: Sequence[Problem], words: Words) -> Iterator[str]:
    """What is wrong in the register; what many rows have is told once, with the numbers of the others."""
    alike: dict[tuple[str, str], list[Fault]] = {}
    for problem in faults:
        fault = describe(problem, words)
        alike.setdefault((problem.code, fault.remedy), []).append(fault)
    for group in alike.values():
        shown = group if len(group) <= _MOST_NAMES + 1 else group[:1]
        yield from map(str, shown)
        places = [fault.place for fault in group[len(shown) :]]
        if len(places) > _MOST_ROWS:
            others = words("say.run.more-rows", count=len(places) - _MOST_ROWS)
            places = [*places[:_MOST_ROWS], others]
        if places:
            yield f"  {words('say.run.too', files='; '.join(places))}"


def _told(fault: Fault, words: Words) -> str:
    if fault.fault.startswith(fault.place):  # it names the file itself
        return f"{fault.fault} {fault.remedy}"
    return words("say.run.look-here", file=fault.place, fault=fault.fault, remedy=fault.remedy)


def _too(places: Sequence[str], words: Words, sheet: str) -> str:
    """Who else has the problem."""
    if len(places) <= _MOST_NAMES + 1:
        return words("say.run.too", files=", ".join(places))
    files = ", ".join(places[:_MOST_NAMES])
    return words("say.run.too-many", files=files, count=len(places) - _MOST_NAMES, sheet=sheet)


def to_do_line(to_do: Mapping[str, int], words: Words, of_the_form: Words) -> str:
    """What waits for a person, and on which sheets; these are called as the form's language calls them."""
    sheets = of_the_form.under("register.sheet")
    what = []
    for kind, count in to_do.items():
        if count:
            key = f"say.to-do.one.{kind}" if count == 1 else f"say.to-do.{kind}"
            values = {"count": count, "sheet": sheets.get(_SHEETS.get(kind, ""), "")}
            what.append(words(key, **{name: values[name] for name in words.placeholders[key]}))
    return words("say.run.to-do", what=", ".join(what)) if what else words("say.run.nothing-to-do")
