"""The ledger keeps everything, counts what is not undone, and says clearly what is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from harvest.ledger import (
    HandEvents,
    Ledger,
    LedgerBusyError,
    LedgerDamagedError,
    LedgerNewerError,
    UnknownRunError,
    moment_of,
)
from harvest.model import (
    EPOCH,
    Decision,
    DecisionKind,
    HandDeletion,
    HandEdit,
    HandRow,
    Moment,
    Problem,
    Provenance,
    Severity,
    TimeSource,
)
from spec.errors import EXIT_NOTHING_DONE
from tests.harvest.ledger.build import VERSION, day, document, reading

EDIT = HandEdit("kq3m7x0fd", "telefon", "0241", "0242", day(2))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path, VERSION) as opened:
        yield opened


# ---------------------------------------------------------------- runs


def test_a_run_is_recorded_with_its_time_version_and_counts(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1), "returns/") as run:
        run.add_document(document(), reading())
        run.add_edits([EDIT], base=None)

    (record,) = ledger.runs()
    assert (record.id, record.kind, record.at, record.version, record.note) == (
        1,
        "harvest",
        day(1),
        VERSION,
        "returns/",
    )
    assert (record.counts.documents, record.counts.hand_edits, record.active) == (1, 1, True)


def test_what_is_read_comes_back(ledger: Ledger) -> None:
    read = reading("Şefkat\r\nÖffnung\t=SUMME(A1) 🙂", fields=3, mod_date=day(3))
    with ledger.run("harvest", day(1)) as run:
        run.add_document(document(b"x"), read)

    (stored,) = ledger.active_submissions_input()
    assert stored.reading == read
    assert (stored.document.sha256, stored.document.file, stored.document.size) == (
        document(b"x").sha256,
        "b.pdf",
        1,
    )
    assert stored.document.problems == read.problems


def test_a_run_that_fails_leaves_nothing(ledger: Ledger) -> None:
    def fails() -> None:
        with ledger.run("harvest", day(1)) as run:
            run.add_document(document(), reading())
            raise RuntimeError("the register could not be planned")

    with pytest.raises(RuntimeError):
        fails()

    assert (ledger.runs(), ledger.documents()) == ((), ())


def test_a_dry_run_leaves_nothing(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1), dry_run=True) as run:
        run.add_document(document(), reading())
        assert len(ledger.active_submissions_input()) == 1

    assert ledger.runs() == ()


def test_a_ledger_in_memory_needs_no_file(tmp_path: Path) -> None:
    with Ledger(None, VERSION) as ledger, ledger.run("harvest", day(1)) as run:
        run.add_document(document(), reading())

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_beside_the_file(path: Path) -> None:
    """No write-ahead log: it fails on network drives, and two more files would have to be copied with the ledger."""
    with Ledger(path, VERSION) as ledger, ledger.run("harvest", day(1)) as run:
        run.add_document(document(), reading())

    assert [file.name for file in path.parent.iterdir()] == ["ledger.sqlite"]


# ---------------------------------------------------------------- documents


def test_a_document_seen_again_adds_only_a_new_way(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1)) as run:
        assert run.add_document(document(path="a/x.pdf"), reading("eins"))
    with ledger.run("harvest", day(2)) as run:
        assert not run.add_document(document(path="a/x.pdf"), reading("zwei"))
        assert not run.add_document(document(path="mail > y.pdf"), reading("zwei"))

    (stored,) = ledger.active_submissions_input()
    assert stored.reading.fields[0].text == "eins"
    assert [seen.path for seen in stored.document.sightings] == ["a/x.pdf", "mail > y.pdf"]


def test_a_document_read_again_by_a_newer_program_counts_as_read_last(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1)) as run:
        run.add_document(document(), reading("eins"), "unreadable")
    with ledger.run("harvest", day(2)) as run:
        assert run.add_document(document(), reading("zwei"), again=True)

    (stored,) = ledger.active_submissions_input()
    assert (stored.reading.fields[0].text, stored.document.fate, stored.document.run) == ("zwei", "new", 1)


def test_a_document_that_was_never_seen_is_none(ledger: Ledger) -> None:
    assert ledger.document("0" * 64) is None


def test_a_problem_without_a_document_is_kept(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1)) as run:
        run.add_problem("post.zip > boese.exe", Problem("not-a-pdf", Severity.LOST))

    assert ledger.documents() == ()


def test_editions_are_kept_once(ledger: Ledger) -> None:
    with ledger.run("build", day(1)) as run:
        run.add_edition("f7q4k93xb", '{"form": "é"}')
        run.add_edition("f7q4k93xb", '{"form": "other"}')

    assert ledger.editions() == {"f7q4k93xb": '{"form": "é"}'}


# ---------------------------------------------------------------- the time of a return


@pytest.mark.parametrize(
    ("mod_date", "ways", "moment"),
    [
        (day(1), [(3, 2)], Moment(day(1), TimeSource.MOD_DATE)),
        (None, [(3, 5), (1, 4)], Moment(day(4), TimeSource.MAIL)),
        (None, [(3, None), (2, None)], Moment(day(2), TimeSource.FILE)),
        (None, [(None, None)], Moment(EPOCH, TimeSource.NONE)),
        (
            day(9),
            [(3, 2)],
            Moment(day(2), TimeSource.MAIL),
        ),  # day 9: the form's own date, untouched by the reader
        (day(9), [(None, None)], Moment(day(9), TimeSource.MOD_DATE)),
    ],
)
def test_the_time_of_a_return_is_the_earliest_of_the_best_clock(
    mod_date: datetime | None, ways: list[tuple[int | None, int | None]], moment: Moment
) -> None:
    sightings = [
        Provenance("x", "x", None if file is None else day(file), None if mail is None else day(mail))
        for file, mail in ways
    ]

    assert moment_of(mod_date, sightings, blank_dates={day(9)}) == moment
    assert moment_of(mod_date, reversed(sightings), blank_dates={day(9)}) == moment


def test_copies_of_a_return_give_one_time_in_whichever_order_they_arrive(tmp_path: Path) -> None:
    early, late = document(path="a.pdf", file=2), document(path="b.pdf", file=5)
    moments = []
    for number, order in enumerate([(early, late), (late, early)]):
        with Ledger(tmp_path / f"{number}.sqlite", VERSION) as ledger:
            for seen in order:
                with ledger.run("harvest", day(9)) as run:
                    run.add_document(seen, reading())
            moments.append([(one.moment, one.document.file) for one in ledger.active_submissions_input()])

    assert moments[0] == moments[1] == [(Moment(day(2), TimeSource.FILE), "a.pdf")]


# ---------------------------------------------------------------- undo and redo


def test_an_undone_run_does_not_count_until_it_is_redone(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1)) as run:
        run.add_document(document(), reading())
        run.add_edits([EDIT])
        run.add_decisions([Decision(DecisionKind.SAME, "kq3m7x0fd", day(1), other="x")])
    before = (ledger.active_submissions_input(), ledger.hand_events())

    ledger.undo(run.id, day(2))
    assert ledger.active_submissions_input() == ()
    assert ledger.hand_events() == HandEvents()
    assert [record.active for record in ledger.runs()] == [False, True]

    ledger.redo(run.id, day(3))
    assert (ledger.active_submissions_input(), ledger.hand_events()) == before


def test_a_document_of_an_undone_run_stays_out_although_it_arrives_again(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1)) as first:
        first.add_document(document(), reading())
    ledger.undo(first.id, day(2))

    with ledger.run("harvest", day(3)) as run:
        assert not run.add_document(document(path="noch einmal.pdf"), reading())

    assert ledger.active_submissions_input() == ()
    (known,) = ledger.documents()
    assert (known.active, known.run) == (False, first.id)


def test_a_way_found_only_by_an_undone_run_gives_no_time(ledger: Ledger) -> None:
    with ledger.run("harvest", day(5)) as run:
        run.add_document(document(path="a.pdf", file=5), reading())
    with ledger.run("harvest", day(6)) as second:
        second.add_document(document(path="b.pdf", file=2), reading())
    ledger.undo(second.id, day(7))
    assert ledger.active_submissions_input()[0].moment.at == day(5)

    with ledger.run("harvest", day(8)) as third:
        third.add_document(document(path="b.pdf", file=2), reading())
    assert ledger.active_submissions_input()[0].moment.at == day(2)


def test_the_run_to_undo_is_the_last_that_did_something(ledger: Ledger) -> None:
    for number in (1, 2):
        with ledger.run("harvest", day(number)):
            pass
    ledger.undo(2, day(3))

    last = ledger.last_to_undo()
    assert last is not None
    assert last.id == 1


@pytest.mark.parametrize(
    ("undo", "target", "fault"),
    [
        (True, 9, "There is no such run"),
        (True, 2, "already undone"),
        (True, 3, "is itself an undo"),
        (False, 1, "not undone"),
        (False, 9, "There is no such run"),
    ],
)
def test_what_cannot_be_undone_or_redone_is_said(ledger: Ledger, undo: bool, target: int, fault: str) -> None:
    for number in (1, 2):
        with ledger.run("harvest", day(number)):
            pass
    ledger.undo(2, day(3))

    with pytest.raises(UnknownRunError, match=fault):
        (ledger.undo if undo else ledger.redo)(target, day(4))

    assert len(ledger.runs()) == 3


# ---------------------------------------------------------------- what people did


def test_hand_events_come_back(ledger: Ledger) -> None:
    row = HandRow("hq3m7x0fd", "wohnen", {"einrichtung": "Haus\nNord", "datum": ""}, day(2))
    gone = HandDeletion("kq3m7x0fd", day(2))
    chosen = Decision(DecisionKind.CHOOSE, "kq3m7x0fd", day(2), column="telefon", value="=1+1")
    with ledger.run("harvest", day(2)) as run:
        assert run.add_edits([EDIT], base=1) == 1
        assert run.add_hand_rows([row], base=1) == 1
        assert run.add_deletions([gone], base=1) == 1
        assert run.add_decisions([chosen], base=1) == 1

    events = ledger.hand_events()
    assert (events.edits, events.rows, events.deletions, events.decisions) == (
        (EDIT,),
        (row,),
        (gone,),
        (chosen,),
    )


def test_the_same_word_read_twice_from_one_register_is_one(ledger: Ledger) -> None:
    """The register could not be replaced (open in Excel), so the next run reads the same correction again."""
    later = HandEdit(EDIT.entry_id, EDIT.column, EDIT.old, EDIT.new, day(7))
    for edit in (EDIT, later):
        with ledger.run("harvest", day(7)) as run:
            run.add_edits([edit], base=4)

    assert ledger.hand_events().edits == (EDIT,)


def test_the_same_word_over_a_newer_register_is_another(ledger: Ledger) -> None:
    later = HandEdit(EDIT.entry_id, EDIT.column, EDIT.old, EDIT.new, day(7))
    with ledger.run("harvest", day(7)) as run:
        run.add_edits([EDIT], base=4)
        run.add_edits([later], base=5)
        run.add_edits([EDIT], base=None)
        run.add_edits([EDIT], base=None)

    assert ledger.hand_events().edits == (EDIT, later, EDIT, EDIT)


def test_a_word_whose_run_was_undone_can_be_said_again(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1)) as run:
        run.add_edits([EDIT], base=4)
    ledger.undo(run.id, day(2))
    with ledger.run("harvest", day(3)) as again:
        assert again.add_edits([EDIT], base=4) == 1

    assert ledger.hand_events().edits == (EDIT,)


def test_why_tells_also_what_was_undone(ledger: Ledger) -> None:
    with ledger.run("harvest", day(1)) as run:
        run.add_document(document(), reading())
        run.add_edits([EDIT])
        run.add_decisions([Decision(DecisionKind.DIFFERENT, "zzz", day(1), other="kq3m7x0fd")])
    ledger.undo(run.id, day(2))

    why = ledger.why(("kq3m7x0fd",), (document().sha256,))

    assert [(one.run, one.active, type(one.event)) for one in why.events] == [
        (1, False, HandEdit),
        (1, False, Decision),
    ]
    assert [one.reading for one in why.returns] == [reading()]


def test_snapshots_come_back_also_of_undone_runs(ledger: Ledger) -> None:
    written = {"entries": {"kq3m7x0fd": {"telefon": "0241 \ud83d"}}}
    with ledger.run("harvest", day(1)) as run:
        run.add_snapshot(written)
    ledger.undo(run.id, day(2))

    assert ledger.snapshot(run.id) == written
    assert ledger.snapshot(99) is None
    assert ledger.last_snapshot() == (run.id, written)


# ---------------------------------------------------------------- append-only


@pytest.mark.parametrize(
    "table", ["runs", "documents", "sightings", "readings", "fields", "problems", "hand_edits"]
)
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET run = 2", "UPDATE {} SET rowid = 7"])
def test_nothing_can_be_changed_or_removed(path: Path, table: str, change: str) -> None:
    with Ledger(path, VERSION) as ledger, ledger.run("harvest", day(1)) as run:
        run.add_document(document(), reading())
        run.add_edits([EDIT])

    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.Error, match=r"append-only|no such column"):
        connection.execute(change.format(table))
    connection.close()


# ---------------------------------------------------------------- bad files


def test_a_ledger_of_a_newer_program_is_refused_untouched(path: Path) -> None:
    Ledger(path, VERSION).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(LedgerNewerError, match="Update the program") as caught:
        Ledger(path, VERSION)

    assert caught.value.exit_code == EXIT_NOTHING_DONE
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_untouched(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()

    with pytest.raises(LedgerDamagedError, match="another program"):
        Ledger(path, VERSION)


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a database", b"SQLite format 3\x00" + b"\xff" * 200])
def test_a_damaged_file_names_the_way_out(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(LedgerDamagedError, match="harvest rebuild"):
        Ledger(path, VERSION)

    assert path.read_bytes() == content


def test_damage_in_the_middle_is_found(path: Path) -> None:
    with Ledger(path, VERSION) as ledger, ledger.run("harvest", day(1)) as run:
        for number in range(50):
            run.add_document(document(b"%d" % number), reading(fields=30))
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) * 2 // 3] = b"\x55" * (len(data) * 2 // 3 - len(data) // 3)
    path.write_bytes(data)

    with pytest.raises(LedgerDamagedError, match="harvest rebuild"), Ledger(path, VERSION) as ledger:
        ledger.check()


def test_an_empty_file_becomes_a_ledger(path: Path) -> None:
    path.touch()

    with Ledger(path, VERSION) as ledger:
        assert ledger.runs() == ()


def test_a_ledger_in_use_is_said_to_be(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvest.ledger.store._PATIENCE_SECONDS", 0.05)
    with (
        Ledger(path, VERSION) as one,
        Ledger(path, VERSION) as two,
        one.run("harvest", day(1)),
        pytest.raises(LedgerBusyError, match="in use"),
        two.run("harvest", day(1)),
    ):
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerBusyError, match="can't be opened"):
        Ledger(tmp_path / "nowhere" / "ledger.sqlite", VERSION)
