"""The command `harvest`: options in, results printed. No work is done here."""

from __future__ import annotations

import sys

import click

from harvest.cli import intake_commands, read_commands, write_commands
from spec.console.cli import group, never_stop_at_letters, run


@group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="formgen-harvest")
def harvest() -> None:
    """Read returned forms and keep the register up to date.

    Exit codes: 0 all done; 1 done, but something needs a person; 2 wrong call; 3 nothing could be done; 4 the program
    failed.
    """


for _command in (
    intake_commands.run,
    intake_commands.watch,
    intake_commands.show,
    read_commands.status,
    read_commands.runs,
    read_commands.why,
    read_commands.diff,
    read_commands.report,
    read_commands.export,
    write_commands.undo,
    write_commands.redo,
    write_commands.decide,
    write_commands.rebuild,
    write_commands.forget,
):
    harvest.add_command(_command)


def main() -> None:
    """Run the command; every error of ours ends in one clear message and its exit code."""
    never_stop_at_letters()
    sys.exit(run(harvest, "harvest"))
