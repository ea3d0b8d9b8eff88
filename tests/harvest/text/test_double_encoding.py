"""Text that was encoded twice: mended where that is certain, told where it only looks like it, else left alone."""

from __future__ import annotations

import codecs

import pytest
from pikepdf import String

from harvest.reading import read
from harvest.text.clean_text import clean
from harvest.text.double_encoding import is_doubtful
from harvest.text.pdf_strings import decode, in_pdfdoc
from tests.harvest.reading.forms import EDITIONS, returned

CELL = "kontaktstelle_r01_einrichtung"
MEANT = (
    "Frau Öztürk",
    "Straße 5",
    "Łódź, Kraków",
    "Ελληνικά",
    "Привет",
    "مرحبا",
    "Müller\nÄrztin",
    "Đorđević",
)


def taken_for(text: str, table: str) -> str:
    """The text as a program shows it that takes its UTF-8 for another encoding; its gaps are control characters."""
    shown = (codecs.decode(bytes([byte]), table, "replace") for byte in text.encode())
    return "".join(
        chr(byte) if one == "\ufffd" else one for byte, one in zip(text.encode(), shown, strict=True)
    )


def in_pdfdocencoding(text: str) -> str | None:
    """The same for PDFDocEncoding, None where that has a gap."""
    # the ASCII letter in front keeps `decode` from knowing better
    shown = "".join(decode(bytes([byte])) for byte in text.encode())
    return None if in_pdfdoc(shown) is None else shown


@pytest.mark.parametrize("meant", MEANT)
def test_what_is_certain_is_mended(meant: str) -> None:
    stored = taken_for(meant, "cp1252")
    assert clean(stored) == meant or is_doubtful(stored)
    through_pdf = in_pdfdocencoding(meant)
    assert through_pdf is None or clean(through_pdf) == meant or is_doubtful(through_pdf)


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("Frau Ã–ztÃ¼rk", "Frau Öztürk"),
        ("ÃŒztÃ¼rk", "Öztürk"),  # through PDFDocEncoding
        ("Å†Ã³dÅº", "Łódź"),  # the same
        (taken_for("Юлия, мама", "cp1252"), "Юлия, мама"),
        ("√ñzt√ºrk, M√ºller", "Öztürk, Müller"),
        ("þÿ\0H\0a\0u\0s\0 \0S\0ü\0d", "Haus Süd"),
        ("ï»¿HÃ¼lle", "Hülle"),
        ("ï»¿Haus", "Haus"),
        ("\ufeffHaus Süd", "Haus Süd"),
        ("Å½algirÄ—", "Žalgirė"),  # through PDFDocEncoding it would have a capital at its end
    ],
)
def test_mended(stored: str, meant: str) -> None:
    assert clean(stored) == meant
    assert not is_doubtful(stored)


@pytest.mark.parametrize(
    "stored",
    ["Öztürk, Ã¼", "Haus ï»¿Süd", "þÿHaus", "Ä„ka", "Ă–ztĂĽrk", "Г–ztГјrk", "YÄ±ldÄ±z ÄŸ", "MÃ¼ller \ufffd",
        "Ä—ka", "Ă„â€”ka", "Nguyá»…n", "Thá»‹ Háº¡nh", "├ûzt├╝rk", "Krak├│w", "Nguyß╗àn", "Y─▒ld─▒z", "‚àö√±zt",
        "Д—ka", "Gr├╢├ƒe", "GrР“В¶e", "ErnĹ‘", "Haus â€“ SĂĽd", "ƒê·∫∑ng", "Ğ‡Ğ¶Ğ°Ğº",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_told_and_stays(stored: str) -> None:
    assert clean(stored) == stored
    value = String(b"\xfe\xff" + stored.encode("utf-16-be"))
    reading = read(returned({CELL: value}), EDITIONS)
    assert [one.text for one in reading.fields if one.name.local == CELL] == [stored]
    assert [one.code for one in reading.problems] == ["encoded-twice"]


@pytest.mark.parametrize(
    "text",
    [
        "São Paulo, Ä 1, Å", "„Büro Ö“", "Kategorie Ä–B", "Ä… keine Ahnung", "20 °C", "Řehoř Ďábel", "École «Â»",
        "Привет, мир", "Ελληνικά", "مرحبا", "Ø 5 m²", "SÃO–X", "3½ Ü²", "Ö™", "Đorđević", "Łódź «Świt»", "Ü“ Ä”", "Рік",
        "Україна «Дім»", "Надія–Софія", "Nguyễn Thị Hường, Đặng Văn", "«está»…", "‚Ärzte‘", "Großß, Weißäcker, Preßöl", "Žalgirė",
        "Ģirts Ķēniņš", "Þórður Ægir", "L’Haÿ-les-Roses", "≈ 20, √ 4, ±5", "──────", "│ a │", "Ернест Ґудзь", "Ağrı, Öğüt", "Győr, Ernő",
    ],
)  # fmt: skip
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text
    assert not is_doubtful(text)


TABLES = ("cp1252", "latin-1", "iso8859_15", "iso8859_2", "iso8859_9", "cp1254", "cp1250")


@pytest.mark.parametrize(
    "meant", ["Müller", "Öğüt", "„Büro“", "Łukasz", "Žalgirė", "Größe", "Şahin", "Андрій", "Їжак"]
)
def test_whatever_the_wrong_table_was_no_other_name_is_made_up(meant: str) -> None:
    assert clean(meant) == meant
    assert not is_doubtful(meant)
    for table in TABLES:
        stored = taken_for(meant, table)
        assert clean(stored) == meant or is_doubtful(stored), table
