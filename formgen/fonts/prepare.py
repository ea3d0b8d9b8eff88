"""Makes the font data of this package anew; run by hand when a font changes, never at run time.

    python -m formgen.fonts.prepare DejaVuSans.ttf OpenSans-Regular.ttf OpenSans-Semibold.ttf

What it writes beside itself, all derived from the given files and nothing else:

* `form-font.ttf.z`: a wide subset of DejaVu Sans, zlib-compressed as the PDF stores it;
* `form-font.tounicode.z`: its ToUnicode CMap (ISO 32000-1, 9.10.3), compressed likewise;
* `form-font.json`: widths, metrics and character map of the subset (CID = GID);
* `text-regular.ttf`, `text-bold.ttf`: the faces of the printed text, without layout tables;
* `text-metrics.json`: advance widths of both, so that the layout needs no font library;
* `srgb.icc`: the sRGB profile that PDF/A asks for, computed by Little CMS.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
#: What partners type: names and addresses in many scripts, and the signs around them.
FORM_RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x024F), (0x0259, 0x0259), (0x02BB, 0x02BD), (0x02C6, 0x02DD),
    (0x0300, 0x0331), (0x0370, 0x03FF), (0x0400, 0x052F), (0x0600, 0x06FF), (0x1E00, 0x1EFF),
    (0x2000, 0x2064), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x2193), (0x2212, 0x2212),
    (0x2248, 0x2265), (0x25A0, 0x25CF), (0x2605, 0x2606), (0x260E, 0x2611), (0x2709, 0x2718),
    (0xFB00, 0xFB06), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF), (0xFFFD, 0xFFFD),
)  # fmt: skip


#: Shapes of Arabic letters that Unicode has no code for, such as those of Kurdish: `uni0695.fina`.
_JOINED = re.compile(r"uni(06[0-9A-F]{2})\.(init|medi|fina)")


def _subset(path: Path, characters: set[int], glyphs: Sequence[str] = ()) -> TTFont:
    """The font at `path` with these characters and glyphs only; no hints, no layout tables, names kept."""
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables = [*options.drop_tables, "GSUB", "GPOS", "GDEF", "kern", "DSIG", "gasp", "FFTM"]
    options.recalc_timestamp = False
    font = TTFont(path, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters, glyphs=glyphs)
    subsetter.subset(font)
    return font


def _bytes(font: TTFont) -> bytes:
    target = io.BytesIO()
    font.save(target, reorderTables=True)
    return target.getvalue()


def _thousandths(font: TTFont, value: float) -> int:
    """Font units as thousandths of the type size."""
    return round(float(value) * 1000 / int(font["head"].unitsPerEm))


def _metrics(font: TTFont) -> dict[str, Any]:
    head, hhea, os2 = font["head"], font["hhea"], font["OS/2"]
    return {
        "name": str(font["name"].getDebugName(6)),
        "bbox": [_thousandths(font, value) for value in (head.xMin, head.yMin, head.xMax, head.yMax)],
        "ascent": _thousandths(font, hhea.ascent),
        "descent": _thousandths(font, hhea.descent),
        "cap_height": _thousandths(font, getattr(os2, "sCapHeight", 0) or 0.73 * head.unitsPerEm),
    }


def _to_unicode(characters: dict[int, int], joined: dict[str, dict[str, int]]) -> bytes:
    """A ToUnicode CMap: glyph -> the first of its characters, in blocks of 100 (Adobe TN 5014).

    Engines that type also read it backwards. Where a letter and its joined shapes share a character,
    PDFium takes the last entry and pdf.js the first, so the letter itself stands at both ends.
    """
    first = {glyph: int(code) for code, shapes in joined.items() for glyph in shapes.values()}
    first |= {glyph: character for character, glyph in sorted(characters.items(), reverse=True)}
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    pairs = sorted(first.items())
    pairs += [(characters[int(code)], int(code)) for code in joined if int(code) in characters]
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{glyph:04X}> <{character:04X}>" for glyph, character in block]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


def form_font(source: Path) -> None:
    """Write the form font's three files from a DejaVu Sans TTF."""
    wanted = {character for low, high in FORM_RANGES for character in range(low, high + 1)}
    shapes = [name for name in TTFont(source).getGlyphOrder() if _JOINED.fullmatch(name)]
    subset = _subset(source, wanted, shapes)
    joined: dict[str, dict[str, int]] = {}
    for number, name in enumerate(subset.getGlyphOrder()):
        if match := _JOINED.fullmatch(name):
            joined.setdefault(str(int(match[1], 16)), {})[match[2]] = number
    # The names of glyphs are lost on the way through the file, their order is not.
    font = TTFont(io.BytesIO(_bytes(subset)))
    data = _bytes(font)
    glyphs = {name: number for number, name in enumerate(font.getGlyphOrder())}
    characters = {code: glyphs[name] for code, name in font.getBestCmap().items()}
    body = _metrics(font) | {
        "length": len(data),
        "widths": [_thousandths(font, font["hmtx"][name][0]) for name in font.getGlyphOrder()],
        "characters": {str(code): glyph for code, glyph in sorted(characters.items())},
        "joined": joined,
    }
    (HERE / "form-font.ttf.z").write_bytes(zlib.compress(data, 9))
    (HERE / "form-font.tounicode.z").write_bytes(zlib.compress(_to_unicode(characters, joined), 9))
    (HERE / "form-font.json").write_text(json.dumps(body, separators=(",", ":")), encoding="ascii")


def text_faces(regular: Path, bold: Path) -> None:
    """Write both faces of the printed text and their widths."""
    metrics = {}
    for face, source in (("regular", regular), ("bold", bold)):
        font = _subset(source, set(TTFont(source).getBestCmap()))
        (HERE / f"text-{face}.ttf").write_bytes(_bytes(font))
        widths = {
            str(code): _thousandths(font, font["hmtx"][name][0])
            for code, name in sorted(font.getBestCmap().items())
        }
        metrics[face] = _metrics(font) | {"widths": widths}
    (HERE / "text-metrics.json").write_text(json.dumps(metrics, separators=(",", ":")), encoding="ascii")


def colour_profile() -> None:
    """Write the sRGB profile; its date is set to a fixed one, so that it can be made again alike."""
    from PIL import ImageCms  # noqa: PLC0415  only this function needs Pillow

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2010, 7.2.8 and 7.2.18: date at 24..36, profile id at 84..100 (zero: not computed)
    profile[24:36] = bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    profile[84:100] = bytes(16)
    (HERE / "srgb.icc").write_bytes(bytes(profile))


if __name__ == "__main__":
    form_font(Path(sys.argv[1]))
    text_faces(Path(sys.argv[2]), Path(sys.argv[3]))
    colour_profile()
