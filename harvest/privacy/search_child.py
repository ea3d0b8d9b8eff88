"""The process in which files are searched for a name: whatever they hold, nothing else lives in it.

Standard input: messages of JSON with `path` and `names`. Standard output, for each: JSON with `mentioned`, `similar` and
`closed` (what could not be looked into, and why).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

from harvest.privacy.contents import Contents
from harvest.privacy.who import Who
from harvest.read.worker import receive, send

_LARGEST = 512 * 1024 * 1024
_MEMORY = 3 * 1024 * 1024 * 1024
_MOST = 50


def main() -> None:
    """Search what comes until nothing comes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _own_output()
    _limit_memory()
    while (asked := receive(sys.stdin.buffer)) is not None:
        question = json.loads(asked)
        names = tuple(question["names"])
        send(answers, json.dumps(searched(Path(question["path"]), Who(names[0], names))).encode())


def searched(path: Path, who: Who) -> dict[str, Any]:
    """What stands in one file."""
    contents, mentioned, similar = Contents(), False, dict[str, None]()
    try:
        if path.stat().st_size > _LARGEST:
            return {"mentioned": False, "similar": [], "closed": [[path.name, "large"]]}
        for text in contents.texts(path.read_bytes(), path.name):
            if not who.may_stand(text):
                continue
            mentioned = mentioned or who.mentioned(text)
            if len(similar) < _MOST:
                similar.update(dict.fromkeys(who.similar(text)))
    except (OSError, MemoryError):
        contents.closed.append((path.name, "damaged"))
    return {"mentioned": mentioned, "similar": list(similar)[:_MOST], "closed": contents.closed[:_MOST]}


def _own_output() -> BinaryIO:
    """The stream for answers; whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except (ImportError, OSError, ValueError):
        # the time limit of the caller still holds
        pass
