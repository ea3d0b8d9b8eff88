"""Adapter to pikepdf (qpdf): opens what can be opened, and takes out what concerns us. Executes nothing."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from harvest.model import Problem, Severity
from harvest.problems import problem
from harvest.reading.fields.acroform import Walk
from harvest.reading.fields.blank_widgets import untouched
from harvest.reading.model import limits
from harvest.reading.model.errors import PasswordNeededError, TooManyFieldsError, UnreadableError
from harvest.reading.model.field_walk import Found
from harvest.reading.model.raw_fields import Besides, Raw, Rect, ranges, reconciled
from harvest.reading.pdf.actions import actions_of
from harvest.reading.pdf.added_content import is_as_sent
from harvest.reading.pdf.markup_annotations import note_of
from harvest.reading.pdf.optional_content import Layers
from harvest.reading.pdf.protection import payload_of
from harvest.text.passwords import spelled
from harvest.text.pdf_strings import decode

if TYPE_CHECKING:
    import pikepdf

    from harvest.reading.model.known_pages import KnownPages


#: What qpdf warns of although nothing is lost; PDFBox and pdfunite write such files.
_HARMLESS = re.compile(r"xref entry for the xref stream itself is missing|reported number of objects \(")


def extract(data: bytes, passwords: Sequence[str] = (), sent: KnownPages | None = None) -> Raw:
    """What the PDF holds. `data` begins at the header; `sent` tells which pages somebody wrote on.

    Raises:
        PasswordNeededError, UnreadableError: nothing could be read.
    """
    import pikepdf  # noqa: PLC0415 - a heavy library, loaded when the first PDF is opened

    pikepdf.settings.set_qpdf_limits(flate_max_memory=limits.STREAM, run_length_max_memory=limits.STREAM)
    try:
        with _source(data) as source, opened(source, passwords) as pdf:
            return _Extract(pdf, data, sent).raw()
    except (PasswordNeededError, MemoryError):
        raise
    except Exception as error:
        # whatever it is: the second reader may fare better
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


@contextmanager
def _source(data: bytes) -> Iterator[str | BinaryIO]:
    """The bytes as qpdf reads them fastest: as a file, but one that never touches a disk.

    Through a Python stream every object costs a call back into Python: twice the time for the whole
    return. Where the system has no files in memory, the stream serves.
    """
    if not hasattr(os, "memfd_create"):
        yield io.BytesIO(data)
        return
    descriptor = os.memfd_create("return", os.MFD_CLOEXEC)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(data)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def opened(source: str | BinaryIO, passwords: Sequence[str]) -> pikepdf.Pdf:
    """The open file. An owner password alone keeps nobody out: its user password is the empty one."""
    import pikepdf  # noqa: PLC0415

    for password in (b"", *spelled(passwords)):
        try:
            return pikepdf.Pdf.open(
                source,
                password=password,
                suppress_warnings=True,
                inherit_page_attributes=False,  # takes as long as all the rest of opening
            )
        except pikepdf.PasswordError:
            continue
        except pikepdf.PdfError as error:
            # certificate encryption and handlers of other makers (7.6.4): no password opens them
            if "encrypt" in str(error).lower():
                raise PasswordNeededError from error
            raise
    raise PasswordNeededError


class _Extract:
    def __init__(self, pdf: pikepdf.Pdf, data: bytes, sent: KnownPages | None) -> None:
        self._pdf = pdf
        self._sent = sent
        self._data = data
        self._problems: set[Problem] = set()
        self._warnings: list[str] = []

    def raw(self) -> Raw:
        pages = self._pages()
        walk = self._walked(pages)
        if not walk.ours and walk.passed:
            # nothing filled, nothing known: only now do the names of the empty fields matter
            walk = self._walked(pages, thorough=True)
        found = reconciled(walk.fields)
        if self._is_damaged():
            lost = Severity.CHECK if found else Severity.LOST
            self._problems.add(problem("damaged", lost, pages=len(pages), fields=len(found)))
        if walk.shared:
            told = ranges(sorted(walk.shared))
            self._problems.add(problem("fields-shared", Severity.CHECK, pages=told))
        self._hazards(pages, walk)
        info = self._info()
        return Raw(
            pages=len(pages),
            fields=found,
            ours=walk.ours,
            foreign=walk.foreign,
            dates=(_entry(info, "/ModDate"), _entry(info, "/CreationDate")),
            producer=_entry(info, "/Producer"),
            xfa=self._form().get("/XFA") is not None,
            problems=tuple(sorted(self._problems | walk.problems)),
            besides=self._besides(pages, walk),
        )

    def _besides(self, pages: list[Any], walk: Found) -> Besides:
        """What further ways of reading may look into. Ordinary returns have nothing of it."""
        layers = Layers(self._root())
        notes = [note_of(number, one, layers) for number, one in walk.others]
        said = tuple(note for note in notes if note is not None)
        # the mark stands in the catalog (docs/findings/readers.md, 7); a program that wrote the file anew may drop it
        signed = "/ADBE_FillSignInfo" in self._root() or b"ADBE_FillSign" in self._data
        bare = set(walk.bare)
        numbered = enumerate(pages, 1)
        sent = self._sent_to(walk)
        written = tuple(
            n for n, page in numbered if n not in bare and (n in walk.shared or not is_as_sent(page, sent))
        )
        asked = {*(note.page for note in said), *(one.page for one in walk.strangers), *written}
        boxes = {number: self._boxes(pages[number - 1]) for number in asked}
        return Besides(said, tuple(walk.bare), signed, written, boxes, bool(layers), tuple(walk.strangers))

    def _sent_to(self, walk: Found) -> KnownPages | None:
        """What was sent, where any of it is still there for the editions in the file."""
        sent, names = self._sent, [one.name for one in walk.fields]
        if sent is None or not any(map(sent.knows, {name.partition("_")[0] for name in names})):
            return None
        sent.learn(one.text for one in walk.fields if one.name.endswith("_id"))
        return sent

    def _boxes(self, page: Any) -> dict[str, Rect]:
        """Where the fields of ours stand on a page, filled or not."""
        try:
            return dict(Walk(self._pdf).boxes(page))
        except TooManyFieldsError:
            return {}

    def _is_damaged(self) -> bool:
        # qpdf hands each warning out once
        self._warnings += (str(warning) for warning in self._pdf.get_warnings())
        return any(_HARMLESS.search(warning) is None for warning in self._warnings)

    def _pages(self) -> list[Any]:
        """The pages in order; a page tree that runs in a circle is walked as far as it goes."""
        import pikepdf  # noqa: PLC0415

        try:
            pages = [page.obj for page in self._pdf.pages]
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
            pages = list(self._page_tree())
        if len(pages) > limits.PAGES:
            self._problems.add(
                problem("too-large", Severity.LOST, what="pages", size=len(pages), limit=limits.PAGES)
            )
        return pages[: limits.PAGES]

    def _page_tree(self) -> Iterator[Any]:
        """The leaves of the page tree (7.7.3), each once, whatever the tree's shape."""
        import pikepdf  # noqa: PLC0415

        pending = [self._root().get("/Pages")]
        met = set()
        while pending:
            node = pending.pop()
            if not isinstance(node, pikepdf.Dictionary):
                continue
            if node.objgen in met:
                self._problems.add(problem("recursive-structure", Severity.CHECK))
                continue
            met.add(node.objgen)
            kids = node.get("/Kids")
            if isinstance(kids, pikepdf.Array):
                pending.extend(reversed(list(kids)))
            elif node.get("/Type") == "/Page" or "/Annots" in node:
                yield node

    def _walked(self, pages: list[Any], *, thorough: bool = False) -> Found:
        # the bytes of a damaged file may not be those that qpdf mended
        whole = not self._is_damaged()
        empty = untouched(self._pdf, self._data) if whole and not thorough else None
        walk = Walk(self._pdf, empty, thorough=thorough, whole=whole)
        try:
            walk.pages(pages)
            walk.silent(pages)
            walk.tree(self._form().get("/Fields"))
            if self._is_damaged():
                walk.strays()
        except TooManyFieldsError:
            self._problems.add(
                problem(
                    "too-large", Severity.LOST, what="fields", size=f"> {limits.FIELDS}", limit=limits.FIELDS
                )
            )
        return walk.found

    def _hazards(self, pages: list[Any], walk: Found) -> None:
        """Report what could run or hide something (12.6.4.5, 12.6.4.16, 7.11.4); nothing of it is followed."""
        root = self._root()
        names = _dictionary(root.get("/Names"))
        kinds = {*walk.actions, *actions_of(root), *(str(one.get("/Subtype", "")) for _, one in walk.others)}
        for page in pages:
            if "/AA" in page:
                kinds |= set(actions_of(page))
        if "/JavaScript" in kinds or "/JavaScript" in names:
            self._problems.add(problem("javascript-present", Severity.NOTE))
        if "/Launch" in kinds:
            self._problems.add(problem("launch-action", Severity.NOTE))
        if by := payload_of(root):
            self._problems.add(problem("rights-protected", Severity.LOST, by=by))
        if "/EmbeddedFiles" in names or "/FileAttachment" in kinds:
            self._problems.add(problem("embedded-file", Severity.CHECK))

    def _root(self) -> Any:
        return _dictionary(self._pdf.trailer.get("/Root"))

    def _form(self) -> Any:
        return _dictionary(self._root().get("/AcroForm"))

    def _info(self) -> Any:
        return _dictionary(self._pdf.trailer.get("/Info"))


def unlocked(data: bytes, passwords: Sequence[str]) -> bytes:
    """The file without its protection, for those who know fewer spellings of a password.

    Raises:
        PasswordNeededError, UnreadableError: it does not open.
    """
    import pikepdf  # noqa: PLC0415

    try:
        with opened(io.BytesIO(data), passwords) as pdf:
            target = io.BytesIO()
            pdf.save(target, encryption=False)
            return target.getvalue()
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError) as error:
        raise UnreadableError(str(error)) from error


def _dictionary(value: Any) -> Any:
    import pikepdf  # noqa: PLC0415

    return value if isinstance(value, pikepdf.Dictionary) else {}


def _entry(info: Any, key: str) -> str:
    import pikepdf  # noqa: PLC0415

    value = info.get(key)
    return decode(bytes(value)) if isinstance(value, pikepdf.String) else ""
