"""The process in which files are searched for a name: whatever they hold, nothing else lives in it.

Standard input: messages of JSON with `path`, `content` (what tells files with the same content) and `names`. Standard
output, for each: JSON with `mentioned`, `similar` and `closed` (why something could not be looked into).
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from harvest.memory_limit import limit_memory
from harvest.privacy.search.file_texts import Contents
from harvest.privacy.search.persons import Who
from harvest.reading.pool.worker import own_output, receive, send
from spec.matching import fold

_LARGEST = 512 * 1024 * 1024
_MEGABYTES = 3 * 1024
_MOST = 50
#: characters of what was read that are remembered for the next name
_REMEMBERED = 128 * 1024 * 1024
#: Forms hold a thousand short texts: a quick look goes over many at once, with a sign between that no name runs across.
_SHORT, _TOGETHER, _APART = 4_000, 100_000, "\n§\n"
_NOTHING: tuple[bool, tuple[str, ...]] = (False, ())


def main() -> None:
    """Search what comes until nothing comes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = own_output()
    limit_memory(_MEGABYTES)
    library = Library()
    while (asked := receive(sys.stdin.buffer)) is not None:
        question = json.loads(asked)
        names = tuple(question["names"])
        content = tuple(question["content"])
        send(
            answers,
            json.dumps(library.searched(Path(question["path"]), content, Who(names[0], names))).encode(),
        )


@dataclass(slots=True)
class Library:
    """What was read: each text once, since the returns of one form have most of theirs in common; files by their texts."""

    _texts: dict[str, str] = field(default_factory=dict)
    _files: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    _size: int = 0
    _names: tuple[str, ...] = ()
    _looked: dict[str, tuple[bool, tuple[str, ...]]] = field(default_factory=dict)

    def searched(self, path: Path, content: tuple[str, ...], who: Who) -> dict[str, Any]:
        """What stands in one file."""
        if who.names != self._names:
            self._names, self._looked = who.names, {}
        try:
            return self._searched(path, content, who)
        except MemoryError:
            self._forget()
        try:
            return self._searched(path, content, who)
        except MemoryError:
            self._forget()
            return _answer(closed=("large",))
        except OSError:
            return _answer(closed=("held",))

    def _searched(self, path: Path, content: tuple[str, ...], who: Who) -> dict[str, Any]:
        if content not in self._files:
            self._read(path, content)
        texts, closed = self._files[content]
        self._look([text for text in texts if text not in self._looked], who)
        found = [self._looked[text] for text in texts]
        mentioned = any(one for one, _ in found)
        # a tag within a word is no blank: where the name stands, so does this, and the file is told in any case
        same = {_tight(name) for name in who.names} if mentioned else set[str]()
        similar = dict.fromkeys(one for _, several in found for one in several if _tight(one) not in same)
        return _answer(mentioned, similar, closed)

    def _look(self, texts: Sequence[str], who: Who) -> None:
        for bundle in _bundles(texts):
            if not who.may_stand(_APART.join(bundle)):
                self._looked.update(dict.fromkeys(bundle, _NOTHING))
                continue
            for text in bundle:
                stands = len(bundle) == 1 or who.may_stand(text)
                self._looked[text] = (
                    (who.mentioned(text), tuple(islice(who.similar(text), _MOST))) if stands else _NOTHING
                )

    def _read(self, path: Path, content: tuple[str, ...]) -> None:
        if self._size > _REMEMBERED:
            self._forget()
        if path.stat().st_size > _LARGEST:
            self._files[content] = ((), ("large",))
            return
        contents = Contents()
        texts = dict.fromkeys(contents.texts(path.read_bytes(), f"file{path.suffix}"))
        self._size += sum(len(text) for text in texts if text not in self._texts)
        closed = dict.fromkeys(why for _, why in contents.closed)
        self._files[content] = (tuple(self._texts.setdefault(text, text) for text in texts), tuple(closed))

    def _forget(self) -> None:
        self._texts, self._files, self._looked, self._size = {}, {}, {}, 0


def _tight(text: str) -> str:
    return fold(text).replace(" ", "")


def _answer(
    mentioned: bool = False, similar: Iterable[str] = (), closed: Iterable[str] = ()
) -> dict[str, Any]:
    return {"mentioned": mentioned, "similar": list(similar)[:_MOST], "closed": list(closed)}


def _bundles(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from ([text] for text in texts if len(text) > _SHORT)
    short, size = list[str](), 0
    for text in texts:
        if len(text) > _SHORT:
            continue
        short.append(text)
        size += len(text)
        if size > _TOGETHER:
            yield short
            short, size = [], 0
    yield short
