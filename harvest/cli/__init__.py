"""The command `harvest`: options in, results printed. No work is done here."""

from __future__ import annotations

import sys

import click

from harvest.cli import changing, looking, taking
from spec.errors import EXIT_DONE, EXIT_NOTHING_DONE, FormgenHarvestError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="formgen-harvest")
def harvest() -> None:
    """Read returned forms and keep the register up to date."""


for _command in (
    taking.run,
    taking.watch,
    taking.show,
    looking.status,
    looking.runs,
    looking.why,
    looking.diff,
    looking.report,
    looking.export,
    changing.undo,
    changing.redo,
    changing.decide,
    changing.rebuild,
    changing.forget,
):
    harvest.add_command(_command)


def main() -> None:
    """Run the command; every error of ours ends in one clear message and its exit code."""
    # A pipe on Windows speaks the code page of the machine; names come in every script.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.exit(harvest(standalone_mode=False) or EXIT_DONE)
    except click.exceptions.Abort:
        click.echo("harvest: stopped.", err=True)
        sys.exit(EXIT_NOTHING_DONE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except FormgenHarvestError as error:
        for fault in error.faults:
            click.echo(f"harvest: {fault}", err=True)
        sys.exit(error.exit_code)
