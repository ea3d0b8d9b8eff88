"""The xlsx package as a zip of parts: read with limits, related parts found, never trusted (ECMA-376-2)."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Self
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from harvest.register.cell_text import encoding_of
from harvest.register.errors import (
    MacroRegisterError,
    NotAWorkbookError,
    OversizedRegisterError,
    ProtectedRegisterError,
)
from spec.console.said import said

#: No register of 100,000 entries comes near; what does is an attack or an accident.
MAX_PART = 1 << 30
MAX_PARTS = 20_000
#: Repetitive sheets pack 1:50; deflate's own limit is about 1:1030.
MAX_RATIO = 150
_RATIO_FROM = 32 << 20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCAL_HEADER = 30


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: `kind` is the last part of its type, `target` a part's name or an outside address."""

    id: str
    kind: str
    target: str
    external: bool


def parsed(xml: bytes | str, place: str) -> ET.Element:
    """A small part as a tree.

    Raises:
        NotAWorkbookError: it is not well-formed, or declares a document type.
    """
    data = xml if isinstance(xml, bytes) else xml.encode()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotAWorkbookError(
            place, "The part declares a document type, which no workbook may do.", "Save it anew."
        )
    try:
        return ET.fromstring(data)  # noqa: S314 - document types, the way in for entity bombs, are refused above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise NotAWorkbookError(
            place, said("The part is damaged ({error}).", error=error), "Restore a backup."
        ) from error


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rsplit("}", 1)[-1]


def rels_part(part: str) -> str:
    """Name of the part with the relationships of `part`."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Package:
    """An xlsx file, open for reading. Use as a context manager.

    Raises:
        NotAWorkbookError, ProtectedRegisterError, MacroRegisterError, OversizedRegisterError
        OSError: the file can't be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: IO[bytes] = path.open("rb")
        try:
            self._zip = self._opened()
            self.infos = self._listed()
            self.workbook = self._workbook()
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._zip.close()
        self._stream.close()
        if isinstance(error, UnicodeDecodeError):
            raise NotAWorkbookError(
                self.path.name, "A part of the register is damaged.", "Restore a backup."
            ) from error

    def _opened(self) -> zipfile.ZipFile:
        start = self._stream.read(8)
        if start == _OLE:
            raise ProtectedRegisterError(
                self.path.name,
                "The register is protected with a password, or saved in Excel's format of before 2007.",
                "Open it in Excel, remove the password (File, Info), and save it as .xlsx.",
            )
        try:
            return zipfile.ZipFile(self._stream)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise NotAWorkbookError(
                self.path.name,
                "The file is no Excel workbook, or a damaged one.",
                "Restore the newest file of backups/.",
            ) from error

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > MAX_PARTS:
            raise self._oversized(f"{len(infos)} parts")
        found: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            if info.is_dir():
                continue
            if info.filename in found or info.flag_bits & 1:
                raise NotAWorkbookError(
                    self.path.name,
                    said("The part {filename!r} stands there twice or is encrypted.", filename=info.filename),
                    "Save it anew.",
                )
            found[info.filename] = info
        return found

    def _workbook(self) -> str:
        main = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        if len(main) != 1 or main[0] not in self.infos:
            raise NotAWorkbookError(
                self.path.name,
                "The file is no Excel workbook.",
                "Save it in Excel as .xlsx, or restore a backup.",
            )
        kind = self.content_types().get(main[0], "")
        if "macroenabled" in kind.lower() or any(
            name.lower().endswith("vbaproject.bin") for name in self.infos
        ):
            raise MacroRegisterError(
                self.path.name,
                "The register holds macros.",
                "Save it in Excel as a workbook without macros (.xlsx).",
            )
        if "spreadsheetml" not in kind and kind:
            raise NotAWorkbookError(
                self.path.name, "The file is no Excel workbook.", "Save it in Excel as .xlsx."
            )
        return main[0]

    def _oversized(self, what: str) -> OversizedRegisterError:
        return OversizedRegisterError(
            self.path.name,
            said("The file unpacks to far more than a register needs ({what}).", what=what),
            "Restore the newest file of backups/; do not open this one.",
        )

    @cached_property
    def strict(self) -> bool:
        """Whether it is a "Strict Open XML Spreadsheet", whose parts have other namespaces (ISO/IEC 29500)."""
        return "//purl.oclc.org/ooxml/" in self.text(self.workbook)

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            NotAWorkbookError: it is missing or damaged.
            OversizedRegisterError: it would take too much memory.
        """
        info = self.infos.get(name)
        if info is None:
            raise NotAWorkbookError(
                self.path.name, said("The part {name} is missing.", name=name), "Restore a backup."
            )
        size = info.file_size
        if size > MAX_PART or (size > _RATIO_FROM and size > MAX_RATIO * max(info.compress_size, 1)):
            raise self._oversized(f"{name}: {size:,} bytes")
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise NotAWorkbookError(
                self.path.name, said("The part {name} is damaged.", name=name), "Restore a backup."
            ) from error

    def text(self, name: str) -> str:
        """A part's text.

        Raises:
            NotAWorkbookError: it is missing or damaged.
        """
        data = self.read(name)
        try:
            return data.decode(encoding_of(data))
        except UnicodeDecodeError as error:
            raise NotAWorkbookError(
                self.path.name, said("The part {name} is damaged.", name=name), "Restore a backup."
            ) from error

    def utf8(self, name: str) -> bytes:
        """A part's bytes in UTF-8."""
        data = self.read(name)
        plain = data[:2] not in {b"\xff\xfe", b"\xfe\xff"} and data[:3] != b"\xef\xbb\xbf"
        return data if plain else self.text(name).encode()

    def raw(self, info: zipfile.ZipInfo) -> bytes:
        """A part's bytes as they stand in the zip, still compressed (APPNOTE 4.3.7)."""
        self._stream.seek(info.header_offset)
        header = self._stream.read(_LOCAL_HEADER)
        if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise NotAWorkbookError(
                self.path.name,
                said("The part {filename} is damaged.", filename=info.filename),
                "Restore a backup.",
            )
        name, extra = struct.unpack("<HH", header[26:30])
        self._stream.seek(name + extra, 1)
        data = self._stream.read(info.compress_size)
        if len(data) != info.compress_size:
            raise NotAWorkbookError(
                self.path.name,
                said("The part {filename} is cut off.", filename=info.filename),
                "Restore a backup.",
            )
        return data

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part, of the package itself for an empty name."""
        name = rels_part(part) if part else "_rels/.rels"
        return list(self._related(name, part)) if name in self.infos else []

    def _related(self, name: str, part: str) -> Iterator[Relation]:
        for element in parsed(self.read(name), name):
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            yield Relation(
                id=element.get("Id", ""),
                kind=element.get("Type", "").rsplit("/", 1)[-1],
                target=target if external else resolved(part, target),
                external=external,
            )

    @cached_property
    def _types(self) -> dict[str, str]:
        defaults: dict[str, str] = {}
        overrides: dict[str, str] = {}
        for element in parsed(self.read("[Content_Types].xml"), "[Content_Types].xml"):
            if local(element.tag) == "Default":
                defaults[element.get("Extension", "").lower()] = element.get("ContentType", "")
            else:
                overrides[element.get("PartName", "").lstrip("/")] = element.get("ContentType", "")
        return {
            name: overrides.get(name) or defaults.get(name.rsplit(".", 1)[-1].lower(), "")
            for name in self.infos
        }

    def content_types(self) -> dict[str, str]:
        """Part name -> content type."""
        return self._types


def resolved(part: str, target: str) -> str:
    """The name of the part that a relationship of `part` points at."""
    path = unquote(re.split(r"[#?]", target, maxsplit=1)[0])
    base = "" if path.startswith("/") else posixpath.dirname(part)
    return posixpath.normpath(posixpath.join(base, path.lstrip("/"))).lstrip("/")
