"""Changes of PDFs from within: streams inflated, changed, deflated; objects swapped, turned in circles, of other types."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.fuzz import drawn
from tests.fuzz.specimens import PASSWORD, written

Change = Callable[[Pdf, list[Any], Random], None]
_KEYS = (
    "/Kids", "/Parent", "/Fields", "/Annots", "/T", "/V", "/FT", "/Rect", "/AP", "/N", "/Contents", "/Resources", "/MediaBox",
    "/Rotate", "/Pages", "/AcroForm", "/Names", "/Font", "/ToUnicode", "/Length", "/Filter", "/DecodeParms", "/Metadata", "/AS",
    "/CropBox", "/XObject", "/Matrix", "/BBox", "/StructParents", "/P", "/DA", "/Subtype", "/Type", "/Opt", "/Ff", "/XFA", "/Encoding",
)  # fmt: skip
_NUMBERS = (0, -1, 1, 3, 65536, 2**31 - 1, -(2**31), 2**40)


def in_streams(data: bytes, chance: Random, change: Callable[[bytes], bytes]) -> bytes:
    """`data` with what a stream or two hold changed, the file around them sound."""

    def streams(pdf: Pdf, things: list[Any], chance: Random) -> None:
        found = [thing for thing in things if isinstance(thing, pikepdf.Stream)]
        for stream in chance.sample(found, min(len(found), chance.choice((1, 1, 2)))):
            stream.write(change(stream.read_bytes()))

    return _with(data, chance, (streams,))


def in_objects(data: bytes, chance: Random) -> bytes:
    """`data` with some of its objects changed, the file around them sound."""
    return _with(data, chance, [chance.choice(_CHANGES) for _ in range(chance.choice((1, 1, 2, 4, 12)))])


def _with(data: bytes, chance: Random, changes: Any) -> bytes:
    with pikepdf.open(io.BytesIO(data), password=PASSWORD if b"/Encrypt" in data else "") as pdf:
        things = [thing for thing in pdf.objects if isinstance(thing, (Dictionary, Array, pikepdf.Stream))]
        for change in changes:
            try:
                change(pdf, things, chance)
            except (pikepdf.PdfError, TypeError, ValueError, NotImplementedError, LookupError, RuntimeError):
                continue  # not every object takes every change
        mode = chance.choice((pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate))
        try:
            return written(pdf, object_stream_mode=mode)
        except (pikepdf.PdfError, RuntimeError, ValueError):
            return data[: chance.randrange(len(data))]


def _holder(things: list[Any], chance: Random) -> Any:
    return chance.choice([thing for thing in things if isinstance(thing, (Dictionary, pikepdf.Stream))])


def _key(holder: Any, chance: Random) -> str:
    keys = [key for key in sorted(holder.keys()) if key != "/Length"]
    return chance.choice(keys) if keys and chance.random() < 0.8 else chance.choice(_KEYS)


def _any_value(pdf: Pdf, things: list[Any], chance: Random) -> Any:
    return chance.choice(
        (
            lambda: chance.choice(_NUMBERS),
            lambda: String(chance.choice(("", "x", "\u202e\ud83d\ude00", "=1+1", "a" * 5000, "../../x"))),
            lambda: String(chance.randbytes(chance.choice((1, 3, 40)))),
            lambda: String(b"\xfe\xff\xd8\x00\x00A"),
            lambda: Name(chance.choice(_KEYS)),
            lambda: None,
            lambda: True,
            lambda: Array([]),
            lambda: Array([chance.choice(things), 1, String("x")]),
            lambda: Array([1e30, -1e30, 0, 2**31]),
            Dictionary,
            lambda: pdf.make_stream(chance.randbytes(50)),
            lambda: chance.choice(things),
        )
    )()


def _set(pdf: Pdf, things: list[Any], chance: Random) -> None:
    holder = _holder(things, chance)
    holder[_key(holder, chance)] = _any_value(pdf, things, chance)


def _circle(pdf: Pdf, things: list[Any], chance: Random) -> None:
    """An object that stands within itself, or within one that stands within it."""
    holder, other = _holder(things, chance), _holder(things, chance)
    key = chance.choice(
        ("/Kids", "/Parent", "/Fields", "/Next", "/Prev", "/AP", "/N", "/Contents", "/Font", "/XObject", "/K")
    )
    holder[key] = Array([other]) if chance.random() < 0.5 else other
    other[key] = Array([holder]) if chance.random() < 0.5 else holder


def _swap(pdf: Pdf, things: list[Any], chance: Random) -> None:
    one, other = _holder(things, chance), _holder(things, chance)
    key, second = _key(one, chance), _key(other, chance)
    one[key], other[second] = other[second], one[key]


def _remove(pdf: Pdf, things: list[Any], chance: Random) -> None:
    holder = _holder(things, chance)
    del holder[_key(holder, chance)]


def _element(pdf: Pdf, things: list[Any], chance: Random) -> None:
    array = chance.choice([thing for thing in _arrays(pdf, things) if len(thing)])
    array[chance.randrange(len(array))] = _any_value(pdf, things, chance)


def _again(pdf: Pdf, things: list[Any], chance: Random) -> None:
    """The same element a hundred times."""
    array = chance.choice([thing for thing in _arrays(pdf, things) if len(thing)])
    element = array[chance.randrange(len(array))]
    for _ in range(100):
        array.append(element)


def _arrays(pdf: Pdf, things: list[Any]) -> list[Any]:
    held = [
        thing[key]
        for thing in [pdf.Root, *(page.obj for page in pdf.pages), *things[:60]]
        if isinstance(thing, Dictionary)
        for key in ("/Fields", "/Kids", "/Annots", "/Rect", "/MediaBox", "/Contents")
        if key in thing and isinstance(thing[key], Array)
    ]
    return [*held, *(thing for thing in things if isinstance(thing, Array))]


def _deep(pdf: Pdf, things: list[Any], chance: Random) -> None:
    """Many levels."""
    inner: Any = _any_value(pdf, things, chance)
    for _ in range(chance.choice((20, 90))):
        inner = Array([inner])
    holder = _holder(things, chance)
    holder[_key(holder, chance)] = inner


def _rename(pdf: Pdf, things: list[Any], chance: Random) -> None:
    """Fields under other names, as joining tools leave them; some say something that they did not."""
    new = chance.choice(
        ("dummyFieldName{}", "{1} copy", "Kopie von {1}", "{1}1y2p0ij32e8e7{0}", "p{0}_{1}", "{1}" * 300)
    )
    fields = [thing for thing in things if "/T" in thing and isinstance(thing, Dictionary)]
    for number, one in enumerate(fields):
        one.T = String(new.format(number, str(one.T)))
        if chance.random() < 0.1:
            one.V = _any_value(pdf, things, chance)


def _layer(pdf: Pdf, things: list[Any], chance: Random) -> None:
    """Something in a layer that is switched off, or in what pretends to be one."""
    off = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("aus")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([off]), D=Dictionary(OFF=Array([off])))
    tagged = (off, Dictionary(Type=Name.OCMD, OCGs=_any_value(pdf, things, chance)))
    for _ in range(chance.choice((1, 5))):
        _holder(things, chance)[chance.choice(("/OC", "/Aus", "/OC"))] = chance.choice(tagged)


def _show(pdf: Pdf, things: list[Any], chance: Random) -> None:
    """Fields that show something else than they store, or something where nothing is stored."""
    fields = [thing for thing in things if isinstance(thing, Dictionary) and thing.get("/FT") == "/Tx"]
    for one in chance.sample(fields, min(len(fields), chance.choice((1, 3)))):
        drawn.show(
            pdf,
            one,
            chance.choice((b"", b"Frau Neu", b"\\344\\050", b"W" * 900, chance.randbytes(20).hex().encode())),
        )
        if chance.random() < 0.5:
            one["/V"] = _any_value(pdf, things, chance)


def _ink(pdf: Pdf, things: list[Any], chance: Random) -> None:
    """Strokes of a pen: over fields, beside them, off the page; as annotations, and in the page."""
    page = chance.choice(list(pdf.pages))
    places = [
        tuple(float(one) for one in thing.Rect) for thing in page.obj.get("/Annots", []) if "/Rect" in thing
    ]
    for _ in range(chance.choice((1, 4, 30))):
        rect = chance.choice(
            [*places, (10.0, 10.0, 500.0, 800.0), (-1e6, 0.0, 1e6, 1.0), (50.0, 50.0, 50.0, 50.0)]
        )
        place = (rect[0], rect[1], rect[2], rect[3])
        if chance.random() < 0.5 and "/Annots" in page.obj:
            drawn.ink(pdf, page.obj, place)
        else:
            page.contents_add(drawn.stroke(place))


_CHANGES: tuple[Change, ...] = (
    _set,
    _set,
    _set,
    _circle,
    _circle,
    _swap,
    _remove,
    _element,
    _again,
    _deep,
    _rename,
    _layer,
    _show,
    _ink,
)
