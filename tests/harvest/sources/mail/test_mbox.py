"""mbox files: where one mail ends and the next begins."""

from pathlib import Path

import pytest

from harvest.sources import Limits
from tests.harvest.sources.made import OTHER_PDF, PDF, found, mail, raw, said, zipped


def box(
    *mails: bytes, line: bytes = b"From post@traeger.example Mon Mar  2 10:30:00 2026", gap: bytes = b"\n"
) -> bytes:
    return b"".join(line + b"\n" + one.replace(b"\r\n", b"\n") + gap for one in mails)


@pytest.mark.parametrize("gap", [b"\n", b""])
@pytest.mark.parametrize(
    "line", [b"From post@traeger.example Mon Mar  2 10:30:00 2026", b"From - Mon Mar 2 2026", b"From "]
)
def test_every_mail_is_read(tmp_path: Path, line: bytes, gap: bytes) -> None:
    mails = [raw(mail(("a.pdf", PDF))), raw(mail()), raw(mail(("b.pdf", OTHER_PDF)))]
    (tmp_path / "Posteingang").write_bytes(box(*mails, line=line, gap=gap))
    result = found(tmp_path)
    assert said(result) == ["Posteingang > #1 > a.pdf", "Posteingang > #3 > b.pdf"]
    assert result[0].provenance.mail_subject == "Rücklauf"


def test_from_in_a_letter_parts_nothing(tmp_path: Path) -> None:
    letter = raw(mail(("a.pdf", PDF))).replace(
        b"anbei der Bogen", b"\r\nFrom here on it is ours.\r\n\r\nFrom us"
    )
    assert b"\nFrom here" in letter
    (tmp_path / "x.mbox").write_bytes(box(letter))
    assert said(found(tmp_path)) == ["x.mbox > #1 > a.pdf"]


def test_an_mbox_in_a_zip(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped({"Archiv": box(raw(mail(("a.pdf", PDF))), raw(mail()))}))
    assert said(found(tmp_path)) == ["x.zip > Archiv > #1 > a.pdf"]


def test_a_mail_larger_than_the_limit_leaves_the_others(tmp_path: Path) -> None:
    mails = [raw(mail(("gross.pdf", PDF + b"\0" * 200_000))), raw(mail(("b.pdf", OTHER_PDF)))]
    (tmp_path / "x.mbox").write_bytes(box(*mails))
    assert said(found(tmp_path, Limits(container=100_000))) == [
        "x.mbox > #1: container-too-large (lost)",
        "x.mbox > #2 > b.pdf",
    ]


def test_a_mailbox_larger_than_the_limits_of_one_mail_is_read_to_its_end(tmp_path: Path) -> None:
    mails = [raw(mail((f"{number}.pdf", PDF + b"%d" % number))) for number in range(300)]
    (tmp_path / "x.mbox").write_bytes(box(*mails))
    limits = Limits(container=20_000, unpacked=20_000, entries=5)
    assert len(said(found(tmp_path, limits))) == 300


def test_one_line_without_end(tmp_path: Path) -> None:
    (tmp_path / "x.mbox").write_bytes(b"From x\nSubject: x\n\n" + b"a" * 3_000_000)
    assert said(found(tmp_path, Limits(container=1_000_000))) == ["x.mbox > #1: container-too-large (lost)"]


def test_a_mailbox_without_any_document_is_named(tmp_path: Path) -> None:
    mails = box(raw(mail()), raw(mail()))
    (tmp_path / "x.mbox").write_bytes(mails)
    (tmp_path / "y.zip").write_bytes(zipped({"Archiv": mails, "a.pdf": PDF}))
    assert said(found(tmp_path)) == [
        "x.mbox: mailbox-without-document (check)",
        "y.zip > Archiv: mailbox-without-document (check)",
        "y.zip > a.pdf",
    ]
