"""Files searched for a name, in processes of their own: one that crashes or stalls such a process costs itself alone."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from harvest.privacy.search.persons import Who
from harvest.reading.pool import child_process
from harvest.reading.pool.worker import receive, send
from harvest.workspace.originals import hash_of

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from harvest.privacy.search.search_worker import main; main()"
)
_SECONDS = 120.0
#: On a busy computer a process starts slowly; that is not the file's fault.
_START_WITHIN = 120.0
_WATCH_EVERY = 0.1
_MEGABYTES = 3072
_MOST_ANSWER = 16 * 1024 * 1024
#: Below this many files a second process would start up longer than it helps.
_ONE_WILL_DO = 40
_MOST_PROCESSES = 4


@dataclass(frozen=True, slots=True)
class Looked:
    """What stands in a file.

    Attributes:
        mentioned: whether it names them.
        similar: what it holds that is only alike.
        closed: why something in it could not be looked into.
    """

    mentioned: bool
    similar: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    @property
    def scan(self) -> bool:
        """Whether nothing but pictures could not be looked into."""
        return set(self.closed) == {"picture"}

    @property
    def held(self) -> bool:
        """Whether a program has it open, or nobody may read it."""
        return "held" in self.closed


class _Content(NamedTuple):
    """What a file holds, whatever it is called: files with the same content are read once."""

    sha256: str
    suffix: str


@dataclass(slots=True)
class Search:
    """Looks into files; make one with `searching`. What was read of a file is known until the end."""

    _children: list[_Child] = field(default_factory=list)
    _places: dict[_Content, int] = field(default_factory=dict)
    _known: dict[tuple[_Content, tuple[str, ...]], Looked] = field(default_factory=dict)

    def look(self, paths: Iterable[Path], who: Who) -> Mapping[Path, Looked]:
        """What stands in each of these files, their own names aside."""
        found: dict[Path, Looked] = {}
        contents: dict[Path, _Content] = {}
        for path in paths:
            try:
                contents[path] = _Content(hash_of(path), path.suffix.lower())
            except OSError:
                found[path] = Looked(mentioned=False, closed=("held",))
        self._ask({content: path for path, content in contents.items()}, who)
        found.update((path, self._known[content, who.names]) for path, content in contents.items())
        return found

    def _ask(self, files: Mapping[_Content, Path], who: Who) -> None:
        asked = {content: path for content, path in files.items() if (content, who.names) not in self._known}
        if not asked:
            return
        shares: dict[int, list[_Content]] = defaultdict(list)
        count = min(os.cpu_count() or 1, _MOST_PROCESSES) if len(asked) > _ONE_WILL_DO else 1
        for number, content in enumerate(asked):
            # what a process has read once, it has read for the next name, too
            shares[self._places.setdefault(content, number % count)].append(content)
        while len(self._children) <= max(shares):
            self._children.append(_Child())

        def share(number: int) -> None:
            child = self._children[number]
            for content in shares[number]:
                self._known[content, who.names] = child.ask(asked[content], content, who)

        with ThreadPoolExecutor(len(shares), thread_name_prefix="search") as threads:
            running = [threads.submit(share, number) for number in shares]
            try:
                self._watch(running)
            except BaseException:
                self.close()
                raise

    def _watch(self, running: list[Future[None]]) -> None:
        left = set(running)
        while left:
            # Ctrl-C is heard between two waits
            done, left = wait(left, timeout=_WATCH_EVERY)
            for child in self._children if left else ():
                child.check()
            for one in done:
                one.result()

    def close(self) -> None:
        """End the processes, whatever they do."""
        for child in self._children:
            child.stop()


@contextmanager
def searching() -> Iterator[Search]:
    """A search whose processes end with it."""
    search = Search()
    try:
        yield search
    finally:
        search.close()


class _Child:
    """One process, which is started anew where it ended; used by one thread, and watched by another."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._until: float | None = None
        self._stopped = False

    def ask(self, path: Path, content: _Content, who: Who) -> Looked:
        """What stands in a file; one that the process does not survive could not be looked into."""
        used = self._process is not None
        answer = self._answer(path, content, who)
        if answer is None and used:
            # an earlier file may have hurt the process: this one is asked about again where it is alone
            answer = self._answer(path, content, who)
        if answer is None:
            return Looked(mentioned=False, closed=("damaged",))
        said = json.loads(answer)
        return Looked(
            bool(said["mentioned"]), tuple(map(str, said["similar"])), tuple(map(str, said["closed"]))
        )

    def _answer(self, path: Path, content: _Content, who: Who) -> bytes | None:
        if self._stopped:
            return None
        process = self._process
        self._until = time.monotonic() + _SECONDS + (_START_WITHIN if process is None else 0)
        if process is None:
            process = self._process = child_process.start(_START)
        question = {"path": str(path.resolve()), "names": who.names, "content": content}
        answer = None
        with suppress(OSError, ValueError, OverflowError):
            send(cast("BinaryIO", process.stdin), json.dumps(question).encode())
            answer = receive(cast("BinaryIO", process.stdout), _MOST_ANSWER)
        self._until = None
        if answer is None:
            self._end()
        return answer

    def check(self) -> None:
        """End the process if it takes too long or too much."""
        process, until = self._process, self._until
        if process is None or until is None or process.poll() is not None:
            return
        if time.monotonic() > until or child_process.memory_of(process.pid) > _MEGABYTES * 1024 * 1024:
            process.kill()

    def stop(self) -> None:
        """End the process for good."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        child_process.end(process)
