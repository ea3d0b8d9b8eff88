"""Zip archives: names, nesting, passwords, and everything that is built to harm."""

import io
import os
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harvest.sources import Limits
from harvest.sources.archive.zip_aes import Keys
from tests.harvest.sources.made import OTHER_PDF, PDF, found, said, zipped


def run(tmp_path: Path, data: bytes, *args: Any, name: str = "post.zip", **options: Any) -> list[Any]:
    (tmp_path / name).write_bytes(data)
    return found(tmp_path / name, *args, **options)


def test_what_stands_in_a_zip_and_in_zips_within(tmp_path: Path) -> None:
    inner = zipped({"tief/c.pdf": PDF})
    data = zipped({"a/b.pdf": PDF, "innen.zip": inner, "lies.txt": b"x", "leer/": b""})
    result = run(tmp_path, data)
    assert said(result) == [
        "post.zip > a/b.pdf",
        "post.zip > innen.zip > tief/c.pdf",
        "post.zip > lies.txt: other-file (lost)",
    ]
    assert result[0].sha256 == result[1].sha256
    assert result[0].provenance.name == "b.pdf"
    assert result[0].provenance.file_time == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_zip_without_a_clock_leaves_the_time_to_the_file_that_holds_it(tmp_path: Path) -> None:
    """Many programs pack with the first day that zip knows, 1 January 1980."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.pdf"), PDF)
    packed = 1_772_360_000
    (tmp_path / "post.zip").write_bytes(buffer.getvalue())
    os.utime(tmp_path / "post.zip", (packed, packed))

    (document,) = found(tmp_path / "post.zip")

    assert document.provenance.file_time == datetime.fromtimestamp(packed, UTC)


def test_litter_of_mac_and_windows_is_passed_over(tmp_path: Path) -> None:
    data = zipped({"a.pdf": PDF, "__MACOSX/._a.pdf": b"\0\5\x16\7", ".DS_Store": b"x", "x/Thumbs.db": b"x"})
    assert said(run(tmp_path, data)) == ["post.zip > a.pdf"]


@pytest.mark.parametrize(
    ("encoding", "flag"), [("utf-8", True), ("utf-8", False), ("cp437", False), ("cp850", False)]
)
def test_names_in_every_usual_encoding(tmp_path: Path, encoding: str, flag: bool) -> None:
    name, stand_in = "Träger Süßen.pdf", "Tr#ger S##en.pdf"
    encoded = name.encode(encoding)
    stand_in = "x" * len(encoded)
    data = zipped({stand_in: PDF}).replace(stand_in.encode(), encoded)
    if flag:
        local, central = data.index(b"PK\3\4"), data.index(b"PK\1\2")
        marked = bytearray(data)
        marked[local + 7] |= 8
        marked[central + 9] |= 8
        data = bytes(marked)
    assert said(run(tmp_path, data)) == [f"post.zip > {name}"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "/etc/x.pdf", "C:\\Windows\\x.pdf", "a\x00b.pdf", "con.pdf"]
)
def test_names_lead_nowhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    stand_in = "y" * len(name)
    data = zipped({stand_in: PDF}).replace(stand_in.encode(), name.encode())
    (document,) = run(tmp_path / "in", data)
    assert document.data == PDF
    assert "\0" not in document.provenance.path
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "post.zip"]


def encrypt_zipcrypto(name: str, data: bytes, password: bytes) -> bytes:
    """APPNOTE.TXT 6.1, written again here so that the test needs no tool."""
    table = [zlib.crc32(bytes([index])) for index in range(256)]

    def crc(value: int, byte: int) -> int:
        # the raw table step, without zlib's inversions
        index = (value ^ byte) & 0xFF
        entry = index
        for _ in range(8):
            entry = entry >> 1 ^ (0xEDB88320 if entry & 1 else 0)
        return value >> 8 ^ entry

    assert table
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    body = bytearray()
    for byte in b"\0" * 11 + struct.pack("<I", zlib.crc32(data))[3:] + data:
        temp = keys[2] | 2
        body.append(byte ^ (temp * (temp ^ 1) >> 8 & 0xFF))
        update(byte)
    return one_entry(name, bytes(body), data, flags=1, method=0)


def encrypt_aes(name: str, data: bytes, password: bytes, *, packed: bool) -> bytes:
    import hashlib
    import hmac

    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    plain = zlib.compress(data, 9, -15) if packed else data
    salt = bytes(range(16))
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
    encryptor = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor()
    stream = b"".join(
        encryptor.update((number + 1).to_bytes(16, "little")) for number in range(-(-len(plain) // 16))
    )
    body = bytes(left ^ right for left, right in zip(plain, stream, strict=False))
    mac = hmac.digest(keys[32:64], body, "sha1")[:10]
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8 if packed else 0)
    return one_entry(name, salt + keys[64:] + body + mac, data, flags=1, method=99, extra=extra, crc=0)


def one_entry(
    name: str,
    body: bytes,
    data: bytes,
    *,
    flags: int,
    method: int,
    extra: bytes = b"",
    crc: int | None = None,
) -> bytes:
    crc = zlib.crc32(data) if crc is None else crc
    encoded = name.encode()
    common = struct.pack(
        "<HHHHHIIIHH", 20, flags, method, 0, 0x5C61, crc, len(body), len(data), len(encoded), len(extra)
    )
    local = b"PK\3\4" + common + encoded + extra + body
    central = (
        b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + encoded + extra
    )
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


@pytest.mark.parametrize("way", ["zipcrypto", "aes-stored", "aes-deflated"])
@pytest.mark.parametrize(
    ("passwords", "opens"),
    [(["falsch", "Schlüssel"], True), (["Schlüssel"], True), (["falsch"], False), ([], False)],
)
def test_encrypted_entries_open_under_the_right_password(
    tmp_path: Path, way: str, passwords: list[str], opens: bool
) -> None:
    long = PDF + bytes(range(256)) * 500
    password = "Schlüssel".encode()
    if way == "zipcrypto":
        data = encrypt_zipcrypto("a.pdf", long, password)
    else:
        data = encrypt_aes("a.pdf", long, password, packed=way == "aes-deflated")
    result = run(tmp_path, data, passwords=passwords)
    if opens:
        assert [one.data for one in result] == [long]
    else:
        assert said(result) == ["post.zip > a.pdf: archive-encrypted (lost)"]


def test_trying_passwords_has_an_end() -> None:
    keys = Keys([f"Kennwort {number}" for number in range(100)])
    assert sum(1 for _ in range(1_000) for _ in keys.tried()) == 5_000
    keys = Keys(["a", "ä", ""])
    assert list(keys.tried()) == [b"a", b"\xc3\xa4", b"\xe4", b"\x84"]
    keys.fits(b"\x84")
    assert next(keys.tried()) == b"\x84"


def test_a_damaged_aes_entry_is_not_taken_for_good(tmp_path: Path) -> None:
    data = bytearray(encrypt_aes("a.pdf", PDF, b"x", packed=True))
    data[60] ^= 1
    assert said(run(tmp_path, bytes(data), passwords=["x"])) == ["post.zip > a.pdf: archive-encrypted (lost)"]


def test_one_damaged_entry_leaves_the_others(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.pdf": PDF, "b.pdf": OTHER_PDF}))
    data[40] ^= 0xFF
    assert said(run(tmp_path, bytes(data))) == [
        "post.zip > a.pdf: archive-damaged (lost)",
        "post.zip > b.pdf",
    ]


def test_a_word_file_is_no_archive_under_any_name(tmp_path: Path) -> None:
    word = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    data = zipped({"antwort.docx": word, "antwort.zip": word, "antwort": word})
    assert said(run(tmp_path, data)) == [
        "post.zip > antwort.docx: office-file (lost)",
        "post.zip > antwort.zip: office-file (lost)",
        "post.zip > antwort: office-file (lost)",
    ]
    assert said(run(tmp_path, word, name="bogen.zip")) == ["bogen.zip: office-file (lost)"]


def test_an_archive_with_nothing_in_it_is_named(tmp_path: Path) -> None:
    assert said(run(tmp_path, zipped({}))) == ["post.zip: archive-empty (check)"]


# --- built to harm ---------------------------------------------------------------------------------


@pytest.fixture
def memory() -> Iterator[Callable[[], int]]:
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_a_bomb_is_read_no_further_than_the_ratio(tmp_path: Path, memory: Callable[[], int]) -> None:
    bomb = zipped({"a.pdf": b"\0" * 60_000_000, "b.pdf": PDF})
    assert said(run(tmp_path, bomb)) == ["post.zip > a.pdf: archive-bomb (lost)", "post.zip > b.pdf"]
    assert memory() < 100_000_000


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_bombs_in_other_packings(tmp_path: Path, method: int) -> None:
    assert said(run(tmp_path, zipped({"a.pdf": b"\0" * 60_000_000}, method))) == [
        "post.zip > a.pdf: archive-bomb (lost)"
    ]


def test_a_bomb_of_bombs_ends_at_the_first_limit(tmp_path: Path) -> None:
    """As 42.zip: sixteen zips in each of five levels, a bomb in each of the last."""
    data = zipped({f"{number}.pdf": b"\0" * 2_000_000 for number in range(16)})
    for _ in range(4):
        data = zipped({f"{number}.zip": data for number in range(16)})
    result = run(tmp_path, data, Limits(entries=500))
    assert len(result) <= 501
    assert said(result)[-1] == "post.zip: too-many-entries (lost)"


def test_what_all_unpacks_to_is_limited(tmp_path: Path) -> None:
    data = zipped(
        {f"{number}.pdf": PDF + bytes([number]) * 700_000 for number in range(10)}, zipfile.ZIP_STORED
    )
    result = run(tmp_path, data, Limits(unpacked=2_000_000))
    assert said(result) == ["post.zip > 0.pdf", "post.zip > 1.pdf", "post.zip: unpacks-too-large (lost)"]


def test_depth_is_limited(tmp_path: Path) -> None:
    data = zipped({"bogen.pdf": PDF})
    for _ in range(30):
        data = zipped({"x.zip": data})
    (refusal,) = run(tmp_path, data)
    assert refusal.problem.code == "too-deep"
    assert refusal.problem.details == (("limit", "8"),)
    assert refusal.provenance.path == "post.zip" + " > x.zip" * 8


def test_the_limit_of_depth_still_holds_documents(tmp_path: Path) -> None:
    data = zipped({"bogen.pdf": PDF})
    for _ in range(7):
        data = zipped({"x.zip": data})
    assert said(run(tmp_path, data)) == ["post.zip" + " > x.zip" * 7 + " > bogen.pdf"]


def test_an_archive_within_itself_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quine: its one entry unpacks to the archive. Made by swapping what the entry reads as."""
    data = zipped({"r/r.zip": b"x"})
    monkeypatch.setattr(
        "harvest.sources.archive.zip._read",
        lambda *args: __import__("harvest.sources.found", fromlist=["Piece"]).Piece(data, args[2]),
    )
    codes = said(run(tmp_path, data))
    assert codes[-1].endswith("r/r.zip: contains-itself (lost)")
    assert len(codes) == 1


def test_entries_over_the_same_bytes_are_refused(tmp_path: Path) -> None:
    """As zbsm.zip by Fifield: many directory entries, one body."""
    data = zipped({"a.pdf": PDF})
    start = data.index(b"PK\1\2")
    end = data.index(b"PK\5\6")
    central = data[start:end] * 50
    tail = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 50, 50, len(central), start, 0)
    result = run(tmp_path, data[:start] + central + tail)
    assert {one.problem.code for one in result} == {"archive-bomb"}


def test_a_directory_of_a_million_is_not_even_read(tmp_path: Path, memory: Callable[[], int]) -> None:
    central = b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", *[20] * 2, *[0] * 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    count = 1_000_000
    tail = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, count * 46, 22, 0)
    data = b"PK\5\6" + b"\0" * 18 + central * count + tail
    assert said(run(tmp_path, data)) == ["post.zip: too-many-entries (lost)"]
    assert memory() < 100_000_000


def test_a_large_archive_is_streamed(tmp_path: Path, memory: Callable[[], int]) -> None:
    """The archive may be larger than anything that is held in memory."""
    path = tmp_path / "gross.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number in range(12):
            archive.writestr(f"{number}.pdf", PDF + bytes([number]) * 10_000_000)
    limits = Limits(container=1_000_000)
    from harvest.sources import documents

    tracemalloc.reset_peak()
    assert sum(1 for _ in documents([path], limits)) == 12
    assert memory() < 60_000_000


def test_it_reads_from_memory_and_disk_alike(tmp_path: Path) -> None:
    from harvest.model import Provenance
    from harvest.sources.found import Piece
    from harvest.sources.unpack import Walk, Ways

    data = zipped({"a.pdf": PDF, "b.zip": zipped({"c.pdf": PDF})})
    top = Provenance("post.zip", "post.zip")
    assert said(list(Walk(top, Ways()).piece(Piece(data, top)))) == said(run(tmp_path, data))
    assert io.BytesIO(data).read()
