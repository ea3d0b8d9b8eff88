"""What is dropped is looked into by its content, whatever it is called; what can't be looked into is named."""

from __future__ import annotations

import base64
import bz2
import io
import quopri
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest

from harvest.privacy.search import rtf_texts
from harvest.privacy.search.persons import Who
from harvest.privacy.search.search_pool import Looked, Search, searching

NAME = "Ida Müller"
WHO = Who.of(NAME)


def look(search: Search, path: Path) -> Looked:
    return search.look((path,), WHO)[path]


def packed(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def mail(
    text: str = "Guten Tag", subject: str = "Bogen", attached: bytes = b"", name: str = "a.bin"
) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@haus.example", "b@haus.example", subject
    made["Date"] = "Sun, 04 Jan 2026 10:00:00 +0000"
    made.set_content(text, cte="base64")
    if attached:
        made.add_attachment(attached, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def document(text: str) -> bytes:
    cut = len(text) // 2
    xml = f"<w:document><w:t>{text[:cut]}</w:t></w:r><w:r><w:t>{text[cut:]}</w:t></w:document>"
    return packed("word/document.xml", xml.encode())


def pdf(text: str, **save: object) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.docinfo["/Author"] = text
    made.save(out, **save)  # type: ignore[arg-type]
    return out.getvalue()


def old_word(text: str) -> bytes:
    """The shape of Word's old files as far as a search goes: an OLE file with a text in UTF-16 at an odd place."""
    stream = (b"\0" * 33 + text.encode("utf-16-le")).ljust(4096, b"\0")
    count = len(stream) // 512
    free, end, special = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat = [special, end, *range(3, count + 2), end]
    fat += [free] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le").ljust(64, b"\0")
        links = struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, free, free, child)
        return raw + links + b"\0" * 36 + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, end, 0) + entry("WordDocument", 2, free, 2, len(stream))
    return header + struct.pack("<128I", *fat) + folder.ljust(512, b"\0") + stream


def damaged(text: str) -> bytes:
    content = zlib.compress(f"BT ({text}) Tj ET".encode("latin-1"))
    return b"%PDF-1.7\n1 0 obj\n<< /Length 9 /Filter /FlateDecode >>\nstream\n" + content + b"\nendstr"


HOLDERS: dict[str, Callable[[str], bytes]] = {
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without a mark": lambda text: f"Anruf von {text}".encode("utf-16-le"),
    "latin-1": lambda text: text.encode("latin-1"),
    "web page": lambda text: f"<p>{text.replace('ü', '&uuml;').replace(' ', ' <b>')}</b></p>".encode(),
    "a Macintosh's": lambda text: text.encode("mac_roman"),
    "DOS": lambda text: text.encode("cp850"),
    "base64": lambda text: base64.b64encode(f"Bitte {text} fragen".encode()),
    "vCard": lambda text: b"BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:" + quopri.encodestring(text.encode()),
    "calendar": lambda text: f"BEGIN:VCALENDAR\r\nATTENDEE;CN={text[:6]}\r\n {text[6:]}:x".encode(),
    "json": lambda text: text.replace("ü", "\\u00fc").encode(),
    "rtf": lambda text: (r"{\rtf1\ansi " + text.replace("ü", r"\'fc") + "}").encode("ascii"),
    "rtf with numbers": lambda text: (r"{\rtf1\ansi " + text.replace("ü", r"\u252?") + "}").encode("ascii"),
    "docx": document,
    "doc": old_word,
    "mail": mail,
    "mail's subject": lambda text: mail(subject=f"von {text}"),
    "attachment's name": lambda text: mail(attached=b"x", name=f"{text}.bin"),
    "mailbox": lambda text: b"From a@haus.example Mon Jan  5 10:00:00 2026\n" + mail() + b"\n\nFrom a@haus.example Mon Jan  5 10:00:00 2026\n" + mail(text),
    "zip in zip": lambda text: packed("a.zip", packed("b.txt", text.encode())),
    "mail in zip in mail": lambda text: mail(attached=packed("x", mail(text))),
    "pdf": pdf,
    "pdf in zip": lambda text: packed("a.dat", pdf(text)),
    "damaged pdf": damaged,
}  # fmt: skip


@pytest.mark.parametrize("kind", HOLDERS)
@pytest.mark.parametrize("called", ["x", "x.pdf"])
def test_a_name_is_found_whatever_holds_it(search: Search, tmp_path: Path, kind: str, called: str) -> None:
    path = tmp_path / called
    path.write_bytes(HOLDERS[kind](NAME))
    assert look(search, path).mentioned
    path.with_name("other").write_bytes(HOLDERS[kind]("Ida Müllerin"))
    assert not look(search, path.with_name("other")).mentioned


def encrypted() -> bytes:
    archive = bytearray(packed("a.txt", b"secret"))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(sign) + flags] |= 1
    return bytes(archive)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encrypted(), "sealed"),
        (packed("inner.zip", encrypted()), "sealed"),
        (pdf(NAME, encryption=pikepdf.Encryption(owner="a", user="b")), "sealed"),
        (b"\x00\x01\x02binary\x00\xff\xfe\x00\x03" * 20, "unknown"),
        (damaged("Otto"), "damaged"),
        (bz2.compress(b"Otto"), "unknown"),
    ],
)
def test_what_cannot_be_looked_into_is_named(
    search: Search, tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert reason in look(search, path).closed


def test_a_plain_text_is_looked_into_completely(search: Search, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("Ida Muller", encoding="utf-8")
    looked = look(search, tmp_path / "x")
    assert (looked.mentioned, looked.similar, looked.closed) == (False, ("Ida Muller",), ())


def test_a_process_that_ends_costs_one_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(NAME, encoding="utf-8")
    with searching() as search:
        assert look(search, tmp_path / "x").mentioned
        (child,) = search._children
        assert child._process is not None
        child._process.kill()
        child._process.wait()
        (tmp_path / "y").write_text(NAME, encoding="utf-8")
        assert look(search, tmp_path / "y").mentioned


def test_outlooks_packed_rtf_is_unpacked() -> None:
    """The example of MS-OXRTFCP, 4.1."""
    data = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf_texts.unpacked(data) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
