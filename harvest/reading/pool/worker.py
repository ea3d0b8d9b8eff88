"""The process in which documents are read. It may crash, hang or starve: nothing else lives in it.

It speaks over its standard streams. In: one setup (JSON), then documents. Out: that it is ready, then
one answer for each document. Every message is preceded by its length. It ends when its input does.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from harvest.memory_limit import limit_memory
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.model.raw_fields import Raw
from harvest.reading.model.reading_codec import to_bytes

#: What reads a document: its bytes, passwords, the known editions' geometry, what to call before each further page.
Reader = Callable[[bytes, Sequence[str], Blanks, Callable[[Raw], None]], Raw]
LENGTH = struct.Struct(">Q")
#: First byte of a message to the parent. After READY stands the number of this process.
READY, DONE, NO_MEMORY, PAGE = b"r", b"+", b"m", b"p"
#: How much longer than its parent allows a worker waits before it ends itself: its parent may be gone.
_GRACE = 30


def main() -> None:
    """Read what comes until nothing comes any more."""
    # Ctrl-C reaches all processes of a terminal; the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = own_output()
    first = receive(sys.stdin.buffer)
    if first is None:
        return
    setup = json.loads(first)
    limit_memory(setup["megabytes"])
    extract = _reader(setup["reader"])
    passwords: Sequence[str] = setup["passwords"]
    blanks = Blanks(setup["blanks"])
    send(answers, READY + str(os.getpid()).encode())
    with Path(os.devnull).open("w", encoding="ascii") as nowhere:
        while (data := receive(sys.stdin.buffer)) is not None:
            alarm = partial(
                # works without the interpreter's lock, so also against a loop inside a library
                faulthandler.dump_traceback_later, setup["seconds"] + _GRACE, exit=True, file=nowhere
            )  # fmt: skip
            alarm()
            try:
                answer = DONE + to_bytes(extract(data, passwords, blanks, partial(_page, answers, alarm)))
            except MemoryError:
                send(answers, NO_MEMORY)
                return
            faulthandler.cancel_dump_traceback_later()
            send(answers, answer)


def _page(answers: BinaryIO, alarm: Callable[[], None], found: Raw) -> None:
    """Another page that may take long: it has a document's time of its own, and what was found before it is told."""
    alarm()
    send(answers, PAGE + to_bytes(found))


def own_output() -> BinaryIO:
    """The stream for answers; whatever else is printed in this process goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _reader(path: str) -> Reader:
    module, _, name = path.partition(":")
    found: Reader = getattr(importlib.import_module(module), name)
    return found


def send(stream: BinaryIO, message: bytes) -> None:
    """Write one message.

    Raises:
        OSError: nobody is there to read it.
    """
    stream.write(LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def receive(stream: BinaryIO, most: int | None = None) -> bytes | None:
    """The next message, None at the end of the stream.

    Raises:
        OverflowError: it is longer than `most`.
    """
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if most is not None and length > most:
        raise OverflowError(f"a message of {length} bytes")
    message = stream.read(length)
    return message if len(message) == length else None
