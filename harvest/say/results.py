"""The one place that prints what the harvest's commands return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harvest.model import Method, Sheet, Submission
from harvest.problems import describe
from harvest.results import Fate, Reread, RunResult, Shown, StatusResult
from harvest.say.printing import print_lines
from harvest.say.problems import problem_lines, register_lines, to_do_line
from harvest.state.editions import load_editions
from spec.console.cli import echo, print_json, tell_faults
from spec.console.screen import on_screen
from spec.errors import EXIT_DONE, NothingDoneError
from spec.words import Words
from spec.words import words as words_in
from spec.workspace import Workspace

#: Of many files so many are named.
_NAMED = 5
_SURE = frozenset({Method.WIDGET, Method.FIELD_TREE, Method.FORM_DATA, Method.HAND})


def run(result: RunResult, words: Words, *, as_json: bool, quiet: bool) -> int:
    """Print what a run did: a line each on what came in, what the register holds, and what needs a person."""
    if as_json:
        print_json(result.as_json(words))
        return result.exit_code
    if not quiet:
        print_lines(_run_lines(result, on_screen(words)))
    print_lines(_needs_person(result, on_screen(words), words))
    return result.exit_code


def _run_lines(result: RunResult, words: Words) -> Iterator[str]:
    count = {fate: sum(one.fate is fate for one in result.outcomes) for fate in Fate}
    if result.dry_run:
        yield words("say.run.dry")
    yield words(
        "say.run.documents",
        new=count[Fate.NEW],
        known=count[Fate.KNOWN],
        failed=count[Fate.UNREADABLE] + count[Fate.REFUSED],
    )
    if result.empty:
        folders = ", ".join(str(path.absolute()) for path in result.empty)
        yield words("say.run.empty", folders=folders)
    if count[Fate.UNDONE]:
        yield words("say.run.undone", count=count[Fate.UNDONE])
    entries = result.entries
    yield words(
        "say.run.entries",
        total=sum(entries.values()),
        new=entries.get("new", 0),
        changed=entries.get("changed", 0),
        missing=entries.get("missing", 0),
    )
    if any(result.hand.values()):
        yield words("say.run.hand", **result.hand)
    if result.reread is not None:
        yield from _reread_lines(result.reread, words)
    if result.side_file is None:
        key = "would-write" if result.dry_run else "written"
        yield words(f"say.run.{key if result.changed else 'unchanged'}", path=result.register)
    if result.expired:
        yield words("say.run.expired", count=result.expired)


def _reread_lines(reread: Reread, words: Words) -> Iterator[str]:
    if reread.read:
        yield words("say.run.reread", read=reread.read, changed=reread.changed)
    found = [words(f"say.run.reread-{kind}", count=count) for kind, count in reread.found.items() if count]
    if found:
        key = "reread-found" if reread.run is None else "reread-found-undo"
        run = {} if reread.run is None else {"run": reread.run}
        yield words(f"say.run.{key}", what=", ".join(found), **run)
    for kind, files in (("failed", reread.failed), ("missing", reread.missing)):
        if files:
            shown = ", ".join(files[:_NAMED]) + (" ..." if len(files) > _NAMED else "")
            yield words(f"say.run.reread-{kind}", count=len(files), files=shown)


def _needs_person(result: RunResult, words: Words, of_the_form: Words) -> Iterator[str]:
    if result.side_file is not None:
        yield words("say.run.side-file", path=result.side_file)
    yield from problem_lines(result.outcomes, words, of_the_form("register.sheet.returns"))
    yield from register_lines(result.faults, words)
    yield to_do_line(result.to_do, words, of_the_form)


def show(shown: Sequence[Shown], words: Words, *, as_json: bool) -> int:
    """Print what each document of a file says."""
    if as_json:
        print_json({"documents": [one.as_json(words) for one in shown]})
    else:
        for one in shown:
            print_lines(_show_lines(one, on_screen(words)))
    return max((one.exit_code for one in shown), default=EXIT_DONE)


def _show_lines(shown: Shown, words: Words) -> Iterator[str]:
    yield words("say.show.file", file=shown.file, pages=shown.pages)
    for submission in shown.submissions:
        yield words(
            "say.show.edition",
            edition=submission.edition,
            reporter=submission.reporter.label,
            at=submission.moment.at.astimezone().strftime(words("date.minute")),
        )
        yield from _submission_lines(submission, shown, words)
    for problem in shown.problems:
        yield f"! {describe(problem, words)}"


def _submission_lines(submission: Submission, shown: Shown, words: Words) -> Iterator[str]:
    for part, values in (("cover", submission.cover), ("feedback", submission.feedback)):
        if any(value.text for value in values.values()):
            yield f"  {words(f'say.show.{part}')}"
            yield from (
                f"    {shown.headings.get(f'{part}.{key}', key)}: {_indented(value.text)}"
                for key, value in values.items()
                if value.text
            )
    told = [sheet for sheet in submission.sheets if not sheet.blank or sheet.waits]
    if not told:
        yield f"  {words('say.show.blank')}"
    for sheet in told:
        yield f"  {shown.names.get(sheet.category, sheet.category)}"
        yield from _box_lines(sheet, words)
        for row in sheet.rows:
            yield f"    {words('say.show.row', row=row.number)}"
            for column, value in row.values.items():
                text = _indented(value.text)
                if value.method not in _SURE:
                    method = words(f"register.method.{value.method.value}")
                    text = words("say.show.recovered", text=text, method=method)
                yield f"      {shown.headings.get(column, column)}: {text}"
            for cell in row.unread:
                heading = shown.headings.get(cell.column, cell.column)
                yield f"      {heading}: ({words('register.method.unread')})"


def _box_lines(sheet: Sheet, words: Words) -> Iterator[str]:
    if sheet.nil:
        yield f"    {words('say.show.nil')}"
    elif sheet.waits:
        said = next((box.said for box in sheet.unread if box.said), "")
        doubt = words("say.show.contradicts", text=said) if said else words("register.method.unread")
        yield f"    {words('say.show.nil')}: ({doubt})"


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 10)


def status(result: StatusResult, words: Words, *, as_json: bool) -> int:
    """Print what the register holds, what came in and what needs a person."""
    if as_json:
        print_json(result.as_json())
        return result.exit_code
    of_the_form, words = words, on_screen(words)
    date = words("date.minute")
    if result.latest_return is None:
        echo(words("say.status.none-yet"))
    else:
        at = result.latest_return.astimezone().strftime(date)
        echo(words("say.status.returns", count=result.returns, at=at))
    if result.latest_run is not None:
        echo(words("say.status.runs", count=result.runs, at=result.latest_run.astimezone().strftime(date)))
        echo(
            words(
                "say.status.register",
                total=sum(result.entries.values()),
                nils=result.nils,
                reporters=result.reporters,
            )
        )
    echo(to_do_line(result.to_do, words, of_the_form))
    due = result.expired
    if due.before is not None and due.returns:
        day = due.before.astimezone().strftime(words("date.day"))
        echo(words("say.status.expired", count=len(due.returns), day=day, alone=due.alone))
    return result.exit_code


def letters(path: Path | None, words: Words, *, as_json: bool) -> None:
    """Print where the texts for partners are; beside JSON on the error stream."""
    words = on_screen(words)
    echo(words("say.letters.none") if path is None else words("say.letters.written", path=path), err=as_json)


# ---------------------------------------------------------------- watching


def words_of(workspace: Workspace) -> Words:
    """The words for the screen; the form's where the computer has no language.

    Raises:
        NothingDoneError: there is no form yet.
    """
    return on_screen(words_in(load_editions(workspace, {}, lenient=True).newest.form.language))


def watching(folder: Path, words: Words) -> None:
    """Print that a folder is being watched."""
    echo(words("say.watch.started", path=folder))


@dataclass(frozen=True, slots=True)
class WatchTold:
    """Prints what happens while a folder is watched."""

    words: Words

    def result(self, result: RunResult, words: Words) -> None:
        """What a run did; nothing where it found nothing new."""
        if result.changed or any(one.problems for one in result.outcomes):
            run(result, words, as_json=False, quiet=False)

    def failed(self, error: NothingDoneError) -> None:
        """What kept a run from being done."""
        tell_faults("harvest", error)
        echo(self.words("say.watch.later"), err=True)
