"""Prints what the commands return that look back at runs or rewrite the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from harvest.commands.decide import Decided
from harvest.commands.register_change import RegisterChange
from harvest.history.diff import Difference, Step
from harvest.history.rebuild import Rebuilt
from harvest.history.runs import run_as_json
from harvest.history.undo import UNDO, Undone
from harvest.ledger import RunRecord
from harvest.model import NIL_BOX, Decision, DecisionKind
from harvest.privacy.expire import Removed
from harvest.privacy.forget import Forgotten, Plan
from harvest.problems import describe
from harvest.say.printing import print_lines, printed
from harvest.state.own_forms import OWN_BOX
from harvest.workspace.session import HAND
from spec.console.cli import print_json
from spec.console.screen import on_screen
from spec.errors import EXIT_DONE
from spec.words import Words

#: Where no entry is called by more than its id.
NOBODY: Mapping[str, str] = MappingProxyType({})


def runs(found: tuple[RunRecord, ...], words: Words, *, as_json: bool) -> int:
    """Print a line for each run."""
    if as_json:
        print_json({"runs": [run_as_json(run) for run in found]})
        return EXIT_DONE
    words = on_screen(words)
    print_lines([run_line(run, words) for run in found] or [words("say.runs.none")])
    return EXIT_DONE


def run_line(run: RunRecord, words: Words) -> str:
    """One run: number, time, kind, what it added."""
    counts = run.counts
    parts = [
        words(f"say.runs.{key}", count=count)
        for key, count in (
            ("documents", counts.documents),
            ("rereads", counts.rereads),
            ("refused", counts.refusals),
            ("edited", counts.hand_edits),
            ("added", counts.hand_rows),
            ("deleted", counts.hand_deletions),
            ("decided", counts.decisions),
        )
        if count
    ]
    kind = words.under("say.runs.kind").get(run.kind, run.kind)
    if run.kind in {"undo", "redo"} and run.note:
        kind = words("say.runs.of", kind=kind, run=run.note)
    line = words("say.runs.line", run=run.id, at=_when(run, words), kind=kind)
    line += f": {', '.join(parts)}" if parts else ""
    return line if run.active else f"{line} {words('say.runs.undone')}"


def _when(run: RunRecord, words: Words) -> str:
    return run.at.astimezone().strftime(words("date.minute"))


def undone(result: Undone, words: Words, *, as_json: bool) -> int:
    """Print what an undo or a redo did."""
    return printed(result, _undone, words, as_json=as_json)


def _undone(result: Undone, words: Words) -> Iterator[str]:
    tense = "would" if result.register.dry_run else "done"
    yield words(f"say.{result.what}.{tense}", run=run_line(result.target, words))
    if result.what == UNDO:
        if result.target.kind == HAND:
            yield words(f"say.undo.by-hand-{tense}")
        yield words("say.undo.redo", run=result.target.id)
    yield from rewritten_lines(result.register, words)


def decided(result: Decided, words: Words, *, as_json: bool) -> int:
    """Print what was decided."""
    return printed(result, _decided, words, as_json=as_json)


def _decided(result: Decided, words: Words) -> Iterator[str]:
    yield from (decision(one, words, result.headings, result.names) for one in result.decisions)
    yield from rewritten_lines(result.register, words)


def decision(
    one: Decision, words: Words, headings: Mapping[str, str], names: Mapping[str, str] = NOBODY
) -> str:
    """One decision in a sentence; columns by their headings, entries with their facility where `names` has it."""
    if one.column == OWN_BOX:
        return words("say.decide.own-yes" if one.value else "say.decide.own-no")
    if one.column == NIL_BOX:
        return words("say.decide.nil-yes" if one.value else "say.decide.nil-no")
    nothing = one.kind is DecisionKind.TYPED and not one.value
    key = "say.decide.nothing" if nothing else f"say.decide.{one.kind.value}"
    values = {
        "entry": called(one.entry_id, names),
        "other": called(one.other, names),
        "column": headings.get(one.column, one.column),
        "value": flat(one.value),
    }
    return words(key, **{name: values[name] for name in words.placeholders[key]})


def called(identity: str, names: Mapping[str, str]) -> str:
    """An entry by its id, with its facility behind."""
    name = names.get(identity, "")
    return f"{identity} ({name})" if name else identity


def flat(text: str) -> str:
    """A cell's text in one line."""
    return " / ".join(text.splitlines())


def rewritten_lines(register: RegisterChange, words: Words) -> Iterator[str]:
    """What every command says that rewrites the register."""
    if register.dry_run:
        yield words("say.run.dry")
    if any(register.hand.values()):
        yield words("say.run.hand", **register.hand)
    yield words("say.changes.entries", total=sum(register.entries.values()))
    for problem in register.faults:
        yield str(describe(problem, words))
    if register.side_file is not None:
        yield words("say.run.side-file", path=register.side_file)
    else:
        key = "would-write" if register.dry_run else "written"
        yield words(f"say.run.{key}", path=register.register)


def rebuilt(result: Rebuilt, words: Words, *, as_json: bool) -> int:
    """Print what a new ledger was made from."""
    return printed(result, _rebuilt, words, as_json=as_json)


def _rebuilt(result: Rebuilt, words: Words) -> Iterator[str]:
    if result.aside is not None:
        yield words("say.rebuild.aside", path=result.aside)
    if result.salvaged:
        yield words("say.rebuild.salvaged", count=result.salvaged)
    found = {key: result.found.get(key, 0) for key in ("edited", "added", "deleted", "decided")}
    yield words("say.rebuild.done", documents=result.documents, **found)
    yield from rewritten_lines(result.register, words)


# ---------------------------------------------------------------- taken out for good


def forgotten(result: Forgotten, words: Words, *, as_json: bool) -> int:
    """Print what was taken out, or would be."""
    return printed(result, _forgotten, words, as_json=as_json)


def _forgotten(result: Forgotten, words: Words) -> Iterator[str]:
    if result.empty:
        yield words("say.forget.nothing", who=result.plan.who.text)
        yield from _only_a_part(result.plan, words)
    else:
        yield from _to_forget(result, words)
    register = result.register
    if register is not None:
        yield from rewritten_lines(register, words)
        yield words("say.forget.done", run=register.run)
    if not result.empty:
        yield words("say.forget.list")
    yield from (words("say.forget.left", path=path) for path in result.left)
    yield from (words("say.forget.held", path=path) for path in result.held)
    yield from (words("say.forget.unseen", path=path) for path in result.plan.unseen)
    yield from _only_alike(result.plan, words)


def _only_alike(plan: Plan, words: Words) -> Iterator[str]:
    yield from (words("say.forget.similar", text=text) for text in plan.asked.similar)
    yield from (words("say.forget.beside", text=text) for text in plan.asked.beside)


def to_forget(result: Forgotten, words: Words, *, err: bool = False) -> None:
    """Print what goes."""
    print_lines(_to_forget(result, on_screen(words)), err=err)


def _to_forget(result: Forgotten, words: Words) -> Iterator[str]:
    plan = result.plan
    returns = {**plan.removed, **plan.redacted}
    if returns:
        yield words("say.forget.documents", count=len(returns))
        yield from _named(returns.values(), words)
    if plan.cells:
        yield words("say.forget.cells", count=plan.cells)
    if plan.mailing.records:
        yield words("say.forget.records", count=plan.mailing.records)
    yield from _files(plan.files, words)
    yield from _only_a_part(plan, words)


def _only_a_part(plan: Plan, words: Words) -> Iterator[str]:
    if plan.mailing.partly:
        names = ", ".join(plan.mailing.partly)
        yield words("say.forget.part", who=plan.who.text, names=names)


def expired(result: Removed, words: Words, *, as_json: bool) -> int:
    """Print which old returns were taken out, or would be."""
    return printed(result, _expired, words, as_json=as_json)


def _expired(result: Removed, words: Words) -> Iterator[str]:
    if result.empty:
        yield words("say.expire.nothing", day=_due_before(result, words))
        return
    yield from _to_expire(result, words)
    if result.register is not None:
        yield from rewritten_lines(result.register, words)
        yield words("say.expire.done", run=result.register.run)
    yield from (words("say.expire.left", path=path) for path in result.left)


def to_expire(result: Removed, words: Words, *, err: bool = False) -> None:
    """Print which old returns go."""
    print_lines(_to_expire(result, on_screen(words)), err=err)


def _to_expire(result: Removed, words: Words) -> Iterator[str]:
    due = result.due
    yield words("say.expire.returns", count=len(due.returns), day=_due_before(result, words))
    yield from _named(due.returns.values(), words)
    yield words("say.expire.alone", count=due.alone)
    if due.kept:
        yield words("say.expire.kept", count=due.kept)
    yield from _files(result.files, words)


def _files(paths: Collection[Path], words: Words) -> Iterator[str]:
    if paths:
        yield words("say.forget.files", count=len(paths))
        yield from _named(paths, words)


def _named(names: Iterable[object], words: Words) -> Iterator[str]:
    return (words("say.forget.file", path=name) for name in names)


def _due_before(result: Removed, words: Words) -> str:
    before = result.due.before
    return "–" if before is None else before.astimezone().strftime(words("date.day"))


# ---------------------------------------------------------------- between two runs


def difference(result: Difference, words: Words, *, as_json: bool) -> int:
    """Print what changed between two runs."""
    if as_json:
        print_json(result.as_json())
        return EXIT_DONE
    words = on_screen(words)
    told = [line for step in result.steps for line in _step_lines(step, result, words)]
    print_lines(told or [words("say.diff.none")])
    return EXIT_DONE


def _step_lines(step: Step, result: Difference, words: Words) -> Iterator[str]:
    yield words(
        f"say.diff.{step.kind}",
        entry=step.entry,
        category=result.names.get(step.category, step.category),
        facility=flat(step.values.get(result.facility, "")) or "–",
        **({"into": step.into} if step.kind == "joined" else {}),
    )
    for cell in step.cells:
        heading = result.headings.get(cell.column, cell.column)
        yield f"    {heading}: {flat(cell.old) or '–'} → {flat(cell.new) or '–'}"
