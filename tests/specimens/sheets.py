"""Sheets of paper that fared worse than those of `make`: spoilt codes, pens, scissors, two pages on one, a telephone."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image

from tests.readers.tools import flatten
from tests.specimens.form import GERMAN, Truth
from tests.specimens.paper import Sheet, black_and_white, on_scanner, page_of, photographed

if TYPE_CHECKING:
    from tests.specimens.make import Maker

DPI = 200
#: A hand that is drawn, not written; comes with Ghostscript.
LETTERS = Path("/usr/share/fonts/opentype/urw-base35/Z003-MediumItalic.otf")
#: Around the page's code, points.
CODE = ((742.0, 505.0), (812.0, 505.0), (812.0, 572.0), (742.0, 572.0))


def save(page: Image.Image, target: Path, *, fax: bool = False, dpi: int = DPI, quality: int = 40) -> None:
    if fax:
        black_and_white(page).save(target, "PDF", resolution=dpi)
    else:
        page.save(target, "PDF", resolution=dpi, quality=quality)


def typed(maker: Maker) -> Sheet:
    """A page with typed answers, on paper."""
    filled = maker.filled("pdfium-typed", maker.cells(maker.first, GERMAN))
    return Sheet(page_of(filled, 1, DPI), DPI)


def truth(maker: Maker, target: Path, values: dict[str, str] | None = None) -> None:
    known = maker.cells(maker.first, GERMAN) if values is None else values
    Truth(known, (), (maker.pages[1],)).save(target)


def code_cut(maker: Maker, target: Path) -> None:
    """The corner with the code torn off."""
    sheet = typed(maker)
    sheet.area([(735, 596), (842, 596), (842, 515), (790, 500), (750, 540)], 255)
    save(on_scanner(sheet.page, DPI, 1.0, noise=2), target)
    truth(maker, target)


def code_blotted(maker: Maker, target: Path) -> None:
    """Coffee on the code; printed smaller than the blank."""
    page = on_scanner(_blotted(maker), DPI, -0.8, noise=2)
    save(page, target)
    truth(maker, target)


def faint(maker: Maker, target: Path) -> None:
    """The same as a fax: too many of its rules are gone to say where its fields lie."""
    save(on_scanner(_blotted(maker), DPI, -0.8, noise=2), target, fax=True)
    ink = tuple(maker.cells(maker.first, GERMAN))
    Truth({}, (), (maker.pages[1],), ink).save(target)


def _blotted(maker: Maker) -> Image.Image:
    sheet = typed(maker)
    sheet.area(
        [(x + dx, y + dy) for (x, y), (dx, dy) in zip(CODE, ((6, 3), (-9, 7), (2, -8), (4, 0)), strict=True)],
        30,
    )
    width, height = sheet.page.size
    small = Image.new("L", (width, height), 255)
    small.paste(sheet.page.resize((round(width * 0.92), round(height * 0.92))), (70, 25))
    return small


def code_folded(maker: Maker, target: Path) -> None:
    """A corner folded over; laid in upside down."""
    sheet = typed(maker)
    sheet.area([(765, 596), (842, 596), (842, 510)], 255)
    sheet.area([(765, 596), (842, 510), (770, 520)], 235)
    sheet.stroke([(765, 596), (842, 510)], 0.8, 150)
    save(on_scanner(sheet.page, DPI, 179.2, noise=2), target, fax=True)
    truth(maker, target)


def nil_by_pen(maker: Maker, target: Path) -> None:
    """The box for "nothing here" crossed by pen."""
    sheet = Sheet(page_of(maker.blank, 2, DPI), DPI)
    sheet.cross(maker.box(f"{maker.second}_nil")[1], 3)
    save(on_scanner(sheet.page, DPI, -0.6, noise=2), target)
    Truth({}, (maker.second,), (maker.pages[2],)).save(target)


def touched(maker: Maker, target: Path) -> None:
    """The same box with one short stroke of a pencil in it: a tick that was not meant, or a timid one."""
    sheet = Sheet(page_of(maker.blank, 2, DPI), DPI)
    _, box = maker.box(f"{maker.second}_nil")
    sheet.stroke([(box.x0 + 3.2, box.y0 + 4), (box.x0 + 7, box.y0 + 7)], 0.9, 120)
    half = on_scanner(sheet.page.reduce(2), DPI // 2, 0.5, noise=0)
    save(half, target, dpi=DPI // 2, quality=20)
    Truth({}, (), (maker.pages[2],), (f"{maker.second}_nil",)).save(target)


def handwritten(maker: Maker, target: Path, *, scrawl: bool) -> None:
    """One row typed, one by hand: letters at odd angles, or a scrawl."""
    values = maker.cells(maker.first, GERMAN[:5])
    sheet = Sheet(page_of(maker.filled("pdfium-typed", values), 1, DPI), DPI)
    chance = random.Random(11)
    said = (
        ("Treffpunkt Süd", "Hauptstr. 5"), ("für Angehörige", "auch russisch"), ("Hr. Weiß", "030 789 01 23"),
        ("ab Mai", "gemeinsam"), ("14.3. TS",),
    )  # fmt: skip
    ink = []
    for column, lines in zip(maker.columns, said, strict=True):
        local = f"{maker.first}_r02_{column}"
        _, box = maker.box(local)
        if scrawl:
            sheet.scrawl(box, len(lines), chance)
        else:
            sheet.script(box, lines, chance.choice((-7, -4, 5, 8)), LETTERS)
        ink.append(local)
    save(on_scanner(sheet.page, DPI, 0.4, noise=2), target)
    Truth(values, (), (maker.pages[1],), tuple(ink)).save(target)


def _two_up(maker: Maker, target: Path) -> dict[str, str]:
    """Cover and first sheet side by side on one sheet of paper, as a printer's driver does it."""
    values = {"cover_organisation": "Beispielverein Süd e. V.", **maker.cells(maker.first, GERMAN)}
    plain = maker.folder / "plain.pdf"
    flatten("cairo", maker.filled("pdfjs", values), plain)
    with pikepdf.Pdf.open(plain) as pdf, pikepdf.Pdf.new() as out:
        out.add_blank_page(page_size=(595.276, 841.89))
        for number, low in ((0, 421.0), (1, 0.0)):
            out.pages[0].add_overlay(pdf.pages[number], pikepdf.Rectangle(10, low + 5, 585, low + 415))
        out.save(target)
    return values


def two_up(maker: Maker, target: Path, *, scan: bool) -> None:
    values = _two_up(maker, target)
    if scan:
        save(on_scanner(page_of(target, 0, 250), 250, 0.7, noise=2), target, dpi=250)
    Truth(values, (), (maker.pages[0], maker.pages[1])).save(target)


def cropped(maker: Maker, target: Path) -> None:
    """The scanner's glass was too small: the lower rows and a strip at the left are not there."""
    sheet = typed(maker)
    values = maker.cells(maker.first, GERMAN)
    page = on_scanner(sheet.page, DPI, 0.5, noise=2)
    page = page.crop((round(0.15 * page.width), 0, page.width, round(0.8 * page.height)))
    save(page, target)
    left = f"{maker.first}_r01_{maker.columns[0]}", f"{maker.first}_r02_{maker.columns[0]}"
    Truth(
        {local: text for local, text in values.items() if local not in left}, (), (maker.pages[1],), left
    ).save(target)


def photo(maker: Maker, target: Path) -> None:
    """By a telephone, from not quite above."""
    corners = {"ul": (0.045, 0.05), "ur": (0.955, 0.035), "lr": (0.975, 0.965), "ll": (0.02, 0.955)}
    save(photographed(typed(maker).page, corners), target, quality=50)
    truth(maker, target)


def jobs() -> dict[str, Callable[[Maker, Path], None]]:
    """Specimen -> how it is made."""
    return {
        "scan-200-code-cut": code_cut,
        "scan-200-code-blotted": code_blotted,
        "fax-200-code-folded": code_folded,
        "faint-fax": faint,
        "pen-nil": nil_by_pen,
        "pencil-nil": touched,
        "pen-letters": partial(handwritten, scrawl=False),
        "pen-scrawl": partial(handwritten, scrawl=True),
        "two-up-cairo": partial(two_up, scan=False),
        "two-up-scan": partial(two_up, scan=True),
        "cropped-scan": cropped,
        "photo": photo,
    }
