"""What a server tells of a mail's parts (BODYSTRUCTURE, RFC 3501, 7.4.2), and whether one may be a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from harvest.sources.kinds import SIDE_MIMES, claims_pdf
from harvest.sources.mail.links import readable
from spec.names import find_code

#: a string that nobody closed ends with the answer: each byte is looked at once
_TOKEN = re.compile(rb'\(|\)|"(?:\\.|[^"\\])*+(?:"|\\?\Z)|[^\s()"]+', re.DOTALL)
#: base64 of a picture that a signature shows; of signatures, cards and dates as programs make them
_SMALL_PICTURE = 140 * 1024
_SMALL_SIDE_FILE = 16 * 1024
#: a text may hold a file, and is one where a fault in the headers made a text of the whole mail. Programs write long HTML
_LONG_TEXT = {"text/plain": 3 * 1024, "text/html": 40 * 1024}
#: what servers and filters write above a mail, at most
_LONG_HEADERS = 12 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail on the server: `promising` where it may carry a document, or answers one of a round's.

    `pdfs`: names of the parts that are PDFs by name or type, empty for one without a name.
    """

    uid: int
    size: int
    promising: bool
    pdfs: tuple[str, ...] = ()


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
            leaves = list(_leaves(structure)) if isinstance(structure, list) else None
            whole = int(size) if told and isinstance(size, bytes) else 0
            promising = leaves is None or any(map(_promising, leaves)) or _hides(leaves, whole)
            promising = promising or _is_answer(pairs.get(b"ENVELOPE"))
            pdfs = tuple(_name(leaf) for leaf in leaves or () if _claims_pdf(leaf))
            yield Mail(int(uid), whole, promising, pdfs)


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


def _mime(leaf: list[object]) -> str:
    words = [item.lower() if isinstance(item, bytes) else b"" for item in leaf[:2]]
    return b"/".join(words).decode("ascii", errors="replace")


def _claims_pdf(leaf: list[object]) -> bool:
    mime = _mime(leaf)
    # what macOS tells of a file besides has the file's name
    return mime not in {"message/rfc822", "application/applefile"} and claims_pdf(_name(leaf), mime)


def _name(leaf: list[object]) -> str:
    """The part's own name: a parameter of its disposition or of its type; empty where there is none."""
    named: dict[bytes, bytes] = {}
    waiting = [item for item in leaf[2:3] + leaf[7:] if isinstance(item, list)]
    while waiting:
        item = waiting.pop()
        waiting += [inner for inner in item if isinstance(inner, list)]
        named |= {key.lower(): value for key, value in _pairs(item) if isinstance(value, bytes)}
    for key in (b"filename*", b"name*"):
        if key in named:
            return unquote_to_bytes(named[key].rpartition(b"'")[2]).decode("utf-8", errors="replace")
    found = named.get(b"filename") or named.get(b"name") or b""
    return readable(re.sub(rb"\\(.)", rb"\1", found).decode("utf-8", errors="replace"))


def _hides(leaves: list[list[object]], whole: int) -> bool:
    """Whether a mail is larger than its parts and any headers: the server took a part for none."""
    told = sum(map(_size, leaves))
    return whole - told > (_LONG_HEADERS if told else _LONG_TEXT["text/plain"])


def _size(leaf: list[object]) -> int:
    told = leaf[6] if len(leaf) > 6 else b""
    return int(told) if isinstance(told, bytes) and told.isdigit() else 0


def _promising(leaf: list[object]) -> bool:
    mime = _mime(leaf)
    size = _size(leaf)
    inside = _texts(leaf)
    attached = b"attachment" in inside
    if mime in SIDE_MIMES:
        return size > _SMALL_SIDE_FILE or _claims_pdf(leaf)
    if mime in _LONG_TEXT:
        named = any(word.startswith((b"name", b"filename")) for word in inside)
        return named or attached or size > _LONG_TEXT[mime]
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
