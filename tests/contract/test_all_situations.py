"""One office in which everything happened at once: every file is accounted for, and no order or split changes the register."""

from __future__ import annotations

import base64
import io
import itertools
import random
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

from formgen.cli import main
from harvest.commands.run import Request, harvest_returns
from harvest.history.undo import undo
from harvest.model import Document, Reading
from harvest.reading.pool.pool import read_all
from harvest.results import RunResult
from harvest.workspace import intake
from spec.workspace import Workspace
from tests.contract.partners import OFFICE, A, Partners, bounce, filled, mail, moment
from tests.formgen.mail.conftest import Desk
from tests.harvest.register.workbook.test_date_system import since_1904
from tests.harvest.sources.test_smime import mailed, signed

#: Partners without a token who all name one service.
NEIGHBOURS = 61
#: Answers in mails of unusual kinds.
LETTERS = 6
ORDERS = 10
B, C = "Träger B", "Träger C"
SAW = {"_saws_r01_state": "gut", "_saws_r01_machine": "Bandsäge"}
NOW = moment(2027, 11, 1)
DAY = moment(2027, 10, 20)


class Quiet(Desk):
    """The office's commands, without a test's captured output."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, cast("pytest.CaptureFixture[str]", None))

    def __call__(self, *words: str | Path, code: int | None = 0) -> str:
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
            found = main([*map(str, words), "--workspace", str(self.workspace.root)], self.around())
        assert found == code or (code is None and found in {0, 1}), out.getvalue()
        return out.getvalue()


@dataclass
class Readings:
    """What was read once, by the bytes: reading is a function of them, and the orders are about what follows."""

    known: dict[str, Reading] = field(default_factory=dict)

    def __call__(
        self, documents: Iterable[Document], *more: Any, **options: Any
    ) -> Iterator[tuple[Document, Reading]]:
        found = tuple(documents)
        new = [one for one in found if one.sha256 not in self.known]
        self.known |= {one.sha256: reading for one, reading in read_all(new, *more, **options)}
        yield from ((one, self.known[one.sha256]) for one in found)


def zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def neighbour(blank: bytes, number: int) -> bytes:
    """A partner of whom the office has no token, who names the service that all name."""
    texts = {
        "_cover_organisation": f"Nachbar {number}",
        "_measuring_r01_machine": "Krisendienst Nord",
        "_measuring_r01_state": f"aus Sicht von {number}",
    }
    return filled(blank, moment(2027, 10, 1 + number % 28), texts)


def spelt(blank: bytes, organisation: str, machine: str, day: int) -> bytes:
    texts = {
        "_cover_organisation": organisation,
        "_lathes_r01_machine": machine,
        "_lathes_r01_state": "gut",
    }
    return filled(blank, moment(2027, 10, day), texts)


def signed_mail(form: bytes) -> bytes:
    part = b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    return mailed(signed(part + base64.encodebytes(form)))


def emlx(message: bytes) -> bytes:
    return b"%d\n" % len(message) + message + b'<?xml version="1.0"?><plist/>'


def with_bad_head(message: bytes) -> bytes:
    """A mark of an mbox among the headers, a fold that was lost, a blank within a header's name."""
    head, empty, body = message.replace(b"\r\n", b"\n").partition(b"\n\n")
    head = head.replace(b"Subject: ", b">From x@y.example Wed Oct 20 2027\nSubject: ")
    head = head.replace(b"MIME-Version", b"verlorene Zeile\nMIME -Version")
    return head + empty + body


def untyped(message: bytes) -> bytes:
    """The attachment says that it is text, or nothing at all."""
    return message.replace(b"Content-Type: application/pdf", b"X-Type: application/pdf")


def with_footer(message: bytes) -> bytes:
    """A list's footer behind the base64, within the part."""
    start, _, end = message.rpartition(b"\n--")
    return start + b"\n_______________\nListe: abmelden unter liste.example\n\n--" + end


def situations(office: Partners) -> dict[str, bytes]:
    """Name -> a file as it came."""
    own, other = office.form("2027"), office.form("2027", B)
    (path,) = office.workspace.forms.glob("*/blank.pdf")
    blank = path.read_bytes()
    answer = filled(own, moment(2027, 10, 10), {"_saws_r01_state": "schlecht"})
    late = filled(office.form("2026", B), moment(2027, 10, 12), {"_saws_r01_machine": "Tischsäge"})
    plain = [neighbour(blank, number) for number in range(NEIGHBOURS + LETTERS)]
    further = itertools.count(NEIGHBOURS)

    def letter(**headers: str) -> bytes:
        number = next(further)
        return mail(f"Nachbar <n{number}@nord.example>", DAY, plain[number], subject="Bogen", **headers)

    return {
        # our own form, on every way beside the answer
        "antwort mit Bogen.eml": mail("Ada <a@eins.example>", DAY, answer, own),
        "antwort.zip": zipped([("a.pdf", answer), ("b.pdf", own)]),
        "eigener Bogen.pdf": own,
        "spätere Antwort.eml": mail("Ada <a@eins.example>", moment(2027, 10, 25), own),
        "unzustellbar.eml": bounce(mail(OFFICE, DAY, other, subject="Bogen"), DAY),
        "gesendet.eml": mail(f"Koordination <{OFFICE}>", DAY, office.form("2027", C)),
        "abwesend.eml": mail("c@drei.example", DAY, office.form("2027", C), Auto_Submitted="auto-replied"),
        "leer von Hand.pdf": office.form("2027", C),
        # an older round's copy, in a mail with faults
        "alte Runde.eml": with_bad_head(mail("b@zwei.example", moment(2027, 10, 21), late)),
        # the same word by programs that take their own view of mail
        "signiert.eml": signed_mail(plain[next(further)]),
        "apple.emlx": emlx(letter()),
        "utf16.eml": letter().decode("ascii").encode("utf-16"),
        "archiv.mht": letter(),
        "ohne Art.eml": untyped(letter()),
        "mit Fuß.eml": with_footer(letter()),
        # who is who
        "säge 1.pdf": spelt(blank, "Lebenshilfe e.V., Köln", "Drechselbank Süd", 3),
        "säge 2.pdf": spelt(
            blank, "Lebens\u00adhilfe e. V., Ko\u0308ln", "Drechsel\u00adbank\u00a0Su\u0308d", 4
        ),
        # one service, named by everybody
        "nachbarn.zip": zipped([(f"{number}.pdf", plain[number]) for number in range(NEIGHBOURS)]),
        # what is damaged, and what is none
        "halb.pdf": plain[0][: len(plain[0]) * 2 // 3],
        "leer.pdf": b"",
        "brief.docx": b"PK\x05\x06" + bytes(18),
        "Mitteilung.eml": mail("x@y.example", DAY),
    }


#: File -> what is told of what it brings, beside plain answers.
TOLD = {
    "antwort mit Bogen.eml": {"shown-otherwise"},
    "unzustellbar.eml": {"mail-side-file"},
    "halb.pdf": {"damaged"},
    "leer.pdf": {"empty-file"},
    "brief.docx": {"office-file"},
    "Mitteilung.eml": {"mail-without-document"},
}


@dataclass
class World:
    """An office before anything of this round came in, and what then came."""

    office: Partners
    files: dict[str, bytes]
    readings: Readings

    def copy(self, root: Path) -> Partners:
        shutil.copytree(self.office.workspace.root, root)
        copied = Partners(Quiet(Workspace(root)))
        copied.on(NOW)
        return copied

    def take(self, office: Partners, names: Sequence[str]) -> RunResult:
        paths = tuple(office.drop(name, self.files[name], DAY) for name in names)
        asked = Request(office.workspace, paths, root=office.workspace.returns, clock=lambda: NOW)
        return harvest_returns(asked)[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    office = Partners(Quiet(Workspace(tmp_path_factory.mktemp("alles") / "büro")))
    office.desk.settings()
    office.write_to("2026", moment(2026, 10, 1))
    office.drop("a.pdf", filled(office.form("2026"), moment(2026, 10, 20), SAW), moment(2026, 10, 21))
    office.harvest(moment(2026, 10, 22))
    since_1904(office.workspace.register)
    office.write_to("2027", moment(2027, 10, 1))
    readings = Readings()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "read_all", readings)
        yield World(office, situations(office), readings)


def shown(office: Partners) -> dict[str, Any]:
    """The register by value: for programs, and the rows of every sheet, whatever stands above what."""
    book = openpyxl.load_workbook(office.workspace.register)
    sheets = {
        page.title: sorted(repr([cell for cell in row if cell is not None]) for row in page.values)
        for page in book
    }
    entries = sorted(office.twin(), key=lambda one: str(one["id"]))
    status = office.desk.json("round", "status", "--round", "2027", code=None)["partners"]
    del sheets["About"]  # tells the run's number
    return {"json": entries, "status": status, **sheets}


@pytest.fixture(scope="module")
def at_once(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Partners, RunResult]:
    office = world.copy(tmp_path_factory.mktemp("auf einmal") / "büro")
    return office, world.take(office, tuple(world.files))


def test_every_file_is_accounted_for(world: World, at_once: tuple[Partners, RunResult]) -> None:
    _, result = at_once
    told: dict[str, set[str]] = {}
    for outcome in result.outcomes:
        file = outcome.file.partition(" > ")[0]
        told.setdefault(file, set()).update(problem.code for problem in outcome.problems)
    assert {file: codes for file, codes in told.items() if codes} == TOLD
    assert told.keys() == world.files.keys()
    assert {one.fate.value for one in result.outcomes} == {"new", "known", "refused"}


def test_no_word_is_lost_and_none_is_newer_than_it_is(at_once: tuple[Partners, RunResult]) -> None:
    office, result = at_once
    entries = office.twin()
    saws, lathes, measuring = (
        [one for one in entries if one["category"] == key] for key in ("saws", "lathes", "measuring")
    )
    assert sorted((one["values"]["machine"], one["confirmed"][:10]) for one in saws) == [
        ("Bandsäge", "2027-10-10"),
        ("Tischsäge", "2027-10-12"),
    ]
    assert [one["values"].get("state") for one in saws if one["reporters"] == [A]] == ["schlecht"]
    (lathe,) = lathes
    assert lathe["confirmed"].startswith("2027-10-04")
    assert {one["values"]["state"] for one in measuring} == {
        f"aus Sicht von {number}" for number in range(NEIGHBOURS + LETTERS)
    }
    assert result.to_do["duplicates"] == len(measuring) - 1
    assert [office.status("2027", name)["answer"] for name in (A, B, C)] == ["partly", "none", "none"]
    assert office.status("2026", B)["answer"] == "partly"


def test_undoing_it_gives_back_the_register_of_before(world: World, tmp_path: Path) -> None:
    office = world.copy(tmp_path / "zurück")
    before = office.twin()
    world.take(office, tuple(world.files))
    undo(office.workspace)
    assert office.twin() == before


def test_no_order_and_no_split_changes_the_register(
    world: World, at_once: tuple[Partners, RunResult], tmp_path: Path
) -> None:
    wanted = shown(at_once[0])
    rng = random.Random(11)
    for number in range(ORDERS):
        names = list(world.files)
        rng.shuffle(names)
        cuts = sorted(rng.sample(range(1, len(names)), rng.randint(0, 2)))
        office = world.copy(tmp_path / str(number))
        for start, end in itertools.pairwise([0, *cuts, len(names)]):
            world.take(office, names[start:end])
        found = shown(office)
        for sheet, rows in wanted.items():
            assert found[sheet] == rows, (sheet, names, cuts)
