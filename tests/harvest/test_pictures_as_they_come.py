"""Pictures in any source: put together by what they say, then by their mail; logos are no pages; originals keep their kind."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from harvest.commands.run import Request, harvest_returns
from harvest.commands.show import show_file
from harvest.formats import MIME
from harvest.ledger import StoredDocument, StoredReturn
from harvest.model import (
    Document,
    Moment,
    PageFound,
    Provenance,
    Reading,
    Reporter,
    ReporterKind,
    Submission,
    TimeSource,
)
from harvest.results import Fate, RunResult
from harvest.state.pictures_of_one_mail import by_mail
from harvest.workspace.originals import all_in, keep, path_of
from tests.harvest.offices import Office, blank
from tests.harvest.sources.made import mail, raw, zipped
from tests.readers.engines import require
from tests.specimens.paper import page_of

TOKEN, ORGANISATION, RETURN = ReporterKind.TOKEN, ReporterKind.ORGANISATION, ReporterKind.RETURN


# ---------------------------------------------------------------- through a run


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The cover and two sheets of one answer, each as a telephone sends it."""
    edition, data = blank()
    folder = tmp_path_factory.mktemp("photos")
    source, filled = folder / "blank.pdf", folder / "filled.pdf"
    source.write_bytes(data)
    said = {
        "cover_organisation": "Verein Ost",
        "wohnheim_r01_einrichtung": "Haus Westwind",
        "wohnheim_r01_kontakt": "Frau Alt, 030 123456",
        "praxis_r01_einrichtung": "Praxis Mitte",
    }
    require("pdfium-typed").fill(
        source, {f"{edition.edition}_{key}": text for key, text in said.items()}, filled
    )
    made = {}
    for number, name in enumerate(("cover", "wohnheim", "praxis")):
        target = io.BytesIO()
        page_of(filled, number, 200).save(target, "JPEG", quality=60)
        made[name] = target.getvalue()
    return made


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.effect_noise((width, height), 20).save(target, kind)
    return target.getvalue()


def with_logo(message: EmailMessage, data: bytes) -> EmailMessage:
    """The mail with a picture that its text shows."""
    message.add_attachment(
        data, "image", "png", disposition="inline", filename="image001.png", cid="<logo@x>"
    )
    return message


def run(office: Office) -> RunResult:
    return harvest_returns(Request(office.workspace))[0]


def reporters(office: Office) -> dict[str, list[str]]:
    return {name: entry["reporters"] for name, entry in office.entries().items()}


def test_photos_of_one_mail_are_one_answer_and_its_logo_is_no_page(
    tmp_path: Path, photos: dict[str, bytes]
) -> None:
    office = Office.at(tmp_path)
    message = mail(*((f"IMG_{number}.jpg", data) for number, data in enumerate(photos.values())))
    office.drop("antwort.eml", raw(with_logo(message, picture(180, 60))))
    looked_at, _ = show_file(office.workspace.returns / "antwort.eml", office.workspace)
    assert {said.reporter.label for one in looked_at for said in one.submissions} == {"Verein Ost"}
    result = run(office)
    assert reporters(office) == {"Haus Westwind": ["Verein Ost"], "Praxis Mitte": ["Verein Ost"]}
    assert [one.fate for one in result.outcomes if one.fate is not Fate.REFUSED] == [Fate.NEW] * 3
    assert not any(one.problems for one in result.outcomes if one.fate is Fate.NEW)
    assert sorted(path.suffix for path in all_in(office.workspace.originals)) == [".jpg"] * 3
    sheet = office.book()["Bitte prüfen"]
    links = [cell.value for row in sheet.iter_rows() for cell in row if "originals/" in str(cell.value)]
    assert links
    assert all(".jpg" in link for link in links)
    assert not run(office).changed


def test_the_same_photos_without_a_mail_are_each_an_answer(tmp_path: Path, photos: dict[str, bytes]) -> None:
    office = Office.at(tmp_path)
    office.drop("antwort.zip", zipped({f"{name}.jpg": data for name, data in photos.items()}))
    run(office)
    assert reporters(office) == {"Haus Westwind": ["wohnheim.jpg"], "Praxis Mitte": ["praxis.jpg"]}


def test_a_large_logo_is_no_complaint_and_read_once(tmp_path: Path, photos: dict[str, bytes]) -> None:
    office = Office.at(tmp_path)
    banner = io.BytesIO()
    Image.new("L", (1400, 400), 200).save(banner, "PNG")
    office.drop("antwort.eml", raw(with_logo(mail(("IMG_1.jpg", photos["wohnheim"])), banner.getvalue())))
    result = run(office)
    told = [one.problems[0].code for one in result.outcomes if one.problems]
    assert told == ["mail-side-file"]
    assert len(list(all_in(office.workspace.originals))) == 1
    assert [one.fate for one in run(office).outcomes] == [Fate.KNOWN, Fate.KNOWN]


def test_a_photo_of_something_else_is_told(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.drop("antwort.eml", raw(mail(("haus.jpg", picture(1200, 900, "JPEG")))))
    assert [(one.fate, one.problems[0].code) for one in run(office).outcomes] == [
        (Fate.UNREADABLE, "picture-not-ours")
    ]


# ---------------------------------------------------------------- originals


def test_an_original_is_found_whatever_its_suffix_and_kept_once(tmp_path: Path) -> None:
    photo = Document.of(picture(20, 20), Provenance("a.png", "a.png"))
    before = tmp_path / f"{photo.sha256}.pdf"
    before.write_bytes(photo.data)
    assert keep(photo, tmp_path) == before
    before.unlink()
    assert path_of(tmp_path, photo.sha256) is None
    assert keep(photo, tmp_path) == tmp_path / f"{photo.sha256}.png" == path_of(tmp_path, photo.sha256)
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    assert list(all_in(tmp_path)) == [tmp_path / f"{photo.sha256}.png"]


# ---------------------------------------------------------------- who is meant


def returned(number: int, page: str, subject: str = "Antwort", *, mime: str = MIME[".jpg"]) -> StoredReturn:
    sha256 = f"{number:064x}"
    way = Provenance(
        f"{number}.jpg", f"{number}.jpg", mail_time=datetime(2026, 3, 1, tzinfo=UTC), mail_subject=subject
    )
    document = StoredDocument(sha256, 1, 1, "new", True, way.name, (way,), ())
    reading = Reading(1, (PageFound(1, "fv4v6fa86", None, page, 1),), (), producer=mime)
    return StoredReturn(document, reading, Moment(datetime(2026, 3, 1, tzinfo=UTC), TimeSource.MAIL))


def says(one: StoredReturn, kind: ReporterKind = RETURN, key: str = "") -> Submission:
    sha256 = one.document.sha256
    reporter = Reporter(kind, key or sha256, key or one.document.file)
    return Submission(sha256, "fv4v6fa86", reporter, one.moment, one.document.file, ())


def keys(returns: list[StoredReturn], said: list[Submission]) -> list[str]:
    """Whose each is; the same whatever the order."""
    forwards = [one.reporter.key for one in by_mail(returns, said)]
    backwards = [one.reporter.key for one in by_mail(returns[::-1], said[::-1])][::-1]
    assert forwards == backwards
    return forwards


def test_nameless_pictures_of_a_mail_go_together() -> None:
    returns = [returned(1, "a"), returned(2, "b"), returned(3, "c", "Anderes")]
    first, _, third = (one.document.sha256 for one in returns)
    assert keys(returns, [says(one) for one in returns]) == [first, first, third]


def test_a_code_or_a_cover_names_the_nameless_ones() -> None:
    returns = [returned(1, "a"), returned(2, "b")]
    assert keys(returns, [says(returns[0]), says(returns[1], TOKEN, "t1")]) == ["t1", "t1"]
    assert keys(returns, [says(returns[0]), says(returns[1], ORGANISATION, "ost")]) == ["ost", "ost"]


def test_two_partners_in_one_mail_are_two_answers() -> None:
    returns = [returned(number, page) for number, page in enumerate("abc", 1)]
    said = [says(returns[0], TOKEN, "t1"), says(returns[1], TOKEN, "t2"), says(returns[2])]
    assert keys(returns, said) == ["t1", "t2", returns[2].document.sha256]


def test_a_page_that_is_there_twice_replaces_nothing() -> None:
    returns = [returned(1, "a"), returned(2, "a")]
    said = [says(one) for one in returns]
    assert keys(returns, said) == [one.return_id for one in said]


def test_pdfs_of_one_mail_stay_what_they_are() -> None:
    returns = [returned(1, "a", mime="LibreOffice"), returned(2, "b", mime="LibreOffice")]
    said = [says(one) for one in returns]
    assert keys(returns, said) == [one.return_id for one in said]
