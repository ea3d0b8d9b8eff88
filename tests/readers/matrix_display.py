"""What a rendered page shows in its fields, in a word per script."""

from collections.abc import Mapping
from enum import StrEnum

from PIL.Image import Image

from spec.geometry import Box
from tests.readers import matrix_pixels as pixels
from tests.readers.matrix_pixels import Picture

SHOWN: Mapping[str, str] = {
    "German": "Größe – „Äußerst“ 5 €",
    "Turkish": "İstanbul, Şişli: çığ Ağrı",
    "Polish": "Łódź, źdźbło, ąęćńó",
    "Czech": "Příliš žluťoučký kůň",
    "Vietnamese": "Nguyễn Thị Hường, tư vấn",
    "Kurdish, Latin letters": "Navenda şêwirmendiyê, û",
    "Cyrillic": "Їжак, ґанок, здоровья",
    "Greek": "Κέντρο Ψυχικής, ΐ ΰ ώ",
    "Arabic": "مركز الصحة النفسية",
    "Kurdish, Arabic letters": "ناوەندی ڕاوێژکاری",
}
"""A line per script, short enough for one line in a field, with the letters that get lost first."""

FROM_RIGHT = frozenset({"Arabic", "Kurdish, Arabic letters"})


class Look(StrEnum):
    """What a reader shows where a text was entered."""

    RIGHT = "right"  # in DejaVu Sans, the form's font
    OTHER_FONT = "other font"  # as MuPDF draws it with a font of its own
    UNJOINED = "unjoined"  # right to left, but each letter as it stands alone
    REVERSED = "reversed"  # each letter as it stands alone, from left to right
    NOTHING = "nothing"
    WRONG = "wrong"


def look(picture: Picture, script: str, other_font: Picture | None) -> Look:
    """Name what a picture of a field shows; `other_font` is the same text as MuPDF draws it."""
    text = SHOWN[script]
    if pixels.is_empty(picture):
        return Look.NOTHING
    if pixels.shows(picture, text):
        return Look.RIGHT
    if script in FROM_RIGHT:
        if pixels.difference(picture, pixels.unjoined(text)) < pixels.DIFFERS:
            return Look.UNJOINED
        if pixels.difference(picture, pixels.reversed_letters(text)) < pixels.DIFFERS:
            return Look.REVERSED
    if other_font is not None and pixels.difference(picture, other_font) < pixels.BROADER:
        return Look.OTHER_FONT
    return Look.WRONG


def looks(
    page: Image, boxes: Mapping[str, Box], height: float, other_fonts: Mapping[str, Picture]
) -> dict[str, Look]:
    """Script -> what the page shows in the field of this script."""
    return {
        script: look(pixels.cut_out(page, box, height), script, other_fonts.get(script))
        for script, box in boxes.items()
    }
