"""Commands that change what counts: undo, redo, decide, rebuild, forget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvest.cli import options
from spec.cli import agreed, command, wrong_call
from spec.screen import on_screen
from spec.workspace import Workspace

if TYPE_CHECKING:
    from spec.words import Words


@command()
@click.argument("run", required=False, type=click.IntRange(min=1))
@options.workspace
@options.dry_run
@options.json
def undo(run: int | None, workspace: Path, dry_run: bool, as_json: bool) -> int:
    """Take RUN back: the register is as if it had not been.

    Default: the newest run that counts. Nothing is deleted, `harvest redo` brings it back; what people did in the
    register since stays.
    """
    from harvest.history.undo import undo as undo_run  # noqa: PLC0415
    from harvest.say import changes as say_changes  # noqa: PLC0415 - heavy libraries load only for the command that needs them

    result, words = undo_run(Workspace(workspace), run, dry_run=dry_run)
    return say_changes.undone(result, words, as_json=as_json)


@command()
@click.argument("run", required=False, type=click.IntRange(min=1))
@options.workspace
@options.dry_run
@options.json
def redo(run: int | None, workspace: Path, dry_run: bool, as_json: bool) -> int:
    """Bring RUN back that was undone; default: the one that was undone last."""
    from harvest.history.undo import redo as redo_run  # noqa: PLC0415
    from harvest.say import changes as say_changes  # noqa: PLC0415

    result, words = redo_run(Workspace(workspace), run, dry_run=dry_run)
    return say_changes.undone(result, words, as_json=as_json)


@command()
@click.argument("entry")
@options.workspace
@click.option("--same-as", multiple=True, metavar="ID", help="ENTRY and ID are one facility.")
@click.option("--different-from", multiple=True, metavar="ID", help="ENTRY and ID are two facilities.")
@click.option(
    "--choose",
    multiple=True,
    nargs=2,
    metavar="COLUMN VALUE",
    help="VALUE is right in COLUMN, whoever said what.",
)
@click.option(
    "--checked", multiple=True, metavar="COLUMN", help="The doubtful cell was looked at and is right."
)
@options.dry_run
@options.json
def decide(
    *,
    entry: str,
    workspace: Path,
    same_as: tuple[str, ...],
    different_from: tuple[str, ...],
    choose: tuple[tuple[str, str], ...],
    checked: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> int:
    """Decide on ENTRY what the register's sheets ask: duplicates, contradictions, doubtful cells."""
    from harvest.decide import Wanted  # noqa: PLC0415
    from harvest.decide import decide as decide_entry  # noqa: PLC0415
    from harvest.say import changes as say_changes  # noqa: PLC0415

    wanted = Wanted(entry, same_as, different_from, choose, checked)
    result, words = decide_entry(Workspace(workspace), wanted, dry_run=dry_run)
    return say_changes.decided(result, words, as_json=as_json)


@command()
@options.workspace
@options.passwords
@click.option(
    "--force", is_flag=True, help="Also where the ledger is in order; it forgets which runs were undone."
)
@options.json
def rebuild(workspace: Path, passwords: Path | None, force: bool, as_json: bool) -> int:
    """Make a new ledger where the old one is lost or damaged.

    It is made from the originals, the folder of returns, the register and what can still be read of the old ledger,
    which is kept under another name.
    """
    from harvest.history.rebuild import rebuild as rebuild_ledger  # noqa: PLC0415
    from harvest.say import changes as say_changes  # noqa: PLC0415

    result, words = rebuild_ledger(
        Workspace(workspace),
        force=force,
        passwords=options.read_passwords(passwords),
        progress=options.progress(shown=not as_json),
    )
    return say_changes.rebuilt(result, words, as_json=as_json)


@command()
@click.argument("who", metavar="PERSON-OR-PARTNER", required=False)
@click.option(
    "--expired",
    is_flag=True,
    help="Instead: returns that are older than `years` under [retention] in formgen.toml, and what rests on them alone.",
)
@options.workspace
@options.dry_run
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.json
def forget(
    *, who: str | None, expired: bool, workspace: Path, dry_run: bool, yes: bool, as_json: bool
) -> int:
    """Take a person's or partner's data out of register, ledger, originals, mails and backups, for good.

    A partner is named by the organisation or its token: its returns go, its copies and drafts, its address and contact;
    of the list in forms/recipients.json the bare token stays. Your own list of partners is not touched. A person is named by name, address or number:
    the words go, and the originals that hold them. That it was done is recorded, without the words.
    """
    from harvest.say import changes as say_changes  # noqa: PLC0415

    if expired == (who is not None):
        raise wrong_call("Name a person or partner, or say --expired.")
    place = Workspace(workspace)
    if who is None:
        return _forget_expired(place, dry_run=dry_run, yes=yes, as_json=as_json)
    from harvest.privacy.forget import forget as forget_who  # noqa: PLC0415
    from harvest.privacy.forget import planned  # noqa: PLC0415

    if dry_run or not yes:
        plan, words = planned(place, who)
        if dry_run or plan.plan.empty:
            return say_changes.forgotten(plan, words, as_json=as_json)
        say_changes.to_forget(plan, words, err=as_json)
        _ask(words, as_json=as_json)
    result, words = forget_who(place, who)
    return say_changes.forgotten(result, words, as_json=as_json)


def _forget_expired(place: Workspace, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    from harvest.privacy.expire import due_returns, remove_expired  # noqa: PLC0415
    from harvest.say import changes as say_changes  # noqa: PLC0415

    if dry_run or not yes:
        plan, words = due_returns(place)
        if dry_run or plan.empty:
            return say_changes.expired(plan, words, as_json=as_json)
        say_changes.to_expire(plan, words, err=as_json)
        _ask(words, as_json=as_json)
    result, words = remove_expired(place)
    return say_changes.expired(result, words, as_json=as_json)


def _ask(words: Words, *, as_json: bool) -> None:
    words = on_screen(words)
    yes, no = words("register.say.yes"), words("register.say.no")
    if not agreed(words("say.forget.ask"), yes, no, err=as_json):
        raise click.Abort
