"""Files searched for a name, each in a process of its own kind: a file that crashes or stalls it costs that file alone."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from harvest.privacy.who import Who
from harvest.read.worker import receive, send

#: `-I` keeps the program from importing what lies in the current folder, which may be the one with the returns
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from harvest.privacy.search_child import main; main()"
)
_SECONDS = 120.0
_MOST_ANSWER = 16 * 1024 * 1024


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


@dataclass(slots=True)
class Search:
    """Looks into files; make one with `searching`."""

    _process: subprocess.Popen[bytes] | None = None
    _known: dict[tuple[object, ...], Looked] = field(default_factory=dict)

    def look(self, path: Path, who: Who) -> Looked:
        """What stands in a file."""
        try:
            status = path.stat()
        except OSError:
            return Looked(mentioned=False, closed=("damaged",))
        key = (path, status.st_size, status.st_mtime_ns, who.names)
        if key not in self._known:
            self._known[key] = self._asked(path, who)
        return self._known[key]

    def mentioned(self, path: Path, who: Who) -> bool:
        """Whether a file names them, by its content or its own name."""
        return who.mentioned(path.stem) or self.look(path, who).mentioned

    def _asked(self, path: Path, who: Who) -> Looked:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        process = self._process = self._process or _started()
        watch = threading.Timer(_SECONDS, process.kill)
        watch.daemon = True
        watch.start()
        answer = None
        try:
            question = {"path": str(path.resolve()), "names": who.names}
            send(cast("BinaryIO", process.stdin), json.dumps(question).encode())
            answer = receive(cast("BinaryIO", process.stdout), _MOST_ANSWER)
        except (OSError, ValueError, OverflowError):
            pass
        finally:
            watch.cancel()
        if answer is None:
            self.close()
            return Looked(mentioned=False, closed=("damaged",))
        told = json.loads(answer)
        return Looked(
            bool(told["mentioned"]),
            tuple(map(str, told["similar"])),
            tuple(str(reason) for _, reason in told["closed"]),
        )

    def close(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


@contextmanager
def searching() -> Iterator[Search]:
    """A search whose process ends with it."""
    search = Search()
    try:
        yield search
    finally:
        search.close()


def _started() -> subprocess.Popen[bytes]:
    path = [str(Path(entry).resolve()) for entry in sys.path if entry]
    return subprocess.Popen(  # noqa: S603 - this Python, our own words
        [sys.executable, "-I", "-c", _START, json.dumps(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # no black window on Windows
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
