"""One batch: many inputs in a folder, taken in at once; what became of each, and what must not have happened."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from harvest.commands.run import Request, harvest_returns
from harvest.model import Document, Moment, Reading, TimeSource
from harvest.normalise import submissions
from harvest.reading.pool.pool import Limits, read_all
from harvest.sources import Refused, documents
from spec.wire import EditionFile
from spec.workspace import Workspace
from tests.fuzz.guard import ENDED, guarded, snapshot
from tests.fuzz.mutate import mutant
from tests.fuzz.specimens import PASSWORD, collection

#: As in use, but for less patience.
LIMITS = Limits(seconds=40, reader="tests.fuzz.reader:extract")
#: Finding the next document may take this long, a busy computer included.
SOURCE_SECONDS = 30.0
_STOPPED = {"reader-crashed", "reader-timeout", "reader-memory"}
_WHEN = Moment(datetime(2026, 3, 1, tzinfo=UTC), TimeSource.FILE)
INSIDE = " > "


@dataclass(frozen=True)
class Input:
    """A changed specimen: number and seed make it again."""

    number: int
    name: str
    data: bytes = field(repr=False)


@dataclass
class Result:
    """What became of the inputs of a batch."""

    fates: dict[str, list[str]] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def fate(self, way: str, what: str) -> None:
        self.fates.setdefault(way.split(INSIDE, maxsplit=1)[0], []).append(what)

    def counts(self) -> Counter[str]:
        """Inputs by the best that came of them."""
        return Counter(min(fates) for fates in self.fates.values())


def make(seed: int, number: int) -> Input:
    """The input of this number."""
    ending, data = mutant(collection(), Random(f"{seed} {number}"))
    return Input(number, f"{number:07d}-{ending}", data)


def run(inputs: Iterable[Input], root: Path, *, whole: int) -> Result:
    """Take the inputs in; every so many of them, as `whole` says, by a harvest into a workspace of its own besides.

    Raises nothing: what the intake raises is a failure in the result.
    """
    inputs = list(inputs)
    folder = root / "in"
    folder.mkdir()
    for one in inputs:
        (folder / one.name).write_bytes(one.data)
    before, result = snapshot(root), Result()
    editions = {one.edition: one for one in collection().editions}
    with guarded() as seen:
        try:
            _take(folder, editions, result)
        except Exception as error:
            result.failures.append(f"raised {error!r}")
        result.failures += seen
    if snapshot(root) != before:
        result.failures.append("files were changed")
    result.failures += [f"{one.name}: nobody knows of it" for one in inputs if one.name not in result.fates]
    some = inputs[::whole] if whole else []
    if some:
        share = root / "in" if whole == 1 else root / "share"
        share.mkdir(exist_ok=True)
        for one in some:
            (share / one.name).write_bytes(one.data)
        before = snapshot(root)
        result.failures += _harvested(share, editions, root / "workspace", {one.name for one in some})
        if {name: at for name, at in snapshot(root).items() if not name.startswith("workspace")} != before:
            result.failures.append("files outside the workspace were changed")
    return result


def _take(folder: Path, editions: Mapping[str, EditionFile], result: Result) -> None:
    for document, reading in read_all(_documents(folder, result), editions, (PASSWORD,), limits=LIMITS):
        way, codes = document.provenance.path, {one.code for one in reading.problems}
        submissions(reading, document.sha256, way, _WHEN, editions)
        result.fate(way, _fate(reading))
        stops = [one for one in reading.problems if one.code in _STOPPED]
        result.stopped += [f"{way}: {one.code} {dict(one.details)}" for one in stops]
        if any(str(ENDED) in str(one.details) for one in stops):
            result.failures.append(f"{way}: the reader wrote, started or sent something")
        if "unexpected" in codes or not (reading.found or reading.fields or codes):
            result.failures.append(f"{way}: nothing read and nothing said {codes}")


def _fate(reading: Reading) -> str:
    if not (reading.found or reading.fields):
        return "3 unreadable: " + ",".join(sorted({one.code for one in reading.problems}))
    return "2 read, with problems" if reading.problems else "1 read"


def _documents(folder: Path, result: Result) -> Iterator[Document]:
    found = documents([folder], passwords=(PASSWORD,))
    while True:
        start = time.monotonic()
        one = next(found, None)
        took = time.monotonic() - start
        if one is None:
            return
        way = one.provenance.path
        if took > SOURCE_SECONDS:
            result.failures.append(f"{way}: {took:.0f} s until it was found")
        way.encode("utf-8")
        if isinstance(one, Document):
            yield one
            continue
        result.fate(way, f"4 refused: {one.problem.code}")
        _check(one, result)


def _check(one: Refused, result: Result) -> None:
    if one.problem.code == "unexpected":
        result.failures.append(f"{one.provenance.path}: the net caught {dict(one.problem.details)}")


def _harvested(folder: Path, editions: Mapping[str, EditionFile], root: Path, names: set[str]) -> list[str]:
    """The same as a whole run, twice; the second has nothing to do."""
    workspace = Workspace(root)
    for key, edition in editions.items():
        home = workspace.edition(key)
        home.mkdir(parents=True)
        (home / "edition.json").write_text(edition.to_json(), encoding="utf-8")
    request = Request(workspace, (folder,), passwords=(PASSWORD,))
    with guarded(root.parent) as seen:
        try:
            first, _ = harvest_returns(request)
            again, _ = harvest_returns(request)
        except Exception as error:
            return [f"the harvest raised {error!r}", *seen]
    told = {one.file.split(INSIDE)[0] for one in first.outcomes}
    failures = [f"{name}: the harvest does not name it" for name in sorted(names - told)]
    if again.changed:
        failures.append("a second harvest changed something")
    return [*failures, *seen]
