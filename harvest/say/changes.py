"""Prints what the commands return that look back at runs or rewrite the register."""

from __future__ import annotations

from collections.abc import Iterator

import click

from harvest.decide import Decided
from harvest.history.diff import Difference, Step
from harvest.history.rebuild import Rebuilt
from harvest.history.runs import run_as_json
from harvest.history.undo import Undone
from harvest.ledger import RunRecord
from harvest.model import Decision, DecisionKind
from harvest.privacy.expire import Removed
from harvest.privacy.forget import Forgotten
from harvest.problems import describe
from harvest.rewritten import Rewritten
from harvest.say.results import print_json
from spec.errors import EXIT_DONE
from spec.screen import on_screen
from spec.words import Words


def runs(found: tuple[RunRecord, ...], words: Words, *, as_json: bool) -> int:
    """Print a line for each run."""
    if as_json:
        print_json({"runs": [run_as_json(run) for run in found]})
        return EXIT_DONE
    words = on_screen(words)
    for run in found:
        click.echo(run_line(run, words))
    if not found:
        click.echo(words("say.runs.none"))
    return EXIT_DONE


def run_line(run: RunRecord, words: Words) -> str:
    """One run: number, time, kind, what it added."""
    counts = run.counts
    parts = [
        words(f"say.runs.{key}", count=count)
        for key, count in (
            ("documents", counts.documents),
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
    if as_json:
        print_json(result.as_json(words))
        return result.exit_code
    words = on_screen(words)
    tense = "would" if result.register.dry_run else "done"
    click.echo(words(f"say.{result.what}.{tense}", run=run_line(result.target, words)))
    _rewritten(result.register, words)
    return result.exit_code


def decided(result: Decided, words: Words, *, as_json: bool) -> int:
    """Print what was decided."""
    if as_json:
        print_json(result.as_json(words))
        return result.exit_code
    words = on_screen(words)
    for one in result.decisions:
        click.echo(decision(one, words))
    _rewritten(result.register, words)
    return result.exit_code


def decision(one: Decision, words: Words) -> str:
    """One decision in a sentence."""
    nothing = one.kind is DecisionKind.TYPED and not one.value
    key = "say.decide.nothing" if nothing else f"say.decide.{one.kind.value}"
    values = {"entry": one.entry_id, "other": one.other, "column": one.column, "value": flat(one.value)}
    return words(key, **{name: values[name] for name in words.placeholders[key]})


def flat(text: str) -> str:
    """A cell's text in one line."""
    return " / ".join(text.splitlines())


def _rewritten(register: Rewritten, words: Words) -> None:
    for line in rewritten_lines(register, words):
        click.echo(line)


def rewritten_lines(register: Rewritten, words: Words) -> Iterator[str]:
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
    if as_json:
        print_json(result.as_json(words))
        return result.exit_code
    words = on_screen(words)
    if result.aside is not None:
        click.echo(words("say.rebuild.aside", path=result.aside))
    if result.salvaged:
        click.echo(words("say.rebuild.salvaged", count=result.salvaged))
    found = {key: result.found.get(key, 0) for key in ("edited", "added", "deleted", "decided")}
    click.echo(words("say.rebuild.done", documents=result.documents, **found))
    _rewritten(result.register, words)
    return result.exit_code


def forgotten(result: Forgotten, words: Words, *, as_json: bool) -> int:
    """Print what was taken out, or would be."""
    if as_json:
        print_json(result.as_json(words))
        return result.exit_code
    words = on_screen(words)
    if result.plan.empty:
        click.echo(words("say.forget.nothing", who=result.plan.who.text))
    else:
        to_forget(result, words)
    register = result.register
    if register is not None:
        _rewritten(register, words)
        click.echo(words("say.forget.done", run=register.run))
    if not result.plan.empty:
        click.echo(words("say.forget.list"))
    for path in result.left:
        click.echo(words("say.forget.left", path=path))
    return result.exit_code


def to_forget(result: Forgotten, words: Words, *, err: bool = False) -> None:
    """Print what goes."""
    words = on_screen(words)
    plan = result.plan
    returns = {**plan.removed, **plan.redacted}
    if returns:
        click.echo(words("say.forget.documents", count=len(returns)), err=err)
        for name in returns.values():
            click.echo(words("say.forget.file", path=name), err=err)
    if plan.cells:
        click.echo(words("say.forget.cells", count=plan.cells), err=err)
    if plan.mailing.records:
        click.echo(words("say.forget.records", count=plan.mailing.records), err=err)
    if plan.files:
        click.echo(words("say.forget.files", count=len(plan.files)), err=err)
        for path in plan.files:
            click.echo(words("say.forget.file", path=path), err=err)


def expired(result: Removed, words: Words, *, as_json: bool) -> int:
    """Print which old returns were taken out, or would be."""
    if as_json:
        print_json(result.as_json(words))
        return result.exit_code
    words = on_screen(words)
    if result.empty:
        click.echo(words("say.expire.nothing", day=_due_before(result, words)))
        return result.exit_code
    to_expire(result, words)
    if result.register is not None:
        _rewritten(result.register, words)
        click.echo(words("say.expire.done", run=result.register.run))
    for path in result.left:
        click.echo(words("say.expire.left", path=path))
    return result.exit_code


def to_expire(result: Removed, words: Words, *, err: bool = False) -> None:
    """Print which old returns go."""
    words = on_screen(words)
    due = result.due
    day = _due_before(result, words)
    click.echo(words("say.expire.returns", count=len(due.returns), day=day), err=err)
    for name in due.returns.values():
        click.echo(words("say.forget.file", path=name), err=err)
    click.echo(words("say.expire.alone", count=due.alone), err=err)
    if due.kept:
        click.echo(words("say.expire.kept", count=due.kept), err=err)
    if result.files:
        click.echo(words("say.forget.files", count=len(result.files)), err=err)
        for path in result.files:
            click.echo(words("say.forget.file", path=path), err=err)


def _due_before(result: Removed, words: Words) -> str:
    before = result.due.before
    return "–" if before is None else before.astimezone().strftime(words("date.day"))


def difference(result: Difference, words: Words, *, as_json: bool) -> int:
    """Print what changed between two runs."""
    if as_json:
        print_json(result.as_json())
        return EXIT_DONE
    words = on_screen(words)
    if not result.steps:
        click.echo(words("say.diff.none"))
    for step in result.steps:
        for line in _step_lines(step, result, words):
            click.echo(line)
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
        yield f"    {cell.column}: {flat(cell.old) or '–'} → {flat(cell.new) or '–'}"
