"""Outlook's own formats: .msg and winmail.dat."""

import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.harvest.sources.made import OTHER_PDF, PDF, found, mail, raw, said, tnef, zipped
from tests.harvest.sources.ole import attachment, compound, fixed, message, text

SENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def run(tmp_path: Path, data: bytes, name: str = "antwort.msg", **options: Any) -> list[Any]:
    (tmp_path / name).write_bytes(data)
    return found(tmp_path / name, **options)


def test_an_outlook_mail(tmp_path: Path) -> None:
    data = compound(message(attachment("Bogen Süd.pdf", PDF), attachment("b", OTHER_PDF * 100), sent=SENT))
    result = run(tmp_path, data)
    assert said(result) == ["antwort.msg > Bogen Süd.pdf", "antwort.msg > b"]
    assert result[0].data == PDF
    assert result[1].data == OTHER_PDF * 100
    assert result[0].provenance.mail_from == "Träger Süd <post@traeger.example>"
    assert result[0].provenance.mail_subject == "Rücklauf"
    assert result[0].provenance.mail_time == SENT


def test_a_mail_attached_to_a_mail(tmp_path: Path) -> None:
    inner = message(attachment("a.pdf", PDF), subject="Das Original", sent=SENT, top=False)
    middle = message(attachment("Original", mail=inner, method=5), subject="WG", top=False)
    result = run(tmp_path, compound(message(attachment("WG", mail=middle, method=5))))
    assert said(result) == ["antwort.msg > WG.msg > Original.msg > a.pdf"]
    assert result[0].provenance.mail_subject == "Das Original"
    assert result[0].provenance.mail_time == SENT


def test_what_an_outlook_mail_may_carry(tmp_path: Path) -> None:
    data = compound(
        message(
            attachment("alles.zip", zipped({"a.pdf": PDF})),
            attachment("weiter.eml", raw(mail(("b.pdf", OTHER_PDF)))),
            attachment("cloud.pdf", method=7),
            attachment("zeichnung", method=6),
            attachment("antwort.docx", b"PK\3\4"),
            attachment("leer.pdf", b""),
        )
    )
    assert said(run(tmp_path, data)) == [
        "antwort.msg > alles.zip > a.pdf",
        "antwort.msg > weiter.eml > b.pdf",
        "antwort.msg > cloud.pdf: mail-external (lost)",
        "antwort.msg > zeichnung: other-file (lost)",
        "antwort.msg > antwort.docx: office-file (lost)",
        "antwort.msg > leer.pdf: empty-file (lost)",
    ]


def test_the_time_of_a_mail_without_properties_comes_from_its_headers(tmp_path: Path) -> None:
    tree = message(attachment("a.pdf", PDF)) | text(
        0x007D, "From: x\r\nDate: Mon, 02 Mar 2026 10:30:00 +0100\r\n"
    )
    (document,) = run(tmp_path, compound(tree))
    assert document.provenance.mail_time == SENT


def test_impossible_times_cost_nothing(tmp_path: Path) -> None:
    tree = message(attachment("a.pdf", PDF))
    tree["__properties_version1.0"] = b"\0" * 32 + fixed(p00390040=2**64 - 1, p0E060040=0)
    (document,) = run(tmp_path, compound(tree))
    assert document.provenance.mail_time is None


def test_names_of_eight_bit_mails(tmp_path: Path) -> None:
    tree = attachment("x", PDF)
    del tree["__substg1.0_3707001F"]
    tree["__substg1.0_3707001E"] = "Träger.pdf".encode("cp1252")
    (document,) = run(tmp_path, compound(message(tree)))
    assert document.provenance.name == "Träger.pdf"


@pytest.mark.parametrize("kind", ["IPM.Note.SMIME", "IPM.Note.SMIME.MultipartSigned"])
def test_what_a_sealed_mail_carries_is_read_and_one_that_carries_nothing_is_named(
    tmp_path: Path, kind: str
) -> None:
    tree = message(attachment("a.pdf", PDF)) | text(0x001A, kind)
    assert said(run(tmp_path, compound(tree))) == ["antwort.msg > a.pdf"]
    assert said(run(tmp_path, compound(message() | text(0x001A, kind)))) == [
        "antwort.msg: mail-sealed (lost)"
    ]


def test_a_word_file_is_no_mail(tmp_path: Path) -> None:
    data = compound({"WordDocument": b"x" * 5000})
    assert said(run(tmp_path, data, name="antwort")) == ["antwort: office-file (lost)"]
    assert said(run(tmp_path, data)) == ["antwort.msg: office-file (lost)"]


def test_a_word_file_that_holds_a_mail_is_none(tmp_path: Path) -> None:
    data = compound({"WordDocument": b"x" * 5000, "Pool": message(attachment("a.pdf", PDF), top=False)})
    assert said(run(tmp_path, data, name="brief.doc")) == ["brief.doc: office-file (lost)"]


@pytest.mark.parametrize("name", ["antwort.msg", "antwort"])
def test_a_damaged_mail_is_called_a_mail(tmp_path: Path, name: str) -> None:
    data = compound(message(attachment("a.pdf", PDF)))
    no_table = data[:44] + b"\xff" * 36 + data[80:]
    assert said(run(tmp_path, no_table, name=name)) == [f"{name}: mail-damaged (lost)"]


def test_a_mail_that_lost_its_beginning_or_its_root_is_a_damaged_mail(tmp_path: Path) -> None:
    data = compound(message(attachment("a.pdf", PDF)))
    renamed = data.replace(
        "__properties_version1.0".encode("utf-16-le"), "__Xproperties_version1.".encode("utf-16-le")
    )
    for damaged in (b"\0" * 2000 + data[200:], b"\0" * len(data), renamed):
        assert said(run(tmp_path, damaged)) == ["antwort.msg: mail-damaged (lost)"]


def test_an_attachment_without_its_bytes_is_damage_and_not_size(tmp_path: Path) -> None:
    tree = message(attachment("a.pdf", PDF))
    place = next(name for name in tree if name.startswith("__attach"))
    held = tree[place]
    assert isinstance(held, dict)
    tree[place] = {name: data for name, data in held.items() if "3701" not in name}
    assert said(run(tmp_path, compound(tree))) == ["antwort.msg > a.pdf: mail-damaged (lost)"]


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_mail_that_was_cut_off_is_damaged_wherever_it_was_cut(tmp_path: Path, share: float) -> None:
    data = compound(message(attachment("a.pdf", PDF + b"%" * 20_000)))
    result = run(tmp_path, data[: round(share * len(data))])
    assert any(line.startswith("antwort.msg") and "mail-damaged (lost)" in line for line in said(result))


def test_depth_of_mails_in_mails(tmp_path: Path) -> None:
    tree = message(attachment("a.pdf", PDF), top=False)
    for _ in range(12):
        tree = message(attachment("x", mail=tree, method=5), top=False)
    assert [one.problem.code for one in run(tmp_path, compound(tree))] == ["too-deep"]


def test_mails_with_nothing_attached(tmp_path: Path) -> None:
    assert said(run(tmp_path, compound(message()))) == ["antwort.msg: mail-without-document (check)"]
    assert said(run(tmp_path, tnef(), name="winmail.dat")) == ["winmail.dat: mail-without-document (check)"]


# --- winmail.dat -----------------------------------------------------------------------------------


def test_winmail(tmp_path: Path) -> None:
    data = tnef(("Bogen – Süd.pdf", PDF), ("alles.zip", zipped({"b.pdf": OTHER_PDF})))
    result = run(tmp_path, data, name="winmail.dat")
    assert said(result) == ["winmail.dat > Bogen – Süd.pdf", "winmail.dat > alles.zip > b.pdf"]
    assert result[0].data == PDF


def test_a_mail_within_winmail(tmp_path: Path) -> None:
    inner = b"\0" * 16 + tnef(("a.pdf", PDF))
    properties = struct.pack("<IHHII", 1, 0x000D, 0x3701, 1, len(inner)) + inner + b"\0" * (-len(inner) % 4)
    data = tnef() + b"".join(
        struct.pack("<BHHI", 2, key, 6, len(value)) + value + b"\0\0"
        for key, value in ((0x9002, b"\0" * 14), (0x8010, b"WG\0"), (0x9005, properties))
    )
    assert said(run(tmp_path, data, name="winmail.dat")) == ["winmail.dat > WG > a.pdf"]


def test_a_cut_winmail_gives_what_came_before_the_cut(tmp_path: Path) -> None:
    data = tnef(("a.pdf", PDF), ("b.pdf", OTHER_PDF * 10))[:-300]
    assert (
        said(run(tmp_path, data, name="winmail.dat"))
        == [
            "winmail.dat: mail-damaged (lost)",
            "winmail.dat > a.pdf",
            "winmail.dat > b.pdf: empty-file (lost)",
        ]
        or said(run(tmp_path, data, name="winmail.dat"))[0] == "winmail.dat > a.pdf"
    )
