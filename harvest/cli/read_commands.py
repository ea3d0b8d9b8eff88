"""Commands that look and change no data: status, runs, why, diff, report, export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harvest.cli import options
from spec.console.cli import command, echo, wrong_call
from spec.console.screen import harmless_json
from spec.errors import EXIT_DONE
from spec.workspace import Workspace


@command()
@options.workspace
@click.option(
    "--letters",
    is_flag=True,
    help="Write texts for those whose files could not be read, to mail back to them.",
)
@options.json
def status(workspace: Path, letters: bool, as_json: bool) -> int:
    """Say what the register holds, what came in, what needs a person, and which returns are older than they should be."""
    from harvest.commands.letters import letters as write_letters
    from harvest.commands.status import status_of
    from harvest.say import results

    options.tell_settings(workspace)
    result, words = status_of(Workspace(workspace))
    code = results.status(result, words, as_json=as_json)
    if letters:
        results.letters(write_letters(Workspace(workspace))[0], words, as_json=as_json)
    return code


@command()
@options.workspace
@options.json
def runs(workspace: Path, as_json: bool) -> int:
    """List the runs and what each of them added."""
    from harvest.history.runs import runs_of
    from harvest.say import changes

    options.tell_settings(workspace)
    found, words = runs_of(Workspace(workspace))
    return changes.runs(found, words, as_json=as_json)


@command()
@click.argument("entry")
@options.workspace
@options.json
def why(entry: str, workspace: Path, as_json: bool) -> int:
    """Tell every value that ENTRY ever had, where it came from, and which rule chose it.

    ENTRY is any id that the entry ever had, its facility's name, or a part of that; deleted entries are told, too.
    """
    from harvest.history.why import why as why_entry
    from harvest.say.why import because

    options.tell_settings(workspace)
    found, words = why_entry(Workspace(workspace), entry)
    return because(found, words, as_json=as_json)


@command()
@click.argument("run", type=click.IntRange(min=0))
@click.argument("to", required=False, type=click.IntRange(min=0))
@options.workspace
@options.json
def diff(run: int, to: int | None, workspace: Path, as_json: bool) -> int:
    """Tell what changed in the register from RUN to TO.

    Without TO: since RUN. `harvest runs` lists the numbers; 0 is before the first.
    """
    from harvest.history.diff import difference
    from harvest.say import changes

    options.tell_settings(workspace)
    found, words = difference(Workspace(workspace), run, to)
    return changes.difference(found, words, as_json=as_json)


@command()
@options.workspace
def report(workspace: Path) -> int:
    """Write report.html anew, as of now: what there is, who answered, what is old, what to decide.

    Every run that changes the register writes it, too.
    """
    from harvest.commands.report import report_on

    options.tell_settings(workspace)
    echo(str(report_on(Workspace(workspace))))
    return EXIT_DONE


@command()
@options.workspace
@click.option(
    "--format",
    "kind",
    type=click.Choice(["json", "csv", "xlsx", "pdf"]),
    default="json",
    show_default=True,
    help="pdf is the register as loose leaves; json and csv go to the standard output unless --output names a file.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option(
    "--changed-since",
    metavar="DATE|RUN",
    default="",
    help="pdf only: the leaves that changed since a day (2026-11-01) or a run (12).",
)
def export(workspace: Path, kind: str, output: Path | None, changed_since: str) -> int:
    """Write the register's entries as data, or as loose leaves to print."""
    from harvest.commands.export import export_register
    from harvest.leaves import write_leaves

    options.tell_settings(workspace)
    if kind == "pdf":
        write_leaves(Workspace(workspace), output, changed_since)
        return EXIT_DONE
    if changed_since:
        raise wrong_call("--changed-since goes with --format pdf.")
    data = export_register(Workspace(workspace), kind, output)
    if data is not None:
        sys.stdout.buffer.write(harmless_json(data.decode()).encode() if kind == "json" else data)
    return EXIT_DONE
