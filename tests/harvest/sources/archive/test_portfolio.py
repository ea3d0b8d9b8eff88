"""PDFs within PDFs."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from harvest.model import Document
from harvest.sources import Limits
from harvest.sources.found import Piece
from tests.harvest.sources.made import OTHER_PDF, PDF, found, mail, raw, said, zipped


def attached(pdf: pikepdf.Pdf, data: bytes, name: str) -> pikepdf.AttachedFileSpec:
    return pikepdf.AttachedFileSpec(
        pdf, data, description="", filename=name, mime_type="", creation_date="", mod_date=""
    )


def holding(files: dict[str, bytes], *, password: str = "", packed: bool = False) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for name, data in files.items():
        pdf.attachments[name] = attached(pdf, data, name)
    target = io.BytesIO()
    options: Any = {"encryption": pikepdf.Encryption(user=password, owner=password)} if password else {}
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    pdf.save(target, object_stream_mode=mode, **options)
    return target.getvalue()


def run(tmp_path: Path, data: bytes, *args: Any, **options: Any) -> list[Any]:
    (tmp_path / "x.pdf").write_bytes(data)
    return found(tmp_path / "x.pdf", *args, **options)


@pytest.mark.parametrize("packed", [True, False])
def test_pdfs_mails_and_archives_come_out_and_the_rest_stays(tmp_path: Path, packed: bool) -> None:
    data = holding(
        {
            "y.pdf": PDF,
            "z.zip": zipped({"in.pdf": OTHER_PDF}),
            "m.eml": raw(mail(("am.pdf", PDF))),
            "edition.json": b"{}",
        },
        packed=packed,
    )
    assert sorted(said(run(tmp_path, data))) == [
        "x.pdf",
        "x.pdf > m.eml > am.pdf",
        "x.pdf > y.pdf",
        "x.pdf > z.zip > in.pdf",
    ]


def test_pdfs_within_pdfs_within_pdfs(tmp_path: Path) -> None:
    data = holding({"c.pdf": PDF})
    data = holding({"b.pdf": data})
    assert said(run(tmp_path, data)) == ["x.pdf", "x.pdf > b.pdf", "x.pdf > b.pdf > c.pdf"]
    assert said(run(tmp_path, data, Limits(depth=1))) == [
        "x.pdf",
        "x.pdf > b.pdf",
        "x.pdf > b.pdf: too-deep (lost)",
    ]


def test_attached_to_a_page(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    stream = pdf.make_stream(PDF, Type=pikepdf.Name.EmbeddedFile)
    spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, UF="Süd.pdf", EF=pikepdf.Dictionary(F=stream))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])
    target = io.BytesIO()
    pdf.save(target)
    assert said(run(tmp_path, target.getvalue())) == ["x.pdf", "x.pdf > Süd.pdf"]


@pytest.mark.parametrize(("passwords", "count"), [([], 1), (["falsch"], 1), (["falsch", "geheim"], 2)])
def test_encrypted(tmp_path: Path, passwords: list[str], count: int) -> None:
    data = holding({"y.pdf": PDF}, password="geheim")
    result = run(tmp_path, data, passwords=passwords)
    assert len(result) == count
    assert result[-1].data in {PDF, data}


def test_a_bomb_is_unpacked_no_further_than_the_ratio(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["y.pdf"] = attached(pdf, b"", "y.pdf")
    stream = pdf.attachments["y.pdf"].obj.EF.F
    bomb = zlib.compress(zlib.compress(PDF + b"\0" * 50_000_000))
    stream.write(bomb, filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]))
    target = io.BytesIO()
    pdf.save(target, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert said(run(tmp_path, target.getvalue())) == ["x.pdf", "x.pdf > y.pdf: unpacks-too-large (lost)"]


def test_damage_costs_the_attachment_alone(tmp_path: Path) -> None:
    data = holding({"y.pdf": PDF * 50})
    start = data.index(b"stream\n", data.index(b"/EmbeddedFile")) + 40
    assert said(run(tmp_path, data[:start] + b"\xff" * 8 + data[start + 8 :]))[0] == "x.pdf"


@pytest.mark.parametrize("harm", ["os.abort()", "time.sleep(60)", "sys.exit(3)", "[b'x' * 2**40]"])
def test_a_crash_or_a_loop_costs_this_document_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr("harvest.sources.archive.portfolio._START", f"import os, sys, time; {harm}")
    monkeypatch.setattr("harvest.sources.archive.portfolio._SECONDS", 1)
    (tmp_path / "y.pdf").write_bytes(PDF)
    (tmp_path / "x.pdf").write_bytes(holding({"y.pdf": OTHER_PDF}))
    assert said(found(tmp_path)) == ["x.pdf", "x.pdf: attachment-damaged (lost)", "y.pdf"]


def test_nothing_attached_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvest.sources.archive.portfolio._asked", lambda *_: pytest.fail("opened"))
    assert said(run(tmp_path, PDF)) == ["x.pdf"]


def test_a_caller_may_open_pdfs_its_own_way(tmp_path: Path) -> None:
    asked: list[str] = []

    def own(document: Document, *_: object) -> Iterator[Piece]:
        asked.append(document.sha256)
        yield Piece(OTHER_PDF, document.provenance)

    result = run(tmp_path, PDF, attached=own, limits=Limits(depth=1))
    assert [one.data for one in result[:2]] == [PDF, OTHER_PDF]
    assert asked == [one.sha256 for one in result[:2]]
