"""Runs a command and tells when a file is renamed or removed that this process still holds open.

    python -m tests.contract.holding harvest run ...

Windows refuses that; Linux, where these tests mostly run, does not. The standard library tells of every rename and
removal before it happens (PEP 578).
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import psutil

TOLD = "still open: "
_EVENTS = {"os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS:
        return
    touched = [
        Path(os.fsdecode(one)).resolve()
        for one in arguments[:2]
        if isinstance(one, str | bytes | os.PathLike)
    ]
    for held in psutil.Process().open_files():
        path = Path(held.path)
        if any(path == one or one in path.parents for one in touched):
            print(f"{TOLD}{event} {path}\n{''.join(traceback.format_stack(limit=6))}", file=sys.stderr)


def main() -> None:
    command = sys.argv.pop(1)
    sys.addaudithook(watch)
    sys.exit(importlib.import_module(f"{command}.cli").main())


if __name__ == "__main__":
    main()
