"""What the fuzz changes: small, valid inputs of every kind that comes in; the same bytes every time."""

from __future__ import annotations

import io
import random
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from formgen.blank import build_blank
from spec.names import CoverField, RowField
from spec.wire import EditionFile
from tests.formgen.samples import SMALL, small_form
from tests.fuzz import drawn
from tests.harvest.sources.made import mail, raw, tnef, zipped
from tests.harvest.sources.ole import attachment, compound, message
from tests.harvest.sources.test_mail_faults import HEADER_FAULTS, whole
from tests.readers.engines import require
from tests.specimens.form import RETURNS
from tests.specimens.form import edition as of_real

#: The run is told this password.
PASSWORD = "geheim"
_SEED = 2026
#: A font's program is most of a return, and no reader of ours looks at it.
_FONT_KEPT = 300
#: Returns as real programs left them: name, the page of it that is kept, weight. Recognising a scan takes seconds.
_REAL = (
    ("printed-pdfjs-gs", 1, 3),
    ("printed-poppler-cairo", 1, 3),
    ("printed-pdfium-typed-chrome", 1, 3),
    ("annotated-mupdf", 1, 3),
    ("fill-and-sign", 1, 4),
    ("fax-200", 0, 1),
)


@dataclass(frozen=True)
class Specimen:
    """A valid input, and how often it is taken compared to the others."""

    name: str
    data: bytes
    weight: int

    @property
    def is_pdf(self) -> bool:
        return self.name.endswith(".pdf")


@dataclass(frozen=True)
class Collection:
    """All specimens, and the editions that the returns among them belong to."""

    editions: tuple[EditionFile, ...]
    items: tuple[Specimen, ...]

    @property
    def pdfs(self) -> tuple[Specimen, ...]:
        return tuple(one for one in self.items if one.is_pdf)


@cache
def collection() -> Collection:
    """Made once per process."""
    section = {**SMALL["sections"][0], "categories": SMALL["sections"][0]["categories"][:1]}
    made = build_blank(small_form(sections=[section], rows=2))
    edition = made.edition_file
    values = {
        str(RowField(edition.edition, "beratung", 1, "ort")): "Haus am Markt\nŁódź, Ελλάδα",
        str(RowField(edition.edition, "beratung", 2, "ort")): "Zweites Haus",
        str(CoverField(edition.edition, "organisation")): "Träger Süd",
    }
    small = _slim(made.pdf, values)
    pdfs = {
        "blank.pdf": (made.pdf, 1),
        "pasted.pdf": (_pasted(made.pdf, values), 2),
        "small.pdf": (small, 8),
        "packed.pdf": (_saved(small, object_stream_mode=pikepdf.ObjectStreamMode.generate), 6),
        "locked.pdf": (_saved(small, encryption=pikepdf.Encryption(user=PASSWORD, owner="x", R=4)), 3),
        "flat.pdf": (_flattened(made.pdf, values), 4),
        "notes.pdf": (_noted(small), 4),
        "holding.pdf": (_holding(small), 1),
        **{f"{name}.pdf": (_page_of(RETURNS / f"{name}.pdf", page), weight) for name, page, weight in _REAL},
    }
    boxes = {name: (boxed(name, small), 4) for name in BOXES}
    beside = {
        "scribbled.pdf": (_scribbled(small), 5),
        **{name: (data, 3) for name, data in drawn.form_data(values).items()},
        **{name: (data, 1) for name, data in drawn.pictures((RETURNS / "fax-200.pdf").read_bytes()).items()},
    }
    every = {**pdfs, **boxes, **beside}
    return Collection((edition, of_real()), tuple(Specimen(name, *rest) for name, rest in every.items()))


def boxed(name: str, data: bytes) -> bytes:
    """A return in what it travels in."""
    with _no_chance():
        return BOXES[name](data)


@contextmanager
def _no_chance() -> Iterator[None]:
    """Where mails invent their boundaries."""
    state = random.getstate()
    random.seed(_SEED)
    try:
        yield
    finally:
        random.setstate(state)


def _mails(data: bytes) -> bytes:
    return (b"From x\n" + raw(mail(("a.pdf", data))).replace(b"\r", b"")) * 2


def _faulty(data: bytes) -> bytes:
    """With what programs leave in a mail's head that other programs read over."""
    return HEADER_FAULTS["an mbox mark among the headers"](
        HEADER_FAULTS["a second type, before"](whole(data))
    )


def _forwarded(data: bytes) -> bytes:
    return raw(mail(("fwd", mail(("Bogen", data))), ("c.zip", zipped({"d.pdf": data}))))


#: What a return travels in, by the name of the whole.
BOXES: dict[str, Callable[[bytes], bytes]] = {
    "plain.zip": lambda data: zipped({"a.pdf": data, "ä.txt": b"Guten Tag"}),
    "nested.zip": lambda data: zipped(
        {"b.zip": zipped({"ü/a.pdf": data}), "c.eml": raw(mail(("d.pdf", data)))}
    ),
    "plain.eml": lambda data: raw(mail(("a.pdf", data))),
    "forward.eml": _forwarded,
    "faulty.eml": _faulty,
    "outlook.msg": lambda data: compound(message(attachment("a.pdf", data))),
    "inner.msg": lambda data: compound(
        message(attachment("m", mail=message(attachment("a.pdf", data), top=False), method=5))
    ),
    "winmail.dat": lambda data: tnef(("a.pdf", data), ("b.zip", zipped({"a.pdf": data}))),
    "box.mbox": _mails,
}


def _saved(data: bytes, **how: Any) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return written(pdf, **how)


def written(pdf: Pdf, **how: Any) -> bytes:
    """The PDF as bytes, the same every time."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what was broken on purpose
        pdf.save(out, static_id=True, **how)
    return out.getvalue()


def _slim(blank: bytes, values: dict[str, str]) -> bytes:
    """The blank without the programs of its fonts, filled by pikepdf."""
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        _shorten_fonts(pdf)
        for page in pdf.pages:
            for widget in page.obj.get("/Annots", []):
                if str(widget.get("/T", "")) in values:
                    widget.V = String(values[str(widget.T)])
        return written(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def _page_of(specimen: Path, number: int) -> bytes:
    """One page of a return, without what no reader of ours looks at."""
    with pikepdf.open(specimen) as pdf:
        kept = pdf.pages[number]
        for index in reversed(range(len(pdf.pages))):
            if index != number:
                del pdf.pages[index]
        for key in ("/StructTreeRoot", "/OutputIntents", "/Metadata", "/Names", "/MarkInfo"):
            if key in pdf.Root:
                del pdf.Root[key]
        if "/AcroForm" in pdf.Root:
            own = [one for one in kept.obj.get("/Annots", []) if one.get("/Subtype") == "/Widget"]
            pdf.Root.AcroForm.Fields = Array(own)
        pdf.remove_unreferenced_resources()
        _shorten_fonts(pdf)
        return written(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _shorten_fonts(pdf: Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and "/Length1" in thing:
            thing.write(thing.read_bytes()[:_FONT_KEPT])


def _pasted(blank: bytes, values: dict[str, str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "blank.pdf"), Path(folder, "back.pdf")
        source.write_bytes(blank)
        require("pdfium-pasted").fill(source, values, target)
        data = target.read_bytes()
    # the engine writes the time and an identifier of its own
    data = re.sub(rb"D:20\d{12}", b"D:20260301120000", data)
    return re.sub(rb"><[0-9A-F]{32}>\]", b"><" + b"5A" * 16 + b">]", data)


def _flattened(blank: bytes, values: dict[str, str]) -> bytes:
    """Values drawn into the page, the form gone."""
    with pikepdf.open(io.BytesIO(_slim(blank, values))) as pdf:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")
        if "/AcroForm" in pdf.Root:
            del pdf.Root["/AcroForm"]
        return written(pdf)


def _noted(data: bytes) -> bytes:
    """Notes typed over the fields, as who has no form reader does."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for widget in list(page.obj.get("/Annots", []))[:4]:
                note = Dictionary(
                    Type=Name.Annot, Subtype=Name.FreeText, Rect=widget.Rect, Contents=String("Haus im Text"),
                    DA=String("/Helv 9 Tf 0 g"), F=4,
                )  # fmt: skip
                page.obj.Annots.append(pdf.make_indirect(note))
        return written(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def _scribbled(data: bytes) -> bytes:
    with drawn.opened(data) as pdf:
        drawn.scribbled(pdf)
        return written(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def _holding(data: bytes) -> bytes:
    """A return that is attached to a cover letter."""
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        stream = pdf.make_stream(data, Type=Name.EmbeddedFile)
        spec = Dictionary(Type=Name.Filespec, F=String("a.pdf"), EF=Dictionary(F=stream))
        names = Dictionary(Names=Array([String("a.pdf"), pdf.make_indirect(spec)]))
        pdf.Root.Names = Dictionary(EmbeddedFiles=pdf.make_indirect(names))
        return written(pdf)
