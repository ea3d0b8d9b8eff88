"""What a server tells of a mail's parts (BODYSTRUCTURE, RFC 3501, 7.4.2), and whether one may be a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harvest.sources.kinds import SIDE_MIMES
from harvest.sources.links import readable
from spec.names import find_code

_TOKEN = re.compile(rb'\(|\)|"(?:\\.|[^"\\])*"|[^\s()"]+', re.DOTALL)
#: base64 of a picture that a signature shows; of a text that may hold a uuencoded file
_SMALL_PICTURE = 140 * 1024
_LONG_TEXT = 40 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail on the server: `promising` where it may carry a document, or answers one of a round's."""

    uid: int
    size: int
    promising: bool


def mails_of(answer: Iterable[object]) -> Iterator[Mail]:
    """The mails of a FETCH answer as imaplib gives it; what can't be understood is left out."""
    for item in _tree(_joined(answer)):
        if not isinstance(item, list):
            continue
        pairs = {bytes(key).upper(): value for key, value in _pairs(item)}
        uid, size = pairs.get(b"UID"), pairs.get(b"RFC822.SIZE")
        if isinstance(uid, bytes) and uid.isdigit():
            told = size.isdigit() if isinstance(size, bytes) else False
            structure = pairs.get(b"BODYSTRUCTURE")
            promising = not isinstance(structure, list) or any(map(_promising, _leaves(structure)))
            promising = promising or _is_answer(pairs.get(b"ENVELOPE"))
            yield Mail(int(uid), int(size) if told and isinstance(size, bytes) else 0, promising)


def _is_answer(envelope: object) -> bool:
    """Whether the subject, second in the envelope (RFC 3501, 7.4.2), carries a round's code."""
    subject = envelope[1] if isinstance(envelope, list) and len(envelope) > 1 else b""
    return isinstance(subject, bytes) and find_code(readable(subject.decode("utf-8", "replace"))) is not None


def _pairs(item: list[object]) -> Iterator[tuple[bytes, object]]:
    for key, value in zip(item[::2], item[1::2], strict=False):
        if isinstance(key, bytes):
            yield key, value


def _joined(answer: Iterable[object]) -> bytes:
    """The answer as one text: imaplib hands out literals apart from the text around them."""
    pieces = []
    for item in answer:
        if isinstance(item, bytes):
            pieces.append(item)
        elif isinstance(item, tuple):
            head = re.sub(rb"\{\d+\}$", b"", item[0])
            quoted = item[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            pieces += [head, b'"' + quoted + b'"']
    return b" ".join(pieces)


def _tree(text: bytes) -> list[object]:
    """Parentheses as lists, strings without their quotes; closing ones too many are passed over."""
    root: list[object] = []
    stack = [root]
    for token in _TOKEN.findall(text):
        if token == b"(":
            inner: list[object] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif token == b")":
            if len(stack) > 1:
                stack.pop()
        else:
            stack[-1].append(token[1:-1] if token.startswith(b'"') else token)
    return root


def _leaves(structure: list[object]) -> Iterator[list[object]]:
    """The parts that are no multipart. A mail within the mail is a leaf: it is looked into when it is here."""
    waiting = [structure]
    while waiting:
        node = waiting.pop()
        if node and isinstance(node[0], list):
            waiting += [child for child in node if isinstance(child, list) and child and _is_part(child)]
        elif node:
            yield node


def _is_part(node: list[object]) -> bool:
    """Whether a list is a part rather than the parameters that follow the parts (name, value, name, value)."""
    return isinstance(node[0], list) or len(node) >= 7


def _promising(leaf: list[object]) -> bool:
    words = [item.lower() if isinstance(item, bytes) else b"" for item in leaf[:7]]
    mime = b"/".join(words[:2]).decode("ascii", errors="replace")
    size = int(words[6]) if len(words) > 6 and words[6].isdigit() else 0
    inside = _texts(leaf)
    attached = b"attachment" in inside
    if mime in SIDE_MIMES:
        return False
    if mime in {"text/plain", "text/html"}:
        named = any(word.startswith((b"name", b"filename")) for word in inside)
        return named or attached or size > _LONG_TEXT
    if mime.startswith("image/"):
        return attached or size > _SMALL_PICTURE
    return True


def _texts(leaf: list[object]) -> set[bytes]:
    found: set[bytes] = set()
    waiting = [leaf]
    while waiting:
        for item in waiting.pop():
            if isinstance(item, list):
                waiting.append(item)
            elif isinstance(item, bytes):
                found.add(item.lower())
    return found
