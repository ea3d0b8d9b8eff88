"""What can be mailed back to those whose files could not be read: a text per sender, to copy into a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harvest.model import Problem, ReporterKind, Severity
from harvest.problems import describe
from harvest.state.state import INSIDE, State, state_of
from harvest.workspace.read_only import looked_into
from spec.storage.atomic_files import write_text
from spec.words import Words, words
from spec.workspace import Workspace

_RULE = "-" * 72
#: What no partner can do anything about.
_OFFICES_OWN = frozenset({"unknown-edition", "ocr-not-installed"})


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, or not whole."""

    file: str
    at: datetime | None
    problems: tuple[Problem, ...]


def letters(workspace: Workspace) -> tuple[Path | None, Words]:
    """Write the texts into one file among the mails; its path, or None where there is nothing to ask.

    Raises:
        NothingDoneError: the workspace knows no form, the ledger can't be read, or the disk is full.
    """
    with looked_into(workspace) as (ledger, editions):
        state = state_of(ledger, editions)
    form, language = editions.newest.form, words(editions.newest.form.language)
    unread = by_sender(state, editions.addresses)
    if not unread:
        return None, language
    path = workspace.mail / language("letter.name")
    texts = (_letter(sender, files, form.title, language) for sender, files in _apart(unread))
    write_text(path, f"\n{_RULE}\n\n".join(texts))
    return path, language


def _apart(unread: Mapping[str, list[Unread]]) -> Iterator[tuple[str, list[Unread]]]:
    """One letter for each sender; files of which nobody knows who sent them may be from as many people as they are."""
    for sender, files in sorted(unread.items()):
        if sender:
            yield sender, files
            continue
        by_file: dict[str, list[Unread]] = {}
        for one in files:
            by_file.setdefault(one.file.split(INSIDE, maxsplit=1)[0], []).append(one)
        yield from (("", own) for own in by_file.values())


def by_sender(state: State, addresses: Mapping[str, str]) -> Mapping[str, list[Unread]]:
    """Whom to ask, as far as anybody knows -> what could not be read.

    The form's own token says whose it is, and `addresses` (token -> name and address) where they are; else whoever sent
    the mail is asked. The code in a mail's subject tells nothing here: the letter would go to somebody else.
    """
    names = {
        one.return_id: one.reporter.label
        for one in state.submissions
        if one.reporter.kind is not ReporterKind.RETURN  # that has its file for a name
    }
    found: dict[str, list[Unread]] = {}
    for one in state.returns:
        if one.document.sha256 in state.settled:
            continue
        if lost := _lost(one.reading.problems):
            ways, tokens = one.document.sightings, {page.token for page in one.reading.found}
            sender = next(
                (addresses[token] for token in sorted(filter(None, tokens)) if token in addresses), ""
            )
            sender = sender or next((way.mail_from for way in ways if way.mail_from), "")
            sender = sender or names.get(one.document.sha256, "")
            found.setdefault(sender, []).append(Unread(one.document.file, one.moment.at, lost))
    for refusal in state.refusals:
        if lost := _lost((refusal.problem,)):
            way = refusal.provenance
            at = way.mail_time or way.file_time
            found.setdefault(way.mail_from, []).append(Unread(way.path, at, lost))
    return found


def _lost(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(
        problem
        for problem in problems
        if problem.severity is Severity.LOST and problem.code not in _OFFICES_OWN
    )


def _letter(sender: str, files: list[Unread], form: str, language: Words) -> str:
    lines = [
        language("letter.to", address=" ".join(sender.split()) or _nobody(files, language)),
        language("letter.about", subject=language("letter.subject", form=form)),
        "",
        language("letter.greeting"),
        "",
        language("letter.intro"),
        "",
    ]
    for one in files:
        lines += _file_lines(one, language)
    lines += ["", language("letter.ask"), "", language("letter.thanks"), ""]
    return "\n".join(lines)


def _nobody(files: list[Unread], language: Words) -> str:
    return language("letter.nobody", file=files[0].file.split(INSIDE, maxsplit=1)[0])


def _file_lines(one: Unread, language: Words) -> Iterator[str]:
    if one.at is None:
        yield f"- {language('letter.file-undated', file=one.file)}"
    else:
        at = one.at.astimezone().strftime(language("date.day"))
        yield f"- {language('letter.file', file=one.file, at=at)}"
    for fault in dict.fromkeys(describe(problem, language).fault for problem in one.problems):
        yield f"  {fault}"
