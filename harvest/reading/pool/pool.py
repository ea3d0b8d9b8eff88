"""Many documents, each read where it can do no harm: in worker processes, under limits.

A document that crashes a library, loops or eats memory costs that document alone: its worker is ended,
the document gets a problem, all others arrive (docs/findings/readers.md, 4: 20 and more such defects a
year in PDF libraries). `concurrent.futures` gives up the whole pool when one worker dies; pebble keeps
it, but charges a lost chunk to all documents in it, and knows no limit of memory. Hence a pool of our
own: plain processes, plain pipes, the same on every system.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from harvest.model import Document, Problem, Reading, Severity
from harvest.problems import problem
from harvest.reading.assemble import assemble
from harvest.reading.model import limits as page_limit
from harvest.reading.model.edition_geometry import Blanks, Drawings
from harvest.reading.model.raw_fields import Raw, ranges, together
from harvest.reading.model.reading_codec import from_bytes
from harvest.reading.pool import child_process
from harvest.reading.pool.worker import DONE, PAGE, READY, receive, send
from spec.wire import EditionFile

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from harvest.reading.pool.worker import main; main()"
_WATCH_EVERY = 0.05  # seconds
_START_WITHIN = 120  # seconds
_CTRL_C_WITHIN = 0.5  # seconds
#: Below this many documents a second worker would start up longer than it helps.
_ONE_WILL_DO = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take.

    Attributes:
        seconds: time on the clock; generous, since other programs need the computer, too. Each page of a scan has as
            much again, since recognising characters takes long.
        in_all: time on the clock for all pages together; the worker stops by itself before (`harvest.reading.model.limits`).
        megabytes: memory of the worker.
        answer_megabytes: size of what is read out of the document.
        reader: the function that reads, as `module:name`; tests put misbehaving ones here.
    """

    seconds: float = 60.0
    in_all: float = 720.0
    megabytes: int = 1024
    answer_megabytes: int = 64
    reader: str = "harvest.reading.extract:extract"


def read_all(
    documents: Iterable[Document],
    editions: Mapping[str, EditionFile],
    passwords: Sequence[str] = (),
    *,
    workers: int | None = None,
    limits: Limits | None = None,
    drawings: Drawings | None = None,
) -> Iterator[tuple[Document, Reading]]:
    """Each document with its reading, in the order in which they came.

    Documents are taken from `documents` only a little ahead of what is read, so that a mailbox need not
    fit into memory. Whoever stops early, by Ctrl-C too, leaves no process behind.
    """
    given = raws(documents, editions, passwords, workers=workers, limits=limits, drawings=drawings)
    with closing(given) as found:
        for document, raw in found:
            yield document, assemble(raw, editions)


def raws(
    documents: Iterable[Document],
    editions: Mapping[str, EditionFile],
    passwords: Sequence[str] = (),
    *,
    workers: int | None = None,
    limits: Limits | None = None,
    drawings: Drawings | None = None,
) -> Generator[tuple[Document, Raw], None, None]:
    """The same before anybody asks whose the fields are."""
    count = workers or min(os.cpu_count() or 1, 8)
    pool = _Pool(count, passwords, Blanks.of(editions.values(), drawings).text, limits or Limits())
    pending: deque[tuple[Document, Future[Raw]]] = deque()
    threads = ThreadPoolExecutor(count, thread_name_prefix="reader")
    try:
        for document in documents:
            pool.expect()
            pending.append((document, threads.submit(pool.read, document.data)))
            if len(pending) > 2 * max(count, _ONE_WILL_DO):
                yield _next(pending)
        while pending:
            yield _next(pending)
    finally:
        pool.close()
        threads.shutdown(wait=True, cancel_futures=True)


def _next(pending: deque[tuple[Document, Future[Raw]]]) -> tuple[Document, Raw]:
    document, future = pending.popleft()
    # Ctrl-C is heard between two waits: Windows interrupts none, and elsewhere the signal may reach another thread
    while not future.done():
        wait((future,), timeout=_CTRL_C_WITHIN)
    return document, future.result()


def _failed(found: Problem, told: Sequence[Raw]) -> Raw:
    """What a document gave before its worker ended, if anything, and why it ended."""
    if not told:
        return Raw(pages=0, fields=(), problems=(found,))
    raw = together(told)
    unread = problem("pages-unread", Severity.LOST, pages=ranges(raw.left))
    return replace(raw, problems=(*raw.problems, found, unread), left=())


class _Pool:
    """Warm workers; each is used by one thread at a time. A watch ends those that exceed their limits."""

    def __init__(self, count: int, passwords: Sequence[str], blanks: str, limits: Limits) -> None:
        self._count = count
        self._blanks = blanks
        self._passwords = list(passwords)
        self._limits = limits
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._expected = 0
        self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._watch, name="reader-watch", daemon=True).start()

    def expect(self) -> None:
        """One more document will come."""
        self._expected += 1

    def read(self, data: bytes) -> Raw:
        """What the document holds, or the problem that reading it was."""
        worker = self._borrow()
        used = worker.used
        raw = self._ask(worker, data)
        if raw is None and used and worker.why is None and not self._closed:
            # an earlier document may have hurt the worker: this one is asked again where it is alone
            worker = self._borrow(fresh=True)
            raw = self._ask(worker, data)
        return raw if raw is not None else _failed(self._obituary(worker), worker.told)

    def _ask(self, worker: _Worker, data: bytes) -> Raw | None:
        raw = worker.ask(data)
        with self._changed:
            if raw is not None and not self._closed:
                self._idle.append(worker)
            else:
                self._all.discard(worker)
                worker.end()
            self._changed.notify()
        return raw

    def _borrow(self, *, fresh: bool = False) -> _Worker:
        patience = time.monotonic() + 1.0
        with self._changed:
            while not self._closed:
                if self._idle and not fresh:
                    return self._idle.pop()
                most = self._count if self._expected > _ONE_WILL_DO or time.monotonic() > patience else 1
                if fresh or len(self._all) < most:
                    break
                self._changed.wait(0.1)
            if self._closed:
                raise CancelledError
            worker = _Worker(self._passwords, self._blanks, self._limits)
            self._all.add(worker)
        # outside of the lock: while a system starts a process, however slowly, the watch goes on over the others
        try:
            worker.start()
        except BaseException:
            with self._changed:
                self._all.discard(worker)
                self._changed.notify()
            raise
        return worker

    def _obituary(self, worker: _Worker) -> Problem:
        limits = self._limits
        if worker.why == "time":
            return problem("reader-timeout", Severity.LOST, seconds=f"{limits.seconds:g}")
        if worker.why == "memory":
            return problem("reader-memory", Severity.LOST, megabytes=limits.megabytes)
        if worker.why == "answer":
            return problem(
                "too-large", Severity.LOST, what="megabytes",
                size=f"> {limits.answer_megabytes}", limit=limits.answer_megabytes,
            )  # fmt: skip
        return problem("reader-crashed", Severity.LOST, error=worker.ending())

    def _watch(self) -> None:
        while not self._closed:
            time.sleep(_WATCH_EVERY)
            with self._changed:
                workers = list(self._all)
            for worker in workers:
                worker.check()

    def close(self) -> None:
        """End all workers, whatever they do."""
        with self._changed:
            self._closed = True
            workers = list(self._all)
            self._changed.notify_all()
        for worker in workers:
            worker.end()


class _Worker:
    """One process. `why` says which limit it was ended for."""

    def __init__(self, passwords: list[str], blanks: str, limits: Limits) -> None:
        self._limits = limits
        self.why: str | None = None
        self.used = False
        self.told: list[Raw] = []
        self._until: float | None = None
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._ended = False
        setup = {
            "passwords": passwords,
            "blanks": blanks,
            "megabytes": limits.megabytes,
            "seconds": limits.seconds,
            "reader": limits.reader,
        }
        self._setup = json.dumps(setup).encode()

    def start(self) -> None:
        """Start the process; before this, a worker is only a place in the pool.

        Raises:
            CancelledError: the pool was closed meanwhile; no process is left.
            OSError: the system starts no further process.
        """
        process = child_process.start(_START)
        with self._lock:
            # in an environment on Windows, what was started is a small program that starts Python; see `ask`
            self._process, self._pid = process, process.pid
            ended = self._ended
        if ended:
            self.end()
            raise CancelledError

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        return cast("subprocess.Popen[bytes]", self._process)

    def _send(self, message: bytes) -> None:
        with suppress(OSError, ValueError):  # it died; the missing answer will tell
            send(cast("BinaryIO", self._started.stdin), message)

    def ask(self, data: bytes) -> Raw | None:
        """The document's content, None where the worker did not survive it."""
        most = self._limits.answer_megabytes * 1024 * 1024
        answers = cast("BinaryIO", self._started.stdout)
        try:
            if not self.used:
                # on a busy computer a worker starts slowly; that is not the document's fault
                self._until = time.monotonic() + _START_WITHIN
                # under the limit that was just set: more than a pipe holds waits until the worker reads
                self._send(self._setup)
                ready = receive(answers, most)
                if ready is not None and ready[:1] == READY:
                    self._pid = int(ready[1:])
            self.told = []
            began = time.monotonic()
            self._until = began + self._limits.seconds
            self._send(data)
            answer = receive(answers, most)
            while answer is not None and answer[:1] == PAGE and len(self.told) < page_limit.PAGES:
                self.told.append(from_bytes(answer[1:]))
                most -= len(answer)
                self._until = min(time.monotonic() + self._limits.seconds, began + self._limits.in_all)
                answer = receive(answers, most)
            if answer is not None and answer[:1] == DONE:
                return from_bytes(answer[1:])
            if answer is not None:
                self.why = "memory"
        except OverflowError:
            self.why = "answer"
        except (OSError, ValueError, KeyError, TypeError):
            pass
        finally:
            with self._lock:
                self._until, self.used = None, True
        return None

    def check(self) -> None:
        """End the worker if it exceeds a limit."""
        # The lock keeps the worker from taking up its next document while it is condemned for the last one.
        with self._lock:
            if self._until is None or self._started.poll() is not None:
                return
            if time.monotonic() > self._until:
                self.why = "time"
            elif self._memory() > self._limits.megabytes * 1024 * 1024:
                self.why = "memory"
            else:
                return
            self._started.kill()

    def _memory(self) -> int:
        return child_process.memory_of(self._pid)

    def ending(self) -> str:
        """How the process ended, for the record."""
        code = self._started.wait()
        return f"signal {-code}" if code < 0 else f"exit {code}"

    def end(self) -> None:
        """Kill the process if it lives, and clear up after it."""
        with self._lock:
            self._ended = True
            process = self._process
        if process is None:  # it is just being started; `start` ends it
            return
        child_process.end(process)
