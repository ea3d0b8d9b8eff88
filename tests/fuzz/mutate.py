"""How inputs are changed: bytes, chunks, numbers, words of the formats; each change drawn from one seeded chance."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from random import Random

from tests.fuzz.mutate_pdf import in_objects, in_streams
from tests.fuzz.mutate_picture import in_picture
from tests.fuzz.specimens import BOXES, Collection, Specimen, boxed
from tests.harvest.sources.test_mail_faults import HEADER_FAULTS, whole

#: What parsers stumble over, whatever they parse.
_SPICE = (
    b"\0", b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r\n\r\n", b'"', b"(" * 60, b"../",
)  # fmt: skip
_WORDS = {
    "pdf": (
        b"obj", b"endobj", b"stream\r\n", b"endstream", b"xref", b"trailer", b"startxref", b"%%EOF", b"<<", b">>", b"[" * 40,
        b"1 0 R", b"/Kids[1 0 R]", b"/Parent 1 0 R", b"/Prev 0", b"/Length -1", b"/Length 99999999999", b"/Filter/LZWDecode",
        b"/Filter[/FlateDecode/FlateDecode/ASCIIHexDecode]", b"/DecodeParms<</Predictor 15/Columns 2147483647>>", b"/Type/ObjStm",
        b"/N 2147483647", b"/Index[0 99999999]", b"/W[8 8 8]", b"/Encrypt<</V 5/R 6>>", b"/XFA(x)", b"/JS(app.alert(1))",
        b"/EmbeddedFiles<<>>", b"/FT/Tx/V", b"<FEFFD800>", b"(\\777\\n", b"/Count 2147483647", b"null", b"1e999", b"--5", b"\xfe\xff\xd8\x00",
    ),
    "zip": (
        b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\x08", b"\1\0\x20\0" + b"\xff" * 8, b"/", b"..\\", b"C:\\", b"\x63\0",
        b"\x0e\0", b"\x5d\0",
    ),
    "mime": (
        b"\n--", b"--\n", b"=?utf-8?B?", b"=?x?Q?=ff?=", b"?=", b"Content-Type: message/rfc822\r\n", b"Content-Type: multipart/mixed\r\n",
        b'boundary="', b"Content-Transfer-Encoding: x-uuencode\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n", b"charset=utf-7",
        b"filename*0*=utf-8''%ff", b"filename*=", b"\nFrom x\n", b"Date: 31 Feb 99999 25:61:61 +9999\r\n", b"Content-Disposition: inline\r\n",
        b"From: \xff\xfe <@>\r\n", b'Content-Type: application/pdf; name="\r\n', b"====", b"Subject: " + b"a" * 2000 + b"\r\n",
        b">From x\n", b"Content Type: text/plain\n", b"boundary=a b", b"boundary=<a>", b"=\n", b"\r\r\n", b"\n\n", b"Content-Type: application/pdf\n",
    ),
    "xml": (
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#xD800;", b"<field name='", b"</field>", b"<value/>", b"]]>", b"<![CDATA[",
        b'encoding="utf-7"', b'xmlns="x"', b"<value-richtext>", b"<!--", b"<field name='a'>" * 90,
    ),
    "picture": (
        b"\xff\xd8", b"\xff\xd9", b"\xff\xe1\0\x08Exif\0\0", b"\xff\xda", b"\xff\xc0\0\x11\x08\xff\xff\xff\xff", b"IEND", b"IDAT", b"eXIf", b"acTL",
        b"II*\0", b"MM\0*", b"VP8X", b"VP8L", b"ANIM", b"ICCP", b"\x12\1\3\0\1\0\0\0",
    ),
}  # fmt: skip
_NUMBERS = (
    b"-1",
    b"0",
    b"1",
    b"255",
    b"65536",
    b"2147483647",
    b"4294967296",
    b"99999999999999999999",
    b"1e400",
    b"-0.5",
)
_BINARY = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_DIGITS = re.compile(rb"\d{1,12}")
_PICTURES = ("png", "jpg", "tif", "webp")
_KIND = {
    "pdf": "pdf", "zip": "zip", "eml": "mime", "mbox": "mime", "fdf": "pdf", "xfdf": "xml",
    **dict.fromkeys(_PICTURES, "picture"),
}  # fmt: skip

Way = Callable[[bytearray, int, Random, bytes, str], None]


def mutant(collection: Collection, chance: Random) -> tuple[str, bytes]:
    """A changed specimen, and the name that it comes under."""
    specimens = collection.items
    chosen = chance.choices(specimens, [one.weight for one in specimens])[0]
    other = chance.choice(specimens).data
    data = _changed(chosen, other, collection, chance)
    # now and then a name that says something else
    ending = chance.choice(specimens).name if chance.random() < 0.05 else chosen.name
    return ending, data or b"x"


def _changed(chosen: Specimen, other: bytes, collection: Collection, chance: Random) -> bytes:
    way = chance.random()
    if chosen.name in BOXES and way < 0.4:
        # the box is sound, the return within it is not
        inside = chance.choice([one for one in collection.pdfs if len(one.data) < 60_000])
        return boxed(chosen.name, _pdf(inside, other, chance))
    if chosen.name == "faulty.eml" and way < 0.7:
        return _faults(chance.choice([one for one in collection.pdfs if len(one.data) < 60_000]).data, chance)
    if chosen.is_pdf:
        return _pdf(chosen, other, chance)
    ending = chosen.name.rpartition(".")[2]
    if ending in _PICTURES and way < 0.5:
        return in_picture(chosen.data, ending, chance)
    return bytes_changed(chosen.data, chance, other, _KIND.get(ending, "zip"))


def _faults(pdf: bytes, chance: Random) -> bytes:
    """A sound return in a mail with a few of the faults that programs make."""
    data = whole(pdf)
    for fault in chance.sample(sorted(HEADER_FAULTS), chance.choice((1, 2, 3))):
        try:
            data = HEADER_FAULTS[fault](data)
        except AssertionError:  # another fault took away what this one changes
            continue
    return data


def _pdf(chosen: Specimen, other: bytes, chance: Random) -> bytes:
    way = chance.random()
    if way < 0.4:
        return in_objects(chosen.data, chance)
    if way < 0.6:
        return in_streams(chosen.data, chance, lambda data: bytes_changed(data, chance, other, "pdf"))
    return bytes_changed(chosen.data, chance, other, "pdf")


def bytes_changed(data: bytes, chance: Random, other: bytes, kind: str) -> bytes:
    """`data` after a few changes, mostly one."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8, 30))):
        way = chance.choices(tuple(_WAYS), tuple(_WAYS.values()))[0]
        way(result, chance.randrange(len(result) + 1), chance, other, kind)
    return bytes(result)


def _flip(data: bytearray, place: int, chance: Random, *_: object) -> None:
    if place < len(data):
        data[place] ^= 1 << chance.randrange(8)


def _delete(data: bytearray, place: int, chance: Random, *_: object) -> None:
    del data[place : place + chance.choice((1, 2, 8, 64, 1024))]


def _double(data: bytearray, place: int, chance: Random, *_: object) -> None:
    start = chance.randrange(len(data) + 1)
    data[place:place] = data[start : start + chance.choice((4, 64, 512, 4096))]


def _splice(data: bytearray, place: int, chance: Random, other: bytes, kind: str) -> None:
    start = chance.randrange(len(other))
    data[place:place] = other[start : start + chance.choice((16, 256, 4096))]


def _noise(data: bytearray, place: int, chance: Random, *_: object) -> None:
    length = chance.choice((1, 4, 64))
    data[place : place + length] = chance.randbytes(length)


def _word(data: bytearray, place: int, chance: Random, other: bytes, kind: str) -> None:
    word = chance.choice(_WORDS[kind] if chance.random() < 0.7 else _SPICE)
    data[place : place + chance.choice((0, len(word)))] = word


def _number(data: bytearray, place: int, chance: Random, *_: object) -> None:
    found = _DIGITS.search(data, place) or _DIGITS.search(data)
    if found:
        data[found.start() : found.end()] = chance.choice(_NUMBERS)


def _length_field(data: bytearray, place: int, chance: Random, *_: object) -> None:
    form, value = chance.choice(("<H", "<I", ">I", "<Q")), chance.choice(_BINARY)
    size = struct.calcsize(form)
    # lengths stand beside signatures
    signs = [found.start() for found in re.finditer(rb"PK..|__|\x22\x3e", data)]
    place = chance.choice(signs) + chance.randrange(48) if signs and chance.random() < 0.7 else place
    data[place : place + size] = struct.pack(form, value & ((1 << 8 * size) - 1))


def _truncate(data: bytearray, place: int, *_: object) -> None:
    del data[place:]


_WAYS: dict[Way, int] = {
    _flip: 4, _delete: 3, _double: 2, _splice: 2, _noise: 3, _word: 5, _number: 4, _length_field: 3, _truncate: 1,
}  # fmt: skip
