"""A document that crashes, hangs or eats memory costs itself alone; all others arrive, in their order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.model import Document, Method, Problem, Provenance, Reading, Severity
from harvest.reading import read
from harvest.reading.model.raw_fields import Raw, RawField
from harvest.reading.model.reading_codec import from_bytes, to_bytes
from harvest.reading.pool import pool
from harvest.reading.pool.pool import Limits, _Pool, _Worker, read_all
from tests.harvest.reading.forms import EDITIONS, returned
from tests.harvest.reading.misbehave import GRAVE

GOOD = returned({"kontaktstelle_r01_einrichtung": "Haus"})
BAD_READER = Limits(
    seconds=2, megabytes=400, answer_megabytes=1, reader="tests.harvest.reading.misbehave:extract"
)


def document(data: bytes) -> Document:
    return Document.of(data, Provenance("a.pdf", "a.pdf"))


def order(text: str) -> bytes:
    return GRAVE + text.encode()


def outcome(reading: Reading) -> str:
    """The problem's code, or what was read."""
    if reading.problems and reading.problems[0].severity is Severity.LOST:
        return reading.problems[0].code
    return next((field.text for field in reading.fields if field.text != "/Off"), f"{reading.pages} pages")


def outcomes(*documents: bytes, workers: int = 2, limits: Limits = BAD_READER) -> list[str]:
    read_so_far = read_all(map(document, documents), EDITIONS, workers=workers, limits=limits)
    return [outcome(reading) for _, reading in read_so_far]


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


@pytest.fixture(autouse=True)
def _no_process_stays_behind() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


def test_isolated_reading_reads_the_same() -> None:
    documents = [
        document(GOOD),
        document(b""),
        document(GOOD[:-200]),
        document(b"<html>"),
        document(GOOD + b" "),
    ]
    assert list(read_all(documents, EDITIONS)) == [(d, read(d.data, EDITIONS)) for d in documents]


def test_passwords_reach_the_workers() -> None:
    import pikepdf

    from tests.harvest.reading.forms import blank, fill, saved

    locked = saved(
        fill(blank(), {"kontaktstelle_r01_einrichtung": "Haus"}),
        encryption=pikepdf.Encryption(owner="chef", user="geheim"),
    )
    [(_, reading)] = read_all([document(locked)], EDITIONS, ["geheim"])
    assert outcome(reading) == "Haus"


def test_nothing_to_read() -> None:
    assert list(read_all([], EDITIONS)) == []


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("segfault", "reader-crashed"),
        ("abort", "reader-crashed"),
        ("exit", "reader-crashed"),
        ("loop", "reader-timeout"),
        ("loop-in-c", "reader-timeout"),
        ("memory", "reader-memory"),
        ("output 5000000", "too-large"),
        ("nonsense", "reader-crashed"),
    ],
)
def test_a_bad_document_costs_itself_alone(bad: str, code: str, workers: int) -> None:
    started = time.monotonic()
    assert outcomes(GOOD, order(bad), GOOD, GOOD, workers=workers) == ["Haus", code, "Haus", "Haus"]
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("bad", "code"),
    [("segfault", "reader-crashed"), ("loop", "reader-timeout"), ("memory", "reader-memory")],
)
def test_what_was_read_before_a_page_was_the_end_of_it_is_kept_and_the_rest_named(
    bad: str, code: str
) -> None:
    [(_, reading), (_, other)] = read_all(
        map(document, [order(f"pages {bad}"), GOOD]), EDITIONS, workers=1, limits=BAD_READER
    )
    assert [(field.place.page, field.text) for field in reading.fields] == [(1, "Haus 1"), (2, "Haus 2")]
    assert reading.pages == 4
    assert [one.code for one in reading.problems] == [code, "pages-unread", "page-twice"]
    assert reading.problems[1].details == (("pages", "3-4"),)
    assert outcome(other) == "Haus"


def test_a_document_of_ever_more_pages_ends() -> None:
    started = time.monotonic()
    limits = replace(BAD_READER, in_all=1)
    assert outcomes(order("ever-more"), GOOD, workers=1, limits=limits) == ["reader-timeout", "Haus"]
    assert time.monotonic() - started < 10


def test_many_bad_documents_among_good_ones_in_order() -> None:
    bad = {"segfault": "reader-crashed", "exit": "reader-crashed", "output 2000000": "too-large"}
    documents, expected = [], []
    for index in range(24):
        documents.append(GOOD if index % 3 else order(list(bad)[index // 3 % 3]))
        expected.append("Haus" if index % 3 else list(bad.values())[index // 3 % 3])
    assert outcomes(*documents) == expected


def test_slow_documents_keep_their_place() -> None:
    documents = [order("sleep 0.5"), GOOD, order("sleep 0.2"), GOOD]
    assert outcomes(*documents)[1::2] == ["Haus", "Haus"]


def test_a_worker_that_an_earlier_document_hurt_is_not_held_against_the_next() -> None:
    assert outcomes(order("count"), order("crash-when-used"), workers=1) == [
        "no-fields-of-ours",
        "no-fields-of-ours",
    ]
    readings = [r for _, r in read_all(
        map(document, [order("count"), order("crash-when-used")]), EDITIONS, workers=1, limits=BAD_READER
    )]  # fmt: skip
    assert [reading.pages for reading in readings] == [1, 7]


def test_workers_stay_warm() -> None:
    readings = [r for _, r in read_all(
        [document(order(f"count {n}")) for n in range(5)], EDITIONS, workers=1, limits=BAD_READER
    )]  # fmt: skip
    assert [reading.pages for reading in readings] == [1, 2, 3, 4, 5]


def test_what_a_library_prints_is_no_answer() -> None:
    assert outcomes(GOOD, order("chatter"), GOOD) == ["Haus", "damaged", "Haus"]


def test_ctrl_c_in_the_terminal_does_not_end_a_worker() -> None:
    assert outcomes(order("interrupt"), GOOD, workers=1) == ["damaged", "Haus"]


def test_an_out_of_the_way_document_tells_how_it_ended() -> None:
    [(_, reading)] = read_all([document(order("exit"))], EDITIONS, limits=BAD_READER)
    assert reading.problems == (Problem("reader-crashed", Severity.LOST, "", (("error", "exit 3"),)),)
    [(_, reading)] = read_all([document(order("loop"))], EDITIONS, limits=BAD_READER)
    assert reading.problems == (Problem("reader-timeout", Severity.LOST, "", (("seconds", "2"),)),)


def test_documents_are_fetched_only_a_little_ahead() -> None:
    fetched = 0

    def source() -> Iterator[Document]:
        nonlocal fetched
        for _ in range(200):
            fetched += 1
            yield document(GOOD)

    readings = read_all(source(), EDITIONS, workers=1)
    next(readings)
    assert fetched < 50
    readings.close()  # type: ignore[attr-defined]


def test_stopping_early_leaves_no_process_behind() -> None:
    for _, _reading in read_all(map(document, [GOOD, order("loop"), GOOD]), EDITIONS, limits=BAD_READER):
        break


def test_an_error_while_fetching_leaves_no_process_behind() -> None:
    def source() -> Iterator[Document]:
        yield document(GOOD)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        list(read_all(source(), EDITIONS))


PROGRAM = textwrap.dedent("""
    import faulthandler, signal, sys
    # a shell that starts the tests in the background hands on that it is deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # where it does not end, the failure shows what every thread was doing
    faulthandler.dump_traceback_later(20)
    from harvest.reading.pool.pool import read_all
    from tests.harvest.reading.pool.test_pool import BAD_READER, EDITIONS, GOOD, Limits, document, order
    limits = Limits(seconds=100, reader=BAD_READER.reader)
    print("started", flush=True)
    for _, reading in read_all(map(document, [GOOD, order("loop"), GOOD]), EDITIONS, limits=limits):
        print("read", flush=True)
""")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL])
def test_ending_the_program_ends_its_workers(way: signal.Signals) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        start_new_session=True,
    )
    assert program.stdout is not None
    assert [program.stdout.readline(), program.stdout.readline()] == [b"started\n", b"read\n"]
    workers = psutil.Process(program.pid).children()
    assert workers
    program.send_signal(way)
    try:
        program.communicate(timeout=30)
    finally:
        program.kill()
        program.communicate()
    if way == signal.SIGINT:
        _, alive = psutil.wait_procs(workers, timeout=5)
        assert alive == []
    else:
        # nobody is left to end the looping one; it ends itself when its time is up, which takes too long to await here
        for worker in workers:
            worker.kill()


def test_a_worker_ends_itself_when_its_parent_is_gone_and_it_loops() -> None:
    program = "import harvest.reading.pool.worker as w; w._GRACE = 0\nimport json, sys; w.main()"
    setup = b'{"blanks": "{}", "passwords": [], "megabytes": 400, "seconds": 1, "reader": "tests.harvest.reading.misbehave:extract"}'
    worker = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    from harvest.reading.pool.worker import LENGTH, READY

    data = b"".join(LENGTH.pack(len(message)) + message for message in (setup, order("loop-in-c")))
    out, _ = worker.communicate(data, timeout=20)
    ready = READY + str(worker.pid).encode()
    assert out == LENGTH.pack(len(ready)) + ready
    assert worker.returncode != 0


@pytest.mark.skipif(sys.platform == "win32", reason="there, every environment's Python is such a program")
def test_the_memory_that_is_watched_is_pythons_not_that_of_a_program_that_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = tmp_path / "python"
    starter.write_text(f'#!/bin/sh\n"{sys.executable}" "$@"\nexit $?\n', encoding="utf-8")
    starter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(starter))
    worker = _Worker([], "{}", Limits())
    worker.start()
    try:
        assert worker.ask(GOOD) is not None
        assert worker._memory() > 8 * 1024 * 1024  # a shell takes two
    finally:
        worker.end()


# ------------------------------------------------------------ workers that do not start

#: A program in place of a worker: it lives, reads nothing and never answers.
DEAF = "import time; time.sleep(60)"
#: Editions' geometry, longer than what any system's pipe holds.
SIX_EDITIONS = json.dumps({str(number): "x" * 200_000 for number in range(6)})


def deaf(monkeypatch: pytest.MonkeyPatch, within: float) -> None:
    monkeypatch.setattr(pool, "_START", DEAF)
    monkeypatch.setattr(pool, "_START_WITHIN", within)


def test_a_worker_that_never_answers_costs_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf(monkeypatch, within=0.2)
    assert outcomes(GOOD, GOOD) == ["reader-timeout", "reader-timeout"]


def test_a_setup_larger_than_the_pipe_that_nobody_reads_costs_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deaf(monkeypatch, within=0.2)
    workers = _Pool(1, [], SIX_EDITIONS, BAD_READER)
    workers.expect()
    try:
        assert [problem.code for problem in workers.read(GOOD).problems] == ["reader-timeout"]
    finally:
        workers.close()


def test_while_a_worker_starts_slowly_the_watch_ends_another(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf(monkeypatch, within=0.1)
    start, first_ended, began = _Worker.start, threading.Event(), threading.Semaphore(1)

    def slow(self: _Worker) -> None:
        if not began.acquire(blocking=False):
            assert first_ended.wait(5), "the watch stood still"
        start(self)

    monkeypatch.setattr(_Worker, "start", slow)
    workers = _Pool(2, [], "{}", BAD_READER)
    for _ in range(20):
        workers.expect()

    def read_one() -> Raw:
        raw = workers.read(GOOD)
        first_ended.set()
        return raw

    try:
        with ThreadPoolExecutor(2) as threads:
            read = [threads.submit(read_one) for _ in range(2)]
        assert [problem.code for one in read for problem in one.result().problems] == ["reader-timeout"] * 2
    finally:
        workers.close()


def test_a_pool_that_closes_while_a_worker_starts_leaves_no_process() -> None:
    worker = _Worker([], "{}", BAD_READER)
    worker.end()
    with pytest.raises(CancelledError):
        worker.start()


def test_ctrl_c_ends_workers_that_never_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf(monkeypatch, within=60)

    def source() -> Iterator[Document]:
        yield document(GOOD)
        until = time.monotonic() + 5
        while not children() and time.monotonic() < until:
            time.sleep(0.01)
        raise KeyboardInterrupt

    before = children()
    with pytest.raises(KeyboardInterrupt):
        list(read_all(source(), EDITIONS))
    assert children() <= before


# ------------------------------------------------------------ what travels

TEXT = st.text(st.characters(exclude_categories=[]), max_size=20)
RAWS = st.builds(
    Raw,
    pages=st.integers(0, 5000),
    fields=st.lists(
        st.builds(
            RawField,
            name=TEXT,
            text=TEXT,
            method=st.sampled_from(Method),
            page=st.integers(0, 5000),
            box=st.none() | st.tuples(*[st.floats(allow_nan=False)] * 4),
        ),
        max_size=4,
    ).map(tuple),
    ours=st.integers(0),
    foreign=st.integers(0),
    dates=st.tuples(TEXT, TEXT),
    producer=TEXT,
    xfa=st.booleans(),
    problems=st.lists(
        st.builds(
            Problem,
            TEXT,
            st.sampled_from(Severity),
            TEXT,
            st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


@given(RAWS)
def test_what_travels_arrives(raw: Raw) -> None:
    assert from_bytes(to_bytes(raw)) == raw
