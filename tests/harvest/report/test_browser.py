"""The report in a real browser: on a telephone and on a desk, light, dark and on paper."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from harvest.model import Register, Status
from tests.harvest.report.browser import Page
from tests.harvest.report.made import HOSTILE, LONG, entry, full, report

PAGES = {
    "full": (full(), ""),
    "hostile": (full(HOSTILE), HOSTILE),
    "long": (full(LONG), LONG),
    "empty": (Register(()), ""),
    "many": (Register(tuple(entry(number, status=Status.CHANGED) for number in range(120))), ""),
}
OVERFLOWING = """(() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(one => !one.closest('.skip, .hidden, thead') && one.getBoundingClientRect().right > wide + 1)
    .map(one => one.tagName + '.' + one.className + ' ' + one.textContent.slice(0, 40));
})()"""


@pytest.fixture(params=list(PAGES))
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    register, text = PAGES[request.param]
    path = tmp_path / "report.html"
    path.write_text(report(register, text=text), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [320, 390, 768, 1400])
def test_nothing_sticks_out_and_nothing_is_fetched(page: Page, written: Path, width: int) -> None:
    page.asked.clear()
    page.show(written, width=width)

    assert page.value("document.documentElement.scrollWidth") == width
    assert page.value(OVERFLOWING) == []
    assert {address for address in page.asked if not address.startswith("data:")} == {
        written.resolve().as_uri()
    }


def ground(picture: bytes) -> tuple[int, int, int]:
    found = Image.open(io.BytesIO(picture)).convert("RGB").getpixel((2, 2))
    assert isinstance(found, tuple)
    red, green, blue = (int(one) for one in found)
    return red, green, blue


def test_light_and_dark(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report(full()), encoding="utf-8")

    page.show(path, width=390)
    light = ground(page.picture())
    page.show(path, width=390, dark=True)
    dark = ground(page.picture())

    assert min(light) > 230
    assert max(dark) < 40


def test_letters_are_large_enough(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report(full()), encoding="utf-8")
    page.show(path, width=390)

    smallest = page.value(
        "Math.min(...[...document.querySelectorAll('main p, main li, main td, main th, main span, main code')]"
        ".filter(one => one.textContent.trim()).map(one => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert smallest >= 13.5


def test_it_prints_on_a4_without_the_contents(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report(full()), encoding="utf-8")
    page.show(path, width=1400, dark=True, media="")

    with pikepdf.open(io.BytesIO(page.pdf())) as printed:
        boxes = {tuple(round(float(one)) for one in sheet.mediabox) for sheet in printed.pages}
        assert 2 <= len(printed.pages) <= 8
    assert len(boxes) == 1
    width, height = next(iter(boxes))[2:]
    assert abs(width - 595) <= 1
    assert abs(height - 842) <= 1
