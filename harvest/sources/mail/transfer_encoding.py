"""Content-Transfer-Encodings (RFC 2045, 6; uuencode as POSIX has it), taken back as far as there is something to take.

The standard library ends at the first padding, and gives up where one character is lost.
"""

from __future__ import annotations

import binascii
import re
from collections import Counter
from collections.abc import Iterator, Sequence

#: what files that matter begin with, in base64: PDF, zip, OLE, TNEF, JPEG, PNG, TIFF, CMS
BASE64_STARTS = (
    *(b"JVBERi", b"UEsDB", b"UEsFB", b"0M8R4KGx", b"eJ8+I", b"/9j/", b"iVBORw0KGgo", b"SUkqA", b"TU0AK"),
    *(b"MIAGCSqGSIb3DQEH", b"MIIB", b"MIIC", b"MIID", b"MIIE", b"N3q8ryc", b"UmFyIRoH"),
)
_NO_BASE64 = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"II*\0",
    b"MM\0*",
    b"0\x80",
    b"0\x82",
)
_UU = frozenset(("uuencode", "x-uuencode", "x-uue", "uue"))
_KNOWN = _UU | {"base64", "quoted-printable", "7bit", "8bit", "binary"}
_TOKEN = re.compile(rb"[^ \t\r\n\0]+")
_PURE = re.compile(rb"[A-Za-z0-9+/_-]+=*$")
_PIECE = re.compile(rb"([A-Za-z0-9+/]+)=*")
#: a line that parts a text from what stands below it
_RULE = re.compile(rb"[-_=*]{2,}$")
_LONG = 32
#: lines, blanks or pieces, beyond which nothing is weighed any more: 150 MB of base64 have two million lines
_MOST_RUNS = 2_500_000
_FOREIGN = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_QUOTED_PDF = re.compile(rb"%PDF-\d\.\d(?:=0[AaDd]|=\r?\n)")

_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r{0,2}(?:\n|\Z)", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r{0,2}$", re.MULTILINE)


def decoded(raw: bytes, encodings: Sequence[str]) -> bytes:
    """A body's bytes. `encodings`: what its headers say, the first known one counts; the bytes decide where they say otherwise."""
    clean = (one.partition("(")[0].strip(" ;,\t\"'").lower() for one in encodings)
    encoding = next((one for one in clean if one in _KNOWN), "")
    start = raw[:256].lstrip()
    if encoding == "base64":
        return raw if start.startswith(_NO_BASE64) else base64_decoded(raw)
    if encoding in _UU:
        return next((data for _, data in uuencoded(raw)), None) or uu_decoded(raw)
    if looks_base64(start):
        return base64_decoded(raw)
    if encoding == "quoted-printable":
        return raw if start.startswith(_NO_BASE64) and _has_8bit(raw) else binascii.a2b_qp(raw)
    return binascii.a2b_qp(raw) if _QUOTED_PDF.match(start) else raw


def looks_base64(start: bytes) -> bool:
    """Whether what stands at the start of a body is a known kind of file in base64."""
    found = _TOKEN.search(start[:128])
    if found is None or not found.group().startswith(BASE64_STARTS):
        return False
    token = found.group()
    return len(token) >= _LONG and _PURE.match(token) is not None


def _has_8bit(raw: bytes) -> bool:
    return not raw[: 64 * 1024].isascii()


def base64_decoded(raw: bytes) -> bytes:
    """What can be had of a text in base64, in linear time; all of it where nothing is lost.

    Lenient: pieces padded one by one, no padding, blanks and blank lines, foreign characters, the URL-safe alphabet (RFC 4648, 5),
    a text below it, and one character too few or too many in a line, which costs that line alone.
    """
    dense = raw.translate(None, b"\r\n")
    try:
        return binascii.a2b_base64(dense, strict_mode=True)
    except binascii.Error:
        pass
    if len(raw) - len(dense) + raw.count(b" ") + raw.count(b"\t") > 2 * _MOST_RUNS:
        return _joined([dense])
    tokens = _without_text_below(raw)
    if tokens and _is_url_safe(tokens):
        tokens = [token.translate(bytes.maketrans(b"-_", b"+/")) for token in tokens]
    return _joined(_in_step(tokens))


def _without_text_below(raw: bytes) -> list[bytes]:
    """The runs of base64, without the words of a text that stands behind them."""
    tokens: list[bytes] = []
    kept = total = spacing = 0
    after_text = False
    for token, lines in _runs(raw):
        if token is None:
            after_text = bool(tokens)
            continue
        long = len(token) >= min(_LONG, len(tokens[0]) if tokens else len(token))
        if after_text and not (long and len(token) == len(tokens[0])):
            continue
        # the rest of a line stands as far below it as the others; behind padding it is a piece of its own
        total = len(token) if tokens and tokens[-1].endswith(b"=") else total + len(token)
        rest = lines <= (spacing or 1) and (total % 4 == 0 or (total > len(token) and total % 4 > 1))
        tokens.append(token)
        if long or b"=" in token or rest:
            kept = len(tokens)
        spacing, after_text = lines if len(tokens) == 2 else spacing, False
    return tokens[:kept]


def _runs(raw: bytes) -> Iterator[tuple[bytes | None, int]]:
    """What stands between blanks, and how many line ends before it; None for a line of words, or a rule."""
    lines = usual = 0
    for line in raw.split(b"\n") if b"\n" in raw else raw.split(b"\r"):
        found = [run for one in _TOKEN.findall(line) if (run := _run(one)) is None or run]
        if found and (None in found or _is_text([one for one in found if one], usual)):
            yield None, lines
        else:
            for number, token in enumerate(found):
                usual = usual or len(token or b"")
                yield token, 0 if number else lines
        lines = 1 if found else lines + 1


def _run(token: bytes) -> bytes | None:
    """A run of base64 without what got into it; empty where nothing is left, None for a word of a text."""
    token = token.rstrip(b"!")  # as gateways ended lines
    if _PURE.match(token):
        return token
    clean = token.translate(None, _FOREIGN)
    if len(clean) >= _LONG and len(clean) * 10 >= len(token) * 9:
        return clean
    return None if len(clean) > 1 else b""


def _is_text(runs: list[bytes], usual: int) -> bool:
    """Whether a line is words, or a rule that parts a text from what stands below it."""
    if any(len(one) < min(_LONG, usual or _LONG) for one in runs[:-1]):
        return True
    return len(runs) == 1 and len(runs[0]) != usual and _RULE.match(runs[0]) is not None


def _is_url_safe(tokens: Sequence[bytes]) -> bool:
    return not any(b"+" in token or b"/" in token for token in tokens) and any(
        b"-" in token or b"_" in token for token in tokens
    )


def _in_step(tokens: list[bytes]) -> list[bytes]:
    """The lines, each of them whole quads where all but a few are: what one line lost moves no other.

    A gap is filled at the line's end, so that what follows stands where it stood (a PDF counts bytes).
    """
    usual, times = Counter(map(len, tokens[:-1])).most_common(1)[0] if len(tokens) > 2 else (0, 0)
    if usual % 4 or times * 10 < (len(tokens) - 1) * 8:
        return tokens
    return [
        token
        if len(token) % 4 == 0 or b"=" in token
        else (token + b"AAA")[: usual if abs(len(token) - usual) < 4 else len(token) + 3 & ~3]
        for token in tokens[:-1]
    ] + tokens[-1:]


def _joined(tokens: Sequence[bytes]) -> bytes:
    """The bytes of base64 text, of which each padding ends a piece."""
    text = b"".join(tokens).translate(None, _FOREIGN)
    if text.count(b"=") > _MOST_RUNS:
        text = text.translate(None, b"=")
    found = bytearray()
    for piece in _PIECE.finditer(text):
        own = piece.group(1)
        whole = own[:-1] if len(own) % 4 == 1 else own
        found += binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
    return bytes(found)


def uuencoded(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files that stand uuencoded in a text; each of its lines is looked at once."""
    position = 0
    while found := _UU_BEGIN.search(text, position):
        following = _UU_BEGIN.search(text, found.end())
        limit = following.start() if following else len(text)
        end = _UU_END.search(text, found.end(), limit)
        position = end.end() if end else limit
        name = found.group(1).decode("utf-8", errors="replace").strip()
        yield name, uu_decoded(text[found.end() : end.start() if end else limit])


def uu_decoded(body: bytes) -> bytes:
    """The lines between `begin` and `end`; those that are none are passed over."""
    chunks = []
    for line in filter(None, body.splitlines()):
        # the first byte tells how much of the line counts; some programs leave more behind it
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        if length == 1:  # the line of no bytes before the end
            break
        try:
            chunks.append(binascii.a2b_uu(line[: length + 1]))
        except binascii.Error:
            continue
    return b"".join(chunks)
