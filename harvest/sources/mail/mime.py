"""A mail taken into its parts (RFC 2046), leniently and in linear time: places in its bytes, nothing decoded but what must be.

The standard library's parser goes line by line, takes a boundary only as the standard writes it, and raises on some headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harvest.sources.mail import headers, transfer_encoding
from harvest.sources.mail.headers import Headers
from spec.errors import FormgenHarvestError

_END = rb"(?:\r{0,2}\n|\r|\Z)"
#: a delimiter that the headers did not name: what stands below it are headers of content
_GUESS = re.compile(
    rb"--([^\r\n]{1,200}?)[ \t]*(?:\r{0,2}\n|\r)(?=Content-[A-Za-z-]{2,30}[ \t]*:)", re.IGNORECASE
)
_GUESS_BELOW = re.compile(rb"[\r\n]" + _GUESS.pattern, re.IGNORECASE)
_BOUNDARY = re.compile(r"boundary[ \t]*+(?:\*0?\*?)?[ \t]*+=[ \t]*+(.*)", re.IGNORECASE | re.DOTALL)
_TYPE = re.compile(r"[\w.+-]{1,60}[ \t]*/[ \t]*[\w.+-]{1,100}", re.ASCII)
#: lines that begin like a delimiter without being one, for each part that a mail may have
_LOOKS = 50
_LAST_LINE_END = re.compile(rb"(?:\r?\n|\r)\Z")


class TooDeepError(FormgenHarvestError):
    """A part stands within too many others."""

    def __init__(self) -> None:
        super().__init__(
            "MIME",
            "The mail's parts stand within too many others.",
            "Ask the sender to send the form by itself.",
        )


class TooManyPartsError(FormgenHarvestError):
    """There are more parts than any mail has."""

    def __init__(self) -> None:
        super().__init__(
            "MIME", "The mail has more parts than any mail has.", "Ask the sender to send the form by itself."
        )


@dataclass(frozen=True, slots=True)
class Entity:
    """A mail or a part of one.

    Attributes:
        data: bytes that `start` and `end` of its body count in.
        mime: type in lower case; `text/plain` where none is named.
        children: parts of a multipart, or the mail within a `message/rfc822`.
        loose: where text stands beside the parts: before the first and behind the last (start and end).
        encoded: whether an attached mail is encoded, against the standard: its body is no text of a mail.
    """

    headers: Headers
    data: bytes = field(repr=False)
    start: int
    end: int
    mime: str
    children: tuple[Entity, ...] = ()
    loose: tuple[tuple[int, int], ...] = ()
    encoded: bool = False

    @property
    def body(self) -> bytes:
        """The body as it travelled."""
        return self.data[self.start : self.end]

    @property
    def encodings(self) -> tuple[str, ...]:
        """What its headers say of the body's encoding."""
        return self.headers.every("content-transfer-encoding")


class Parser:
    """Takes one mail apart; `parts` and `deepest` hold for all of it."""

    def __init__(self, parts: int, deepest: int) -> None:
        self._parts, self._deepest = parts, deepest
        self._looks = parts * _LOOKS

    def mail(self, data: bytes) -> Entity:
        """The mail in `data`.

        Raises:
            TooDeepError, TooManyPartsError: it was built to harm.
        """
        return self._entity(data, 0, len(data), 0)

    def parts_of_text(self, data: bytes) -> Entity | None:
        """The parts that stand in a text with their delimiters, as some servers quote a mail; None where none do."""
        if (boundary := _guessed(data, 0, len(data))) is None:
            return None
        return self._multipart(Entity(Headers(), data, 0, len(data), "multipart/mixed"), [boundary], 1)

    def _entity(self, data: bytes, start: int, end: int, depth: int, default: str = "text/plain") -> Entity:
        if depth > self._deepest:
            raise TooDeepError
        self._parts -= 1
        if self._parts < 0:
            raise TooManyPartsError
        own, body = headers.read(data, start, end)
        entity = Entity(own, data, body, end, _mime(own, default))
        if entity.mime.startswith("multipart/"):
            return self._multipart(entity, _boundaries(own), depth)
        if entity.mime in {"message/rfc822", "message/global", "message/news"}:
            return self._within(entity, depth)
        return entity

    def _within(self, entity: Entity, depth: int) -> Entity:
        child = self._entity(entity.data, entity.start, entity.end, depth + 1)
        encoded = any(one.strip().lower() in {"base64", "quoted-printable"} for one in entity.encodings)
        if not child.headers.fields and (
            encoded or transfer_encoding.looks_base64(entity.body[:256].lstrip())
        ):
            return replace(entity, encoded=True)
        return replace(entity, children=(child,))

    def _multipart(self, entity: Entity, boundaries: list[bytes], depth: int) -> Entity:
        for boundary in boundaries:
            if found := self._delimiters(entity, boundary):
                return self._divided(entity, found, depth)
        guess = _guessed(entity.data, entity.start, entity.end)
        if guess is not None and (found := self._delimiters(entity, guess)):
            return self._divided(entity, found, depth)
        # the standard forbids to encode a multipart as a whole; some gateways do
        plain = transfer_encoding.decoded(entity.body, entity.encodings)
        if plain != entity.body and depth < self._deepest:
            return self._multipart(
                Entity(Headers(), plain, 0, len(plain), entity.mime), boundaries, depth + 1
            )
        return replace(entity, loose=((entity.start, entity.end),))

    def _delimiters(self, entity: Entity, boundary: bytes) -> list[tuple[int, int, bool]]:
        """Where lines with this boundary begin and end, and whether they close."""
        data, start, end = entity.data, entity.start, entity.end
        mark = re.escape(b"--" + boundary)
        line = re.compile(mark + rb"(--)?[ \t]*" + _END)
        found = []
        # the lookbehind stands behind the text, so that the search for the text is a fast one
        for hit in re.compile(mark + rb"(?<=[\r\n]" + mark + rb")").finditer(data, max(start - 1, 0), end):
            self._looks -= 1
            if self._looks < 0:
                raise TooManyPartsError
            if hit.start() >= start and (whole := line.match(data, hit.start(), end)):
                found.append((whole.start(), whole.end(), bool(whole.group(1))))
        if not (found and found[0][0] == start) and (whole := line.match(data, start, end)):
            found.insert(0, (whole.start(), whole.end(), bool(whole.group(1))))
        return found

    def _divided(self, entity: Entity, delimiters: list[tuple[int, int, bool]], depth: int) -> Entity:
        default = "message/rfc822" if entity.mime == "multipart/digest" else "text/plain"
        children, loose = [], [(entity.start, delimiters[0][0])]
        for number, (_, after, closes) in enumerate(delimiters):
            last = number + 1 == len(delimiters)
            stop = entity.end if last else _before_line_end(entity.data, after, delimiters[number + 1][0])
            if closes:
                loose.append((after, stop))
            else:
                children.append(self._entity(entity.data, after, stop, depth + 1, default))
        return replace(entity, children=tuple(children), loose=tuple(one for one in loose if one[0] < one[1]))


def _before_line_end(data: bytes, start: int, stop: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
    found = _LAST_LINE_END.search(data, max(start, stop - 2), stop)
    return found.start() if found else max(start, stop)


def _mime(own: Headers, default: str) -> str:
    """The type that the headers name. Of several a multipart counts first: without it no part is found."""
    named = [found.group().lower() for value in own.every("content-type") if (found := _TYPE.search(value))]
    named = [re.sub(r"\s", "", one) for one in named]
    several = [one for one in named if one.startswith("multipart/")]
    if not named and own.parameter("content-type", "boundary"):
        return "multipart/mixed"
    return next(iter((*several, *named)), default)


def _boundaries(own: Headers) -> list[bytes]:
    """What the boundary may be, the standard's reading first, then those of programs that take more than it allows."""
    found: dict[str, None] = {}
    for value in own.every("content-type"):
        for one in _readings(value):
            found.setdefault(one)
    encodings = ("utf-8", "cp1252")
    return list(dict.fromkeys(
        one.encode(name, errors="ignore") for one in found if one.strip() for name in encodings
    ))  # fmt: skip


def _readings(value: str) -> Iterator[str]:
    named = _BOUNDARY.search(value)
    if named is None:
        return
    rest = named.group(1).strip()
    if rest.startswith('"'):
        quoted = re.match(r'"((?:\\.|[^"\\])*)', rest)
        own = quoted.group(1) if quoted else ""
        yield re.sub(r"\\(.)", r"\1", own).rstrip()
        yield own.rstrip()
    for one in (
        rest.partition(";")[0].rstrip(),
        rest,
        *rest.split(None, 1)[:1],
        rest.partition("(")[0].rstrip(),
    ):
        yield one
        yield one.strip("<>\"' \t;,")
    if standard := headers.Headers((("content-type", value),)).parameter("content-type", "boundary"):
        yield standard


def _guessed(data: bytes, start: int, end: int) -> bytes | None:
    """The boundary of the first delimiter that stands in the bytes."""
    found = _GUESS.match(data, start, end) or _GUESS_BELOW.search(data, start, end)
    return found.group(1) if found else None
