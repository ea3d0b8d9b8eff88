"""A reader that does to its process what the document says. The worker processes of a test load it by name."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from harvest.model import Method
from harvest.reading.extract import extract as well_behaved
from harvest.reading.model.raw_fields import Raw, RawField
from tests.harvest.reading.forms import field

GRAVE = b"%PDF-1.7 "
COUNTED: list[bytes] = []


def extract(data: bytes, passwords: Sequence[str], _blanks: object, pause: Callable[[Raw], None]) -> Raw:
    order, _, argument = data.removeprefix(GRAVE).partition(b" ")
    if order == b"pages":
        _two_pages(pause)
        order = argument
    if order == b"ever-more":
        while True:
            pause(Raw(pages=0, fields=(), left=(1,)))
            time.sleep(0.01)
    if order == b"segfault":
        ctypes.string_at(0)
    if order == b"abort":
        os.abort()
    if order == b"exit":
        os._exit(3)
    if order == b"loop":
        while True:
            pass
    if order == b"loop-in-c":
        ctypes.PyDLL(None).usleep(
            60_000_000
        )  # holds the interpreter's lock, so no thread of Python's can help
    if order == b"sleep":
        time.sleep(float(argument))
    if order == b"memory":
        held = []
        while True:
            held.append(b"x" * 50_000_000)
            time.sleep(0.001)
    if order == b"chatter":
        print("not an answer" * 1000, flush=True)
        os.write(1, b"\0\0\0\0\0\0\0\1+")
    if order == b"output":
        return Raw(pages=1, fields=(), producer="x" * int(argument))
    if order == b"nonsense":
        return Raw(pages=1, fields=(), dates=("only one",))  # type: ignore[arg-type]
    if order == b"interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    if order == b"count":
        COUNTED.append(data)
        return Raw(pages=len(COUNTED), fields=())
    if order == b"crash-when-used":
        if COUNTED:
            os.abort()
        return Raw(pages=7, fields=())
    return replace(well_behaved(data, passwords))


def _two_pages(pause: Callable[[Raw], None]) -> None:
    """Tells what stands in the fields, then what was found on the first of three pages without any."""
    fields = [
        RawField(field(f"kontaktstelle_r{row:02d}_einrichtung"), f"Haus {row}", Method.WIDGET, page=row)
        for row in (1, 2)
    ]
    pause(Raw(pages=4, fields=(fields[0],), ours=1, left=(2, 3, 4)))
    pause(Raw(pages=0, fields=(fields[1],), left=(3, 4)))
