"""Commands that change what counts: undo, redo, decide, rebuild, forget."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import click

from harvest.cli import options
from spec.console.cli import agreed, command, wrong_call
from spec.console.screen import on_screen
from spec.workspace import Workspace

if TYPE_CHECKING:  # this would make every start wait
    from harvest.privacy.forget import Forgotten
    from spec.words import Words


@command()
@click.argument("run", required=False, type=click.IntRange(min=1))
@options.workspace
@options.dry_run
@options.json
def undo(run: int | None, workspace: Path, dry_run: bool, as_json: bool) -> int:
    """Take RUN back: the register is as if it had not been.

    Default: the newest run that counts. Nothing is deleted, `harvest redo` brings it back; what people did in the
    register since stays. If the newest run is itself what people did in the register, that is taken back: `harvest runs`
    and --dry-run tell.
    """
    from harvest.history.undo import undo as undo_run
    from harvest.say import changes

    result, words = undo_run(Workspace(workspace), run, dry_run=dry_run)
    return changes.undone(result, words, as_json=as_json)


@command()
@click.argument("run", required=False, type=click.IntRange(min=1))
@options.workspace
@options.dry_run
@options.json
def redo(run: int | None, workspace: Path, dry_run: bool, as_json: bool) -> int:
    """Bring RUN back that was undone; default: the one that was undone last."""
    from harvest.history.undo import redo as redo_run
    from harvest.say import changes

    result, words = redo_run(Workspace(workspace), run, dry_run=dry_run)
    return changes.undone(result, words, as_json=as_json)


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
@click.option(
    "--confirms/--confirms-nothing",
    default=None,
    help="ENTRY is a file saved by hand as it was sent: whether the partner confirms what it shows.",
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
    confirms: bool | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Decide on ENTRY what the register's sheets ask: duplicates, contradictions, doubtful cells.

    ENTRY and ID may be an id that the entry ever had, its facility's name, or a part of that; COLUMN a heading or a
    part of it.
    """
    from harvest.commands.decide import Wanted
    from harvest.commands.decide import decide as decide_entry
    from harvest.say import changes

    wanted = Wanted(entry, same_as, different_from, choose, checked, confirms)
    result, words = decide_entry(Workspace(workspace), wanted, dry_run=dry_run)
    return changes.decided(result, words, as_json=as_json)


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
    from harvest.history.rebuild import rebuild as rebuild_ledger
    from harvest.say import changes

    result, words = rebuild_ledger(
        Workspace(workspace),
        force=force,
        passwords=options.read_passwords(passwords),
        progress=options.progress(shown=not as_json),
    )
    return changes.rebuilt(result, words, as_json=as_json)


@command()
@click.argument("who", metavar="PERSON-OR-PARTNER", required=False)
@click.option(
    "--expired",
    is_flag=True,
    help="Instead: returns that are older than `years` under [retention] in formgen.toml, and what rests on them alone.",
)
@options.workspace
@click.option(
    "--also",
    metavar="TEXT",
    multiple=True,
    help="Another spelling or number that goes, too, such as one that was only alike; may be given several times.",
)
@options.dry_run
@click.option("--yes", is_flag=True, help="Do not ask; what is only alike stays, and is told.")
@options.json
def forget(
    *,
    who: str | None,
    expired: bool,
    workspace: Path,
    also: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Take a person's or partner's data out of register, ledger, originals, mails and backups, for good.

    A partner is named by the organisation or its token: its returns go, its copies and drafts, its address and contact;
    of the list in forms/recipients.json the bare token stays. Your own list of partners is not touched. A person is named by name, address or number:
    the words go, and the originals that hold them. That it was done is recorded, without the words.
    """
    if expired == (who is not None):
        raise wrong_call("Name a person or partner, or say --expired.")
    from harvest.privacy.expire import due_returns, remove_expired
    from harvest.privacy.forget import forget as forget_who
    from harvest.privacy.forget import planned
    from harvest.privacy.search.search_pool import searching
    from harvest.say import changes

    place = Workspace(workspace)
    if who is None:
        look, remove = partial(due_returns, place), partial(remove_expired, place)
        return _for_good(
            look, remove, changes.to_expire, changes.expired, dry_run=dry_run, yes=yes, as_json=as_json
        )
    with searching() as search:
        if not (dry_run or yes):
            also = (*also, *_agreed_to(*planned(place, who, also, search), as_json=as_json))
        look_for = partial(planned, place, who, also, search)
        forget_them = partial(forget_who, place, who, also=also, search=search)
        return _for_good(
            look_for,
            forget_them,
            changes.to_forget,
            changes.forgotten,
            dry_run=dry_run,
            yes=yes,
            as_json=as_json,
        )


def _agreed_to(found: Forgotten, words: Words, *, as_json: bool) -> list[str]:
    """What is only alike, or stands beside the name, and goes, too, as a person says of each."""
    words = on_screen(words)
    yes, no = words("register.say.yes"), words("register.say.no")
    return [
        text
        for text in found.plan.asked.all
        if agreed(words("say.forget.ask-also", text=text), yes, no, err=as_json)
    ]


class _Found(Protocol):
    @property
    def empty(self) -> bool: ...


_Result = TypeVar("_Result", bound=_Found)


def _for_good(
    look: Callable[[], tuple[_Result, Words]],
    remove: Callable[[], tuple[_Result, Words]],
    tell_going: Callable[..., None],
    tell_gone: Callable[..., int],
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Remove what can't be brought back: tell what goes, and ask first."""
    if dry_run or not yes:
        found, words = look()
        if dry_run or found.empty:
            return tell_gone(found, words, as_json=as_json)
        tell_going(found, words, err=as_json)
        _ask(words, as_json=as_json)
    done, words = remove()
    return tell_gone(done, words, as_json=as_json)


def _ask(words: Words, *, as_json: bool) -> None:
    words = on_screen(words)
    yes, no = words("register.say.yes"), words("register.say.no")
    if not agreed(words("say.forget.ask"), yes, no, err=as_json):
        raise click.Abort
