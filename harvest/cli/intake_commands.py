"""Commands that take returns in: run, watch, show."""

from __future__ import annotations

import os
from pathlib import Path

import click

from harvest.cli import options
from spec.console.cli import command
from spec.errors import EXIT_DONE
from spec.workspace import Workspace


@command()
@click.argument("sources", nargs=-1, type=click.Path(exists=True, path_type=Path))
@options.workspace
@options.passwords
@click.option("--mailbox", is_flag=True, help="Read the office's mailbox, too; nothing in it is changed.")
@click.option("--mailbox-server", default="", help="IMAP server, where formgen.toml does not say.")
@click.option("--mailbox-user", default="", help="Login at the server, where formgen.toml does not say.")
@click.option("--mailbox-folder", default="", help="Folder to read; several parted by commas.")
@click.option(
    "--rows-gone", is_flag=True, help="Most rows are gone from the register: yes, they were deleted."
)
@options.dry_run
@click.option("--quiet", is_flag=True, help="Print nothing unless something needs a person.")
@options.json
def run(
    *,
    sources: tuple[Path, ...],
    workspace: Path,
    passwords: Path | None,
    mailbox: bool,
    mailbox_server: str,
    mailbox_user: str,
    mailbox_folder: str,
    rows_gone: bool,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Merge returned files, folders and mails into the register.

    Without SOURCES, reads the workspace's folder `returns`. Files are only read, never moved or changed. The mailbox's
    password comes from HARVEST_IMAP_PASSWORD or the system's keyring, never from the command line.
    """
    from harvest.commands.run import Request, harvest_returns
    from harvest.say import results
    from harvest.workspace.default_sources import MailboxOptions
    from harvest.workspace.default_sources import mailbox as mailbox_of

    place = Workspace(workspace)
    server = MailboxOptions(mailbox_server, mailbox_user, mailbox_folder)
    request = Request(
        workspace=place,
        sources=sources,
        dry_run=dry_run,
        passwords=options.read_passwords(passwords),
        mailbox=mailbox_of(place, server, os.environ) if mailbox or mailbox_server else None,
        rows_gone=rows_gone,
    )
    result, words = harvest_returns(request, progress=options.progress(shown=not (as_json or quiet)))
    return results.run(result, words, as_json=as_json, quiet=quiet)


@command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.workspace
@options.passwords
def watch(folder: Path | None, workspace: Path, passwords: Path | None) -> int:
    """Harvest whatever comes into FOLDER as soon as it is complete, until stopped.

    Default: the workspace's folder `returns`. Network drives and folders of sync clients will do. While the register
    is open, files wait.
    """
    from harvest.commands.watch import Watch
    from harvest.say import results

    place = Workspace(workspace)
    watched = folder or place.returns
    words = results.words_of(place)
    results.watching(watched, words)
    told = results.WatchTold(words)
    try:
        Watch(place, watched, told.result, told.failed, options.read_passwords(passwords)).run()
    except KeyboardInterrupt:
        return EXIT_DONE
    return EXIT_DONE


@command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@options.workspace
@options.passwords
@options.json
def show(file: Path, workspace: Path, passwords: Path | None, as_json: bool) -> int:
    """Print what one returned file says. Nothing is stored."""
    from harvest.commands.show import show_file
    from harvest.say import results

    options.tell_settings(workspace)
    shown, words = show_file(file, Workspace(workspace), options.read_passwords(passwords))
    return results.show(shown, words, as_json=as_json)
