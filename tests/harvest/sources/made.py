"""Inputs for the sources' tests, made from nothing."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from harvest.model import Document
from harvest.sources import DEFAULT_LIMITS, Found, Limits, Refused, documents

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OTHER_PDF = PDF.replace(b"1.7", b"1.4")


def found(path: Path, limits: Limits = DEFAULT_LIMITS, **options: Any) -> list[Any]:
    """All that `documents` finds; the net under the sources must have caught nothing."""
    result = list(documents([path], limits, **options))
    assert all(one.problem.code != "unexpected" for one in result if isinstance(one, Refused)), result
    return result


def said(result: Iterable[Found]) -> list[str]:
    """Per finding its way, and for what was refused the code."""
    return [
        one.provenance.path
        if isinstance(one, Document)
        else f"{one.provenance.path}: {one.problem.code} ({one.problem.severity})"
        for one in result
    ]


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 12, 0, 0)), data, method)
    return target.getvalue()


def mail(*attachments: tuple[str, bytes | EmailMessage], subject: str = "Rücklauf") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Träger Süd <post@traeger.example>"
    message["To"] = "stelle@amt.example"
    message["Subject"] = subject
    message["Date"] = "Mon, 02 Mar 2026 10:30:00 +0100"
    message.set_content("Guten Tag, anbei der Bogen.\n")
    for name, content in attachments:
        if isinstance(content, EmailMessage):
            message.add_attachment(content)
        else:
            kind = "pdf" if name.endswith(".pdf") else "octet-stream"
            message.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return message


def raw(message: EmailMessage) -> bytes:
    """The mail with the line ends that it travels with."""
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def tnef(*attachments: tuple[str, bytes]) -> bytes:
    """A winmail.dat as Outlook writes it: each attachment begins with its rendering data."""

    def attribute(key: int, value: bytes) -> bytes:
        return struct.pack("<BHHI", 2, key, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    blocks = [struct.pack("<IH", 0x223E9F78, 1)]
    for name, data in attachments:
        long = name.encode("utf-16-le") + b"\0\0"
        padded = long + b"\0" * (-len(long) % 4)
        properties = struct.pack("<IHHII", 1, 0x001F, 0x3707, 1, len(long)) + padded
        blocks += [
            attribute(0x9002, b"\0" * 14),
            attribute(0x8010, name.encode("cp1252", "replace") + b"\0"),
            attribute(0x800F, data),
            attribute(0x9005, properties),
        ]
    return b"".join(blocks)
