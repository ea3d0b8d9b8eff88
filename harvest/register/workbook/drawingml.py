"""Drawings as package parts: one per sheet, for its native charts or its pictures; one part per chart.

Sources: ECMA-376-1 (21.2 charts, 20.5 spreadsheet drawings). The order of the elements is the schema's; Excel calls a
file damaged that breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from harvest.register.cell_text import to_attribute, to_xml
from harvest.register.sheet_model import ChartView, SheetView
from harvest.register.workbook.row_pictures import drawn_anew, standing
from harvest.register.workbook.sheet_marks import quoted
from harvest.register.xlsx.package import rels_part
from harvest.register.xlsx.part_names import OFFICE, relation_type
from harvest.register.xlsx.row_xml import letters
from harvest.register.xlsx.sheet_layout import DECLARATION

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.drawing"
_CHART_TYPE = f"{_TYPES}ml.chart+xml"
DRAWING_TYPE = f"{_TYPES}+xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CM = 360_000  # EMU
_WIDTH = 19 * _CM
#: The lowest row that a program draws; with higher ones the gap between two charts grows, they never overlap.
_ROW = 190_500
_NUMBERS = "#,##0"  # shown with the separators of the reader's country
_INK, _GREY = "37474F", "B0BEC5"
_CACHE = re.compile(r"<c:(num|str)Cache>.*?</c:\1Cache>", re.DOTALL)


@dataclass(slots=True)
class ChartParts:
    """Parts that are to stand in the package: name -> text, name -> content type for those that need one, pictures."""

    taken: Collection[str] = ()
    texts: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)

    def add(self, sheet: SheetView, title: str, part: str) -> bool:
        """The charts or pictures of the sheet in `part`, whose first drawing (`rId1`) they become; whether it has any."""
        placed = standing(sheet)
        if not (sheet.charts or placed):
            return False
        drawing = self.drawing()
        self.texts[rels_part(part)] = _relations("drawing", [drawing])
        if placed:
            made = drawn_anew(placed, drawing)
            self.texts |= made.texts
            self.media |= made.media
            return True
        charts = []
        for chart in sheet.charts:
            name = self._free("xl/charts/chart{}.xml", _CHART_TYPE)
            self.texts[name] = chart_xml(chart, sheet, title)
            charts.append(name)
        self.texts[drawing] = _drawing_xml(sheet)
        self.texts[rels_part(drawing)] = _relations("chart", charts)
        return True

    def drawing(self) -> str:
        """A name for one more drawing."""
        return self._free("xl/drawings/drawing{}.xml", DRAWING_TYPE)

    def outside(self) -> str:
        """The same for one that is told of by whoever asks."""
        name = self.drawing()
        self.types.pop(name)
        return name

    def _free(self, pattern: str, kind: str) -> str:
        number = 1
        while (name := pattern.format(number)) in self.taken or name in self.types:
            number += 1
        self.types[name] = kind
        return name


def without_cache(text: str) -> str:
    """A chart's part without the values that it keeps of the cells."""
    return _CACHE.sub("", text)


def _relations(kind: str, targets: list[str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{relation_type(kind)}" Target="/{target}"/>'
        for number, target in enumerate(targets, start=1)
    )
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


# ---------------------------------------------------------------- where the charts stand


def _height(chart: ChartView) -> int:
    return int(max(7.5, 1.8 + 0.66 * len(chart.colours)) * _CM) if chart.lying else int(7.5 * _CM)


def _drawing_xml(sheet: SheetView) -> str:
    """One below the other, right of the tables."""
    anchors, row = [], 1
    for number, chart in enumerate(sheet.charts, start=1):
        height = _height(chart)
        anchors.append(
            f"<xdr:oneCellAnchor><xdr:from><xdr:col>{len(sheet.columns) + 1}</xdr:col><xdr:colOff>0</xdr:colOff>"
            f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
            f'<xdr:ext cx="{_WIDTH}" cy="{height}"/><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
            f'<xdr:cNvPr id="{number + 1}" name="{to_attribute(chart.title)}" descr="{to_attribute(chart.alt)}"/>'
            "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
            '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
            f'<a:graphic><a:graphicData uri="{_DRAWING}/chart"><c:chart r:id="rId{number}"/></a:graphicData>'
            "</a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>"
        )
        row += height // _ROW + 2
    return (
        f'{DECLARATION}<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main"'
        f' xmlns:r="{OFFICE}/relationships" xmlns:c="{_DRAWING}/chart">{"".join(anchors)}</xdr:wsDr>'
    )


# ---------------------------------------------------------------- a chart


def chart_xml(chart: ChartView, sheet: SheetView, title: str, colours: Sequence[str] = ()) -> str:
    """The part of one chart. The cached values show it also where nothing is calculated.

    `colours`: others than the chart's own.
    """
    return (
        f'{DECLARATION}<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main"'
        f' xmlns:r="{OFFICE}/relationships"><c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>'
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr>{_font(1300, bold=True)}</a:pPr>"
        f"<a:r>{_font(1300, bold=True, tag='a:rPr')}<a:t>{to_xml(chart.title)}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f"{_bars(chart, sheet, title, colours or chart.colours)}{_axes(chart)}</c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>{_line(_GREY)}</c:spPr></c:chartSpace>'
    )


def _font(size: int, *, bold: bool = False, tag: str = "a:defRPr") -> str:
    return f'<{tag} sz="{size}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill></{tag}>'


def _text(size: int) -> str:
    return f"<c:txPr><a:bodyPr/><a:p><a:pPr>{_font(size)}</a:pPr><a:endParaRPr/></a:p></c:txPr>"


def _line(colour: str) -> str:
    return f'<a:ln w="9525"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln>'


def _fill(colour: str) -> str:
    return f'<c:spPr><a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill></c:spPr>'


def _bars(chart: ChartView, sheet: SheetView, title: str, colours: Sequence[str]) -> str:
    """One series; points of another colour than the first one's say so."""
    main = colours[0]
    points = "".join(
        f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>{_fill(colour)}</c:dPt>'
        for place, colour in enumerate(colours)
        if colour != main
    )
    return (
        f'<c:barChart><c:barDir val="{"bar" if chart.lying else "col"}"/><c:grouping val="clustered"/>'
        f'<c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/>{_series_name(chart, sheet, title)}'
        f'{_fill(main)}<c:invertIfNegative val="0"/>{points}<c:dLbls>'
        f'<c:numFmt formatCode="{_NUMBERS}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{_text(900)}<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
        f'</c:dLbls>{_data(chart, sheet, title)}</c:ser><c:gapWidth val="45"/>'
        '<c:axId val="500001"/><c:axId val="500002"/></c:barChart>'
    )


def _series_name(chart: ChartView, sheet: SheetView, title: str) -> str:
    place = sheet.index(chart.values)
    return (
        f"<c:tx><c:strRef><c:f>{to_xml(quoted(title))}!${letters(place)}$1</c:f>"
        f"<c:strCache>{_points([sheet.columns[place].heading])}</c:strCache></c:strRef></c:tx>"
    )


def _data(chart: ChartView, sheet: SheetView, title: str) -> str:
    rows = list(sheet.rows)[chart.first : chart.first + len(chart.colours)]
    labels, values = sheet.index(chart.labels), sheet.index(chart.values)

    def area(place: int) -> str:
        name = letters(place)
        return to_xml(f"{quoted(title)}!${name}${chart.first + 2}:${name}${chart.first + 1 + len(rows)}")

    return (
        f"<c:cat><c:strRef><c:f>{area(labels)}</c:f><c:strCache>"
        f"{_points([str(row.cells[labels]) for row in rows])}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{area(values)}</c:f><c:numCache><c:formatCode>{_NUMBERS}</c:formatCode>"
        f"{_points([str(row.cells[values]) for row in rows])}</c:numCache></c:numRef></c:val>"
    )


def _points(texts: list[str]) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{to_xml(text)}</c:v></c:pt>' for place, text in enumerate(texts)
    )
    return f'<c:ptCount val="{len(texts)}"/>{points}'


def _axes(chart: ChartView) -> str:
    """Labels on the one axis; the values stand at the bars, so that the other one needs no room.

    Bars that lie count from the bottom: turned round, they stand in the order of the table.
    """
    orientation, sides = ("maxMin", "lt") if chart.lying else ("minMax", "bl")
    hidden = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
    return (
        f'<c:catAx><c:axId val="500001"/><c:scaling><c:orientation val="{orientation}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{sides[0]}"/><c:numFmt formatCode="General" sourceLinked="0"/>{hidden}'
        f'<c:tickLblPos val="low"/><c:spPr>{_line(_GREY)}</c:spPr>{_text(900)}<c:crossAx val="500002"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        '<c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="500002"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{sides[1]}"/><c:numFmt formatCode="{_NUMBERS}" sourceLinked="0"/>{hidden}'
        '<c:tickLblPos val="nextTo"/><c:crossAx val="500001"/><c:crosses val="autoZero"/>'
        '<c:crossBetween val="between"/></c:valAx>'
    )
