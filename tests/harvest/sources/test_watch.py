"""Watching a folder: what is new, and complete."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harvest.sources import documents
from harvest.sources.watch import Patience, batches
from tests.harvest.sources.made import PDF, said

Event = Callable[[Path], object]


class Day:
    """A clock that only sleeping moves, and what happens at which second."""

    def __init__(self, folder: Path, events: dict[float, Event], seconds: float = 60) -> None:
        self.folder, self.now, self.end = folder, 0.0, seconds
        self.events = sorted(events.items())

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        while self.events and self.events[0][0] <= self.now:
            self.events.pop(0)[1](self.folder)

    def over(self) -> bool:
        return self.now >= self.end

    def told(self, patience: Patience | None = None) -> list[tuple[float, list[str]]]:
        found = batches(self.folder, patience, clock=self.clock, sleep=self.sleep, stop=self.over)
        return [(self.now, [path.relative_to(self.folder).as_posix() for path in batch]) for batch in found]


def write(name: str, data: bytes = PDF) -> Event:
    def event(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)

    return event


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "returns"
    path.mkdir()
    return path


def test_first_what_is_there_then_what_comes(folder: Path) -> None:
    write("a.pdf")(folder)
    day = Day(folder, {10: write("c.pdf"), 10.5: write("unten/b.pdf")})
    assert day.told() == [(4, ["a.pdf"]), (14, ["c.pdf"]), (16, ["unten/b.pdf"])]


def test_a_file_that_grows_is_waited_for(folder: Path) -> None:
    day = Day(folder, {number: write("a.pdf", PDF + b"x" * number) for number in range(2, 12)})
    assert day.told() == [(16, ["a.pdf"])]


def test_a_file_that_changes_later_is_told_again(folder: Path) -> None:
    day = Day(folder, {2: write("a.pdf"), 30: write("a.pdf", PDF + b"new")})
    assert [names for _, names in day.told()] == [["a.pdf"], ["a.pdf"]]


def test_an_empty_or_unfinished_file_is_told_only_when_patience_ends(folder: Path) -> None:
    day = Day(folder, {2: write("leer.pdf", b""), 4: write("a.pdf.crdownload")}, seconds=200)
    assert day.told(Patience(empty=100)) == [(102, ["leer.pdf"]), (104, ["a.pdf.crdownload"])]
    day = Day(folder, {0: write("leer.pdf"), 20: lambda folder: (folder / "a.pdf.crdownload").unlink()})
    assert day.told(Patience(empty=100)) == [(6, ["leer.pdf"])]


def test_litter_and_what_goes_before_it_is_ready_is_not_told(folder: Path) -> None:
    day = Day(
        folder, {2: write("~$a.docx"), 3: write("a.pdf"), 5: lambda folder: (folder / "a.pdf").unlink()}
    )
    assert day.told() == []


def test_a_drive_that_is_away_for_a_while_brings_nothing_twice(folder: Path, tmp_path: Path) -> None:
    write("a.pdf")(folder)
    away = tmp_path / "away"
    day = Day(folder, {10: lambda folder: folder.rename(away), 20: lambda folder: shutil.move(away, folder)})
    assert day.told() == [(4, ["a.pdf"])]


def test_a_batch_goes_to_documents_with_paths_as_in_the_folder(folder: Path) -> None:
    write("unten/a.pdf")(folder)
    os.utime(folder / "unten" / "a.pdf", (0, 0))
    day = Day(folder, {})
    found = batches(folder, clock=day.clock, sleep=day.sleep, stop=day.over)
    assert said(list(documents(next(found), root=folder))) == ["unten/a.pdf"]


def test_a_pdf_without_its_end_is_waited_for(folder: Path) -> None:
    """Copying that stalls, and a program that reserves the whole file before it fills it."""
    cut, reserved = PDF[:20], PDF[:20] + bytes(5000)
    day = Day(folder, {2: write("a.pdf", cut), 50: write("a.pdf"), 60: write("b.pdf", reserved)}, seconds=300)
    assert day.told(Patience(empty=100)) == [(54, ["a.pdf"]), (160, ["b.pdf"])]
    (folder / "c.pdf").write_bytes(PDF + bytes(500))
    assert Day(folder, {}, 10).told() == [(4, ["a.pdf", "c.pdf"])]
