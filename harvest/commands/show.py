"""What one returned file says, without storing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from harvest.ledger import StoredDocument, StoredReturn, moment_of
from harvest.model import Submission
from harvest.normalise import submissions
from harvest.reading import read
from harvest.results import Shown
from harvest.sources import Refused, documents
from harvest.state.editions import load_editions
from harvest.state.pictures_of_one_mail import by_mail
from harvest.state.state import named
from spec.words import Words, words
from spec.workspace import Workspace


def show_file(
    path: Path, workspace: Workspace, passwords: Sequence[str] = ()
) -> tuple[tuple[Shown, ...], Words]:
    """What each document in the file says: one for a PDF, several for an archive or a mail; and the words for it.

    Raises:
        NothingDoneError: the workspace knows no form.
    """
    known = load_editions(workspace, {}, lenient=True)
    editions, form = known.by_id, known.newest.form
    names = {category.key: category.name for category in form.categories}
    headings = {one.key: one.heading for one in form.columns}
    headings |= {f"cover.{one.key}": one.label for one in form.cover.fields}
    headings |= {f"feedback.{one.key}": one.label for one in form.feedback.fields}
    shown, returns, said = list[Shown](), list[StoredReturn](), list[Submission]()
    for found in documents([path], passwords=passwords):
        if isinstance(found, Refused):
            shown.append(Shown(found.provenance.path, found.sha256, 0, (), (found.problem,)))
            continue
        reading = read(found.data, editions, passwords, known.drawings)
        if found.decoration and not reading.found:
            continue
        at, way = moment_of(reading.mod_date, (found.provenance,)), found.provenance
        document = StoredDocument(found.sha256, len(found.data), 0, "", True, way.path, (way,), ())
        returns.append(StoredReturn(document, reading, at))
        day, made = at.at.astimezone().date(), known.own.made.get(found.sha256, ())
        said += [
            named(one, known, day, made) for one in submissions(reading, found.sha256, way.path, at, editions)
        ]
        shown.append(Shown(way.path, found.sha256, reading.pages, (), reading.problems, names, headings))
    together = by_mail(returns, said)  # pictures of one mail are one answer, as in a run
    shown = [
        replace(
            one, submissions=tuple(of for of in together if (of.return_id, of.file) == (one.sha256, one.file))
        )
        for one in shown
    ]
    return tuple(shown), words(form.language)
