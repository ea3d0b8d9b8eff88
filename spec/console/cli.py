"""What both command lines share: how they end, and that they speak the language of the screen."""

from __future__ import annotations

import copy
import errno
import gettext
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click

from spec.console import failures
from spec.console.said import catalogue, in_language, refusal, said
from spec.console.screen import harmless, harmless_json, screen_language
from spec.errors import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_NOTHING_DONE,
    EXIT_WRONG_CALL,
    FormgenHarvestError,
    NothingDoneError,
    ProgramFailedError,
)
from spec.storage.atomic_files import refuse_pipes
from spec.workspace import DEFAULT

#: Folders of a workspace whose files the commands open by name.
_FOLDERS = ("forms", "mail", "rounds", "log")
FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_FRAMES = 8
_Function = TypeVar("_Function", bound=Callable[..., Any])

#: Where click's own words are looked up (spec/words/prepare.py).
_DOMAIN, _CLICKS_WORDS = "click", Path(__file__).parents[1] / "words" / "gettext"


def echo(text: str, *, err: bool = False) -> None:
    """Print a text; the one way out for words, whoever wrote them."""
    _print(harmless(text), err=err)


def echo_json(text: str) -> None:
    """Print a text that is JSON; the one way out for it."""
    _print(harmless_json(text), err=False)


def _print(text: str, *, err: bool) -> None:
    """A pipe that nobody reads any more is no fault: what the command did is done, and its exit code tells.

    Raises:
        ProgramFailedError: the output is a file on a full disk, or closed otherwise.
    """
    try:
        click.echo(text, err=err)
    except OSError as error:
        stream = sys.stderr if err else sys.stdout
        # what is left in its buffer would fail once more when the process ends
        with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
        if isinstance(error, BrokenPipeError) or err:
            return
        raise ProgramFailedError(
            "stdout",
            said("The output can't be written ({reason}).", reason=refusal(error)),
            "What the command did is done; make room, then look at it with `harvest status`.",
        ) from error


def tell(text: str, *, err: bool = False) -> None:
    """Print a text in the language of the screen."""
    echo(in_language(text, screen_language()), err=err)


def workspace_option(meaning: str) -> Callable[[_Function], _Function]:
    """`--workspace`, which every command has."""
    return click.option(
        "--workspace",
        type=click.Path(file_okay=False, path_type=Path),
        default=DEFAULT,
        show_default=True,
        help=meaning,
        callback=_works_in,
    )


def _works_in(_ctx: click.Context, _param: click.Parameter, workspace: Path) -> Path:
    failures.works_in(workspace)
    folders = [workspace, *(workspace / name for name in _FOLDERS)]
    with suppress(OSError):
        refuse_pipes(path for folder in folders if folder.is_dir() for path in folder.iterdir())
    return workspace


def _logs_to(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> None:
    if path is not None:
        failures.logs_to(path)


def _log_option() -> click.Option:
    return click.Option(
        ["--log-file"],
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Where to write down a failure of the program; default: the workspace's folder log.",
        expose_value=False,
        is_eager=True,
        callback=_logs_to,
    )


def print_json(body: object) -> None:
    """Print one JSON object."""
    echo_json(json.dumps(body, ensure_ascii=False, indent=2))


def tell_faults(name: str, error: FormgenHarvestError) -> None:
    """Print every fault of an error, each behind the name of the command, in the language of the screen."""
    for fault in error.faults:
        echo(f"{name}: {in_language(fault.told, screen_language())}", err=True)


def wrong_call(text: str) -> click.UsageError:
    """The error for a call that can't be meant so, in the language of the screen."""
    return click.UsageError(in_language(text, screen_language()))


def agreed(question: str, yes: str, no: str, *, err: bool = False) -> bool:
    """Ask, and wait for `yes` or `no` or their first letters; an empty answer is no.

    Raises:
        click.Abort: nobody is there to answer.
    """
    answers = {yes: True, yes[0]: True, no: False, no[0]: False, "": False}
    while True:
        said = click.prompt(f"{harmless(question)} [{yes}/{no}]", default="", show_default=False, err=err)
        if (answer := answers.get(said.strip().casefold())) is not None:
            return answer


def run(group: click.Group, name: str, arguments: Sequence[str] | None = None, around: object = None) -> int:
    """Run a command line; the only place that prints errors.

    Args:
        group: the commands.
        name: what the program is called.
        arguments: the command line's; default: this process's.
        around: what the commands find in their context.

    Returns:
        The exit code (docs/reference/exit_codes.md).
    """
    _speak(screen_language())
    failures.begin()
    try:
        code = group.main(args=arguments, prog_name=name, standalone_mode=False, obj=around)
    except FormgenHarvestError as error:
        if failures.exhausted(error):
            return _failed(name, error)
        if error.exit_code == EXIT_FAILED:
            failures.log(name, error)
        tell_faults(name, error)
        return error.exit_code
    except click.ClickException as error:
        shown = _with_its_parameter_translated(error)
        vars(shown).update(message=harmless(shown.message))
        shown.show()
        return EXIT_WRONG_CALL
    except click.Abort:
        echo(f"{name}: {in_language('stopped.', screen_language())}", err=True)
        return EXIT_NOTHING_DONE
    except Exception as error:  # noqa: BLE001  the last place that can say so
        return _failed(name, error)
    return code if isinstance(code, int) else EXIT_DONE


def _failed(name: str, error: Exception) -> int:
    """Tell of an error that nobody foresaw: its type and where it arose, never its message, which may hold a name."""
    told: FormgenHarvestError
    if isinstance(error, UnicodeEncodeError) and sys.getfilesystemencoding() not in {"utf-8", "utf8"}:
        # nothing is printed in another encoding than UTF-8: this is about the name of a file
        told = _unwritable_name(error)
        tell_faults(name, told)
        return told.exit_code
    if isinstance(error, OSError) and error.errno in FULL:
        told = NothingDoneError(
            name,
            "The disk is full; what was done before stays."
            if failures.lasts()
            else "The disk is full; nothing was changed.",
            "Make room, then start again.",
        )
    else:
        told = _program_failed(name, error)
    tell_faults(name, told)
    return told.exit_code


def _program_failed(name: str, error: Exception) -> ProgramFailedError:
    last = [f"{file.rpartition('/')[2]}:{line}" for file, line, _ in failures.frames(error)][-_FRAMES:]
    happened = {"kind": type(error).__name__, "where": ", ".join(last)}
    fault = (
        said("The program failed; what it had done before stays ({kind}; {where}).", **happened)
        if failures.lasts()
        else said("The program failed, nothing was changed ({kind}; {where}).", **happened)
    )
    path = failures.log(name, error)
    if path is None:
        return ProgramFailedError(name, fault, "Run it again; if it fails again, report this line.")
    return ProgramFailedError(
        name, fault, said("Run it again; if it fails again, report what stands in {file}.", file=path)
    )


def _unwritable_name(error: UnicodeEncodeError) -> FormgenHarvestError:
    fault = said("File names are written as {encoding} here, which lacks letters.", encoding=error.encoding)
    return NothingDoneError(
        str(error.object), fault, "Set the environment variable PYTHONUTF8 to 1, then run again."
    )


def never_stop_at_letters() -> None:
    """Let a console that lacks a letter show another one; that is no reason to stop. Files and pipes lack none.

    Windows would write into a pipe what its old code page has, and question marks for all other scripts.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


# ---------------------------------------------------------------- click


def _speak(language: str | None) -> None:
    """Let click take its own words from our catalogue, or leave them English.

    Click asks gettext, and gettext finds its language in the environment.
    """
    if language is None or not catalogue(language):
        gettext.textdomain("messages")
        return
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(_DOMAIN, _CLICKS_WORDS)
    gettext.textdomain(_DOMAIN)


def _with_its_parameter_translated(error: click.ClickException) -> click.ClickException:
    language = screen_language()
    if language and isinstance(error, click.BadParameter) and error.param and error.ctx:
        error.param = _translated_param(error.param, error.ctx, language)
    return error


class Command(click.Command):
    """A command whose help is in the language of the screen; a failure of each can be logged."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.params.append(_log_option())

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, unless a path that it was given is no file."""
        given = (
            one for value in ctx.params.values() for one in (value if isinstance(value, tuple) else (value,))
        )
        refuse_pipes(one for one in given if isinstance(one, Path))
        return super().invoke(ctx)

    def get_help(self, ctx: click.Context) -> str:
        """The page that `--help` shows."""
        return super(Command, _translated(self, ctx)).get_help(ctx)

    def get_usage(self, ctx: click.Context) -> str:
        """The line that stands over it, and over a wrong call's message."""
        return super(Command, _translated(self, ctx)).get_usage(ctx)


class Group(Command, click.Group):
    """A group whose help is in the language of the screen, and its commands' too."""

    command_class = Command
    group_class = type


def command(name: str | None = None, **attributes: Any) -> Callable[[Callable[..., Any]], Command]:
    """`click.command` for a `Command`."""
    return click.command(name, cls=Command, **attributes)


def group(name: str | None = None, **attributes: Any) -> Callable[[Callable[..., Any]], Group]:
    """`click.group` for a `Group`."""
    return click.group(name, cls=Group, **attributes)


def _translated(command: Any, ctx: click.Context) -> Any:
    """A copy of a command that says everything in the language of the screen."""
    language = screen_language()
    if language is None or not catalogue(language):
        return command
    spoken = copy.copy(command)
    spoken.help = _paragraphs(command.help or "", language)
    spoken.params = [_translated_param(param, ctx, language) for param in command.params]
    for name in ("options_metavar", "subcommand_metavar"):
        if hasattr(spoken, name):
            setattr(spoken, name, _metavar(getattr(spoken, name) or "", language))
    if isinstance(command, click.Group):
        spoken.commands = {name: _translated(one, ctx) for name, one in command.commands.items()}
    return spoken


def _translated_param(param: click.Parameter, ctx: click.Context, language: str) -> click.Parameter:
    spoken = copy.copy(param)
    spoken.metavar = _metavar(param.make_metavar(ctx), language)
    if isinstance(spoken, click.Option):
        spoken.help = in_language(spoken.help or "", language)
    return spoken


def _paragraphs(text: str, language: str) -> str:
    """A docstring, paragraph by paragraph; each is a text of the catalogue, whatever its lines."""
    found = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(in_language(" ".join(one.split()), language) for one in found)


def _metavar(shown: str, language: str) -> str:
    """`[SPEC]`, `COLUMN VALUE`: the words in capitals stand for what the caller writes."""
    known = catalogue(language).get("metavar", {})
    return re.sub(r"[A-Z]+(?:-[A-Z]+)*", lambda word: known.get(word[0], word[0]), shown)
