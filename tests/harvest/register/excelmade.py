"""What only Excel writes into a workbook, spelt as Excel 365 spells it, put into a register of the tiny form.

A table with a total and a computed column, a threaded comment, a check box, a list box, sparklines, conditional formats and
choices of the newer kind, a slicer, a pivot table of a range and one of the table, dynamic arrays, a sheet of their own that
refers to ours in every way there is, a chart sheet, printer settings, a link to another workbook, custom XML, labels.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.harvest.register.packages import parts, picture, rewritten

SHEET = "xl/worksheets/sheet1.xml"
OWN = "xl/worksheets/sheet90.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
MS = "http://schemas.microsoft.com/office"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_KIND = "application/vnd.openxmlformats-officedocument"
_PERSON = "{8B3F1C8E-7F0B-4C4E-9C55-0A8D3D1E2F10}"
_THREAD = "{2E6A9D50-3A57-4A51-8E9B-1B0C6F7D8E21}"
_ANSWER = "{2E6A9D50-3A57-4A51-8E9B-1B0C6F7D8E22}"

#: Formulas on people's own sheet; `{last}` is the list's last row.
FORMULAS = {
    "A1": "COUNTA('Alle Einträge'!C2:C{last})",
    "A2": "'Alle Einträge'!D7",
    "A3": "VLOOKUP(\"x\",'Alle Einträge'!$A$2:$D${last},4,FALSE)",
    "A4": "COUNTA(Liste[Kontakt])",
    "A5": "SUBTOTAL(103,Liste[[#All],[Kontakt]])",
    "A6": "SUMPRODUCT(--('Alle Einträge'!$B$2:$B${last}=\"Wohnheim\"))",
    "A7": "COUNTA('Alle Einträge'!$C:$C)",
    "A8": "INDEX('Alle Einträge'!A:D,MATCH(\"Haus 5\",'Alle Einträge'!C:C,0),4)",
    "A9": "COUNTA('Alle Einträge'!7:7)",
    "A10": "'Alle Einträge'!C7&\"'Alle Einträge'!C7\"",
    "A11": "SUM(OFFSET('Alle Einträge'!$Z$1,1,0,COUNTA(Liste[Kennung])))",
    "A12": "[1]Tabelle1!$A$7+Zeile_Sieben",
    "A13": "IFERROR(_xlfn.XLOOKUP(\"x\",'Alle Einträge'!A2:A{last},'Alle Einträge'!D2:D{last}),LOG10(7))",
    "A14": "SUM('Alle Einträge:Dubletten'!M7)",
}


def excel_made(path: Path, last: int) -> None:
    """Put all of it into the register at `path`, whose list ends with row `last` and has the usual 24 columns."""
    old = {name: data.decode() for name, data in parts(path).items() if name.endswith((".xml", ".rels"))}
    made = _Made(old, last)
    made.sheet()
    made.own_sheet()
    made.book()
    rewritten(path, made.new)


class _Made:
    def __init__(self, old: dict[str, str], last: int) -> None:
        self.old, self.last = old, last
        self.new: dict[str, bytes] = {}
        self.types: list[tuple[str, str]] = []

    def add(self, name: str, xml: str | bytes, kind: str = "") -> None:
        """A part with its content type."""
        self.new[name] = xml if isinstance(xml, bytes) else (_XML + xml).encode()
        if kind:
            self.types.append((name, kind))

    def relations(self, part: str, *listed: tuple[str, str, str]) -> None:
        """The relationships of a part: id, type, target."""
        folder, _, name = part.rpartition("/")
        inside = "".join(
            f'<Relationship Id="{key}" Type="{kind if "://" in kind else f"{OFFICE}/relationships/{kind}"}" Target="{target}"'
            f"{' TargetMode=' + chr(34) + 'External' + chr(34) if target.startswith('file:') else ''}/>"
            for key, kind, target in listed
        )
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        self.add(f"{folder}/_rels/{name}.rels", f'<Relationships xmlns="{space}">{inside}</Relationships>')

    # ------------------------------------------------------------ on the sheet with all entries

    def sheet(self) -> None:
        """Table, comments, controls, formats."""
        xml, last = self.old[SHEET], self.last
        for row in range(2, last + 1):
            computed = f'<c r="Z{row}"><f>LEN(Liste[[#This Row],[Kontakt]])</f><v>1</v></c>'
            note = f'<c r="Y{row}" t="inlineStr"><is><t>Notiz {row}</t></is></c>'
            start, end = xml.split(f'<row r="{row}"', 1)
            xml = f'{start}<row r="{row}"{end.replace("</row>", f"{note}{computed}</row>", 1)}'
        heads = "".join(
            f'<c r="{name}1" t="inlineStr"><is><t>{text}</t></is></c>'
            for name, text in (("Y", "Notiz"), ("Z", "Länge"))
        )
        xml = xml.replace("</row>", f"{heads}</row>", 1)
        total = last + 1
        xml = xml.replace(
            "</sheetData>",
            f'<row r="{total}"><c r="A{total}" t="inlineStr"><is><t>Ergebnis</t></is></c><c r="D{total}"><f>SUBTOTAL(103,Liste[Kontakt])</f><v>5</v></c>'
            f'<c r="Z{total}"><f>SUBTOTAL(109,Liste[Länge])</f><v>5</v></c></row></sheetData>',
        )  # fmt: skip
        xml = re.sub(r"<autoFilter[^>]*/>", "", xml)
        xml = re.sub(
            r"<worksheet [^>]*>",
            f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships" xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
            f' xmlns:x14="{MS}/spreadsheetml/2009/9/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr"'
            f' xmlns:x14ac="{MS}/spreadsheetml/2009/9/ac" xmlns:xr="{MS}/spreadsheetml/2014/revision" xr:uid="{{00000000-0001-0000-0000-000000000000}}">',
            xml, count=1,
        )  # fmt: skip
        xml = re.sub(
            r"<pageSetup [^>]*/>",
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0" r:id="rId1"/>',
            xml,
        )
        breaks = '<rowBreaks count="1" manualBreakCount="1"><brk id="6" max="16383" man="1"/></rowBreaks>'
        xml = xml.replace(
            "<ignoredErrors>", f'{breaks}<cellWatches><cellWatch r="D7"/></cellWatches><ignoredErrors>'
        )
        xml = xml.replace("</worksheet>", self._after_the_rows() + "</worksheet>")
        scenario = '<scenarios current="0" show="0"><scenario name="Fall" locked="1" count="1" user="Büro"><inputCells r="Y7" val="x"/></scenario></scenarios>'
        xml = xml.replace("<conditionalFormatting", f"{scenario}<conditionalFormatting", 1)
        self.add(SHEET, xml.split("?>", 1)[1].lstrip())
        self.relations(
            SHEET, ("rId1", "printerSettings", "../printerSettings/printerSettings1.bin"), ("rId2", "drawing", "../drawings/drawing90.xml"),
            ("rId3", "vmlDrawing", "../drawings/vmlDrawing1.vml"), ("rId4", "comments", "../comments1.xml"), ("rId5", "table", "../tables/table1.xml"),
            ("rId6", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml"),
            ("rId7", "ctrlProp", "../ctrlProps/ctrlProp1.xml"), ("rId8", "ctrlProp", "../ctrlProps/ctrlProp2.xml"),
            ("rId9", "http://schemas.microsoft.com/office/2007/relationships/slicer", "../slicers/slicer1.xml"),
        )  # fmt: skip
        self.add("xl/printerSettings/printerSettings1.bin", b"\0\1\2" * 40)
        self._comments()
        self._table()
        self._drawn()

    def _after_the_rows(self) -> str:
        control = "".join(
            f'<mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="{number}" r:id="{relation}" name="{name}"><controlPr defaultSize="0" autoFill="0"'
            f' autoLine="0" autoPict="0"><anchor moveWithCells="1"><from><xdr:col>27</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff>'
            f"</from><to><xdr:col>28</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row + 1}</xdr:row><xdr:rowOff>0</xdr:rowOff></to></anchor></controlPr></control>"
            "</mc:Choice></mc:AlternateContent>"
            for number, relation, name, row in ((1026, "rId7", "Kästchen 1", 6), (1027, "rId8", "Auswahl 2", 8))
        )  # fmt: skip
        extended = (
            f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{MS}/spreadsheetml/2009/9/main"><x14:conditionalFormattings>'
            f'<x14:conditionalFormatting xmlns:xm="{MS}/excel/2006/main"><x14:cfRule type="expression" priority="90" id="{{11111111-2222-3333-4444-555555555555}}">'
            f"<xm:f>Auswertung!$A$1&gt;LEN($D2)</xm:f><x14:dxf><font><b/></font></x14:dxf></x14:cfRule><xm:sqref>D2:D{self.last} Y7</xm:sqref>"
            "</x14:conditionalFormatting></x14:conditionalFormattings></ext>"
            f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{MS}/spreadsheetml/2009/9/main"><x14:dataValidations count="1" xmlns:xm="{MS}/excel/2006/main">'
            f'<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Auswertung!$C$1:$C$3</xm:f></x14:formula1><xm:sqref>Y2:Y{self.last}</xm:sqref></x14:dataValidation>'
            "</x14:dataValidations></ext>"
            f'<ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{MS}/spreadsheetml/2009/9/main"><x14:sparklineGroups xmlns:xm="{MS}/excel/2006/main">'
            "<x14:sparklineGroup displayEmptyCellsAs=\"gap\"><x14:sparklines><x14:sparkline><xm:f>'Alle Einträge'!M7:N7</xm:f><xm:sqref>AA7</xm:sqref></x14:sparkline>"
            "</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
            f'<ext uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}" xmlns:x15="{MS}/spreadsheetml/2010/11/main"><x14:slicerList xmlns:x14="{MS}/spreadsheetml/2009/9/main">'
            '<x14:slicer r:id="rId9"/></x14:slicerList></ext></extLst>'
        )  # fmt: skip
        return (
            '<drawing r:id="rId2"/><legacyDrawing r:id="rId3"/><mc:AlternateContent><mc:Choice Requires="x14"><controls>'
            f"{control}</controls></mc:Choice></mc:AlternateContent>"
            f'<tableParts count="1"><tablePart r:id="rId5"/></tableParts>{extended}'
        )

    def _table(self) -> None:
        names = re.findall(r"<is><t>([^<]*)</t>", self.new[SHEET].decode().split("</row>", 1)[0])
        columns = "".join(
            f'<tableColumn id="{number}" name="{name}"'
            + {
                "Kennung": ' totalsRowLabel="Ergebnis"/>',
                "Kontakt": ' totalsRowFunction="count"/>',
                "Länge": ' totalsRowFunction="sum"><calculatedColumnFormula>LEN(Liste[[#This Row],[Kontakt]])</calculatedColumnFormula></tableColumn>',
            }.get(name, "/>")
            for number, name in enumerate(names, start=1)
        )
        self.add(
            "xl/tables/table1.xml",
            f'<table xmlns="{MAIN}" id="1" name="Liste" displayName="Liste" ref="A1:Z{self.last + 1}" totalsRowCount="1"><autoFilter ref="A1:Z{self.last}"/>'
            f'<tableColumns count="{len(names)}">{columns}</tableColumns><tableStyleInfo name="TableStyleMedium2" showRowStripes="1"/></table>',
            f"{_KIND}.spreadsheetml.table+xml",
        )
        self.add(
            "xl/slicers/slicer1.xml",
            f'<slicers xmlns="{MS}/spreadsheetml/2009/9/main"><slicer name="Angebot" cache="Datenschnitt_Angebot" caption="Angebot" rowHeight="241300"/></slicers>',
            "application/vnd.ms-excel.slicer+xml",
        )
        self.add(
            "xl/slicerCaches/slicerCache1.xml",
            f'<slicerCacheDefinition xmlns="{MS}/spreadsheetml/2009/9/main" name="Datenschnitt_Angebot" sourceName="Angebot"><extLst><x:ext xmlns:x="{MAIN}"'
            f' uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}" xmlns:x15="{MS}/spreadsheetml/2010/11/main"><x15:tableSlicerCache tableId="1" column="2"/></x:ext></extLst>'
            "</slicerCacheDefinition>",
            "application/vnd.ms-excel.slicerCache+xml",
        )  # fmt: skip

    def _comments(self) -> None:
        self.add(
            "xl/comments1.xml",
            f'<comments xmlns="{MAIN}"><authors><author>tc={_THREAD}</author><author>Büro</author></authors><commentList><comment ref="D7" authorId="0" shapeId="0">'
            '<text><t>[Threadkommentar] Bitte anrufen</t></text></comment><comment ref="C9" authorId="1" shapeId="0"><text><r><t>Alte Notiz</t></r></text></comment></commentList></comments>',
            f"{_KIND}.spreadsheetml.comments+xml",
        )  # fmt: skip
        self.add(
            "xl/threadedComments/threadedComment1.xml",
            f'<ThreadedComments xmlns="{MS}/spreadsheetml/2018/threadedcomments"><threadedComment ref="D7" dT="2026-01-02T03:04:05.00" personId="{_PERSON}" id="{_THREAD}">'
            f'<text>Bitte anrufen</text></threadedComment><threadedComment ref="D7" dT="2026-01-03T03:04:05.00" personId="{_PERSON}" id="{_ANSWER}" parentId="{_THREAD}">'
            "<text>Erledigt</text></threadedComment></ThreadedComments>",
            "application/vnd.ms-excel.threadedcomments+xml",
        )  # fmt: skip
        shapes = "".join(
            f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="infoBackground [80]" o:insetmode="auto"><v:textbox/>'
            f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>5, 15, {row - 1}, 2, 7, 31, {row + 3}, 1</x:Anchor><x:AutoFill>False</x:AutoFill>'
            f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
            for number, row, column in ((1025, 6, 3), (1028, 8, 2))
        ) + "".join(
            f'<v:shape id="_x0000_s{number}" type="#_x0000_t201" style="position:absolute" o:button="t"><x:ClientData ObjectType="{kind}"><x:Anchor>27, 0, {row}, 0, 28, 0, {row + 1}, 0</x:Anchor>'
            f"<x:AutoFill>False</x:AutoFill><x:FmlaLink>$AC$7</x:FmlaLink>{more}</x:ClientData></v:shape>"
            for number, kind, row, more in ((1026, "Checkbox", 6, ""), (1027, "Drop", 8, f"<x:FmlaRange>$Y$2:$Y${self.last}</x:FmlaRange>"))
        )  # fmt: skip
        self.add(
            "xl/drawings/vmlDrawing1.vml",
            f'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">{shapes}</xml>'.encode(),
        )
        for number, rest in (
            (1, 'objectType="CheckBox" fmlaLink="$AC$7"'),
            (
                2,
                f'objectType="Drop" dropStyle="combo" fmlaLink="\'Alle Einträge\'!$AC$9" fmlaRange="$Y$2:$Y${self.last}"',
            ),
        ):
            self.add(
                f"xl/ctrlProps/ctrlProp{number}.xml",
                f'<formControlPr xmlns="{MS}/spreadsheetml/2009/9/main" {rest} lockText="1" noThreeD="1"/>',
                "application/vnd.ms-excel.controlproperties+xml",
            )

    def _drawn(self) -> None:
        def anchor(row: int, inside: str) -> str:
            corner = "<xdr:{0}><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{2}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{0}>"
            return f'<xdr:twoCellAnchor editAs="oneCell">{corner.format("from", 27, row)}{corner.format("to", 28, row + 1)}{inside}<xdr:clientData/></xdr:twoCellAnchor>'

        image = (
            '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Grafik 1"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch>'
            '</xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
        )  # fmt: skip
        box = '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="1026" name="Kästchen 1"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp>'
        linked = '<xdr:sp macro="" textlink="\'Alle Einträge\'!$C$7"><xdr:nvSpPr><xdr:cNvPr id="5" name="Textfeld"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp>'
        self.add(
            "xl/drawings/drawing90.xml",
            '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
            f' xmlns:r="{OFFICE}/relationships">{anchor(6, image)}<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f'<mc:Choice xmlns:a14="{MS}/drawing/2010/main" Requires="a14">{anchor(6, box)}</mc:Choice><mc:Fallback/></mc:AlternateContent>{anchor(8, linked)}</xdr:wsDr>',
            f"{_KIND}.drawing+xml",
        )  # fmt: skip
        self.relations("xl/drawings/drawing90.xml", ("rId1", "image", "../media/image90.png"))
        self.add("xl/media/image90.png", picture().getvalue())

    # ------------------------------------------------------------ their own sheets

    def own_sheet(self) -> None:
        """A sheet that refers to ours in every way; a chart sheet; pivot tables."""
        cells = {
            name: f'<c r="{name}"><f>{_escaped(text.format(last=self.last))}</f><v>1</v></c>'
            for name, text in FORMULAS.items()
        }
        cells["A15"] = (
            f'<c r="A15" cm="1"><f t="array" ref="A15:A19">_xlfn._xlws.SORT(\'Alle Einträge\'!C2:C{self.last})</f><v>1</v></c>'
        )
        rows = "".join(f'<row r="{number}">{cells[f"A{number}"]}</row>' for number in range(1, 16))
        self.add(
            OWN,
            f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><sheetData>{rows}</sheetData><conditionalFormatting sqref="A1"><cfRule type="expression" priority="1">'
            "<formula>'Alle Einträge'!$D$7=\"x\"</formula></cfRule></conditionalFormatting>"
            "<hyperlinks><hyperlink ref=\"A2\" location=\"'Alle Einträge'!D7\" display=\"hin\"/></hyperlinks></worksheet>",
            f"{_KIND}.spreadsheetml.worksheet+xml",
        )  # fmt: skip
        self.relations(
            OWN,
            ("rId1", "pivotTable", "../pivotTables/pivotTable1.xml"),
            ("rId2", "pivotTable", "../pivotTables/pivotTable2.xml"),
        )
        for number, source in ((1, f'ref="A1:D{self.last}" sheet="Alle Einträge"'), (2, 'name="Liste"')):
            fields = "".join(
                f'<cacheField name="{name}"><sharedItems/></cacheField>'
                for name in ("Kennung", "Angebot", "Einrichtung (Formular)", "Kontakt")
            )
            self.add(
                f"xl/pivotCache/pivotCacheDefinition{number}.xml",
                f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships" r:id="rId1" recordCount="0"><cacheSource type="worksheet"><worksheetSource {source}/>'
                f'</cacheSource><cacheFields count="4">{fields}</cacheFields></pivotCacheDefinition>',
                f"{_KIND}.spreadsheetml.pivotCacheDefinition+xml",
            )  # fmt: skip
            self.relations(
                f"xl/pivotCache/pivotCacheDefinition{number}.xml",
                ("rId1", "pivotCacheRecords", f"pivotCacheRecords{number}.xml"),
            )
            self.add(
                f"xl/pivotCache/pivotCacheRecords{number}.xml",
                f'<pivotCacheRecords xmlns="{MAIN}" count="0"/>',
                f"{_KIND}.spreadsheetml.pivotCacheRecords+xml",
            )
            self.add(
                f"xl/pivotTables/pivotTable{number}.xml",
                f'<pivotTableDefinition xmlns="{MAIN}" name="PivotTable{number}" cacheId="{number}" dataCaption="Werte"><location ref="F{number * 20}:G{number * 20 + 5}" firstHeaderRow="1"'
                ' firstDataRow="1" firstDataCol="1"/></pivotTableDefinition>',
                f"{_KIND}.spreadsheetml.pivotTable+xml",
            )
            self.relations(
                f"xl/pivotTables/pivotTable{number}.xml",
                ("rId1", "pivotCacheDefinition", f"../pivotCache/pivotCacheDefinition{number}.xml"),
            )
        self.add(
            "xl/chartsheets/sheet1.xml",
            f'<chartsheet xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><sheetViews><sheetView workbookViewId="0"/></sheetViews><drawing r:id="rId1"/></chartsheet>',
            f"{_KIND}.spreadsheetml.chartsheet+xml",
        )
        self.relations("xl/chartsheets/sheet1.xml", ("rId1", "drawing", "../drawings/drawing91.xml"))
        space = "http://schemas.openxmlformats.org/drawingml/2006"
        self.add(
            "xl/drawings/drawing91.xml",
            f'<xdr:wsDr xmlns:xdr="{space}/spreadsheetDrawing" xmlns:a="{space}/main"><xdr:absoluteAnchor><xdr:pos x="0" y="0"/><xdr:ext cx="9" cy="9"/><xdr:graphicFrame macro="">'
            '<xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Diagramm 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
            f'<a:graphic><a:graphicData uri="{space}/chart"><c:chart xmlns:c="{space}/chart" xmlns:r="{OFFICE}/relationships" r:id="rId1"/></a:graphicData></a:graphic>'
            "</xdr:graphicFrame><xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>",
            f"{_KIND}.drawing+xml",
        )  # fmt: skip
        self.relations("xl/drawings/drawing91.xml", ("rId1", "chart", "../charts/chart90.xml"))
        self.add(
            "xl/charts/chart90.xml",
            f'<c:chartSpace xmlns:c="{space}/chart"><c:chart><c:plotArea><c:pieChart><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef>'
            f"<c:f>'Alle Einträge'!$Z$2:$Z${self.last}</c:f></c:numRef></c:val></c:ser></c:pieChart></c:plotArea></c:chart></c:chartSpace>",
            f"{_KIND}.drawingml.chart+xml",
        )

    # ------------------------------------------------------------ the workbook

    def book(self) -> None:
        """Sheets, names, and what belongs to the workbook as a whole."""
        name, rels, types = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
        listed = [
            ("rId90", "worksheet", "worksheets/sheet90.xml"), ("rId91", "chartsheet", "chartsheets/sheet1.xml"),
            ("rId92", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"), ("rId93", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition2.xml"),
            ("rId94", "calcChain", "calcChain.xml"), ("rId95", "http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"),
            ("rId96", "sheetMetadata", "metadata.xml"), ("rId97", "externalLink", "externalLinks/externalLink1.xml"), ("rId98", "customXml", "../customXml/item1.xml"),
            ("rId99", "http://schemas.microsoft.com/office/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml"),
        ]  # fmt: skip
        more = "".join(
            f'<Relationship Id="{key}" Type="{kind if "://" in kind else f"{OFFICE}/relationships/{kind}"}" Target="{target}"/>'
            for key, kind, target in listed
        )
        self.new[rels] = self.old[rels].replace("</Relationships>", f"{more}</Relationships>").encode()
        place = self.old[name].count("<sheet ")
        book = self.old[name].replace(
            "</sheets>",
            '<sheet name="Auswertung" sheetId="90" r:id="rId90"/><sheet name="Diagramm1" sheetId="91" state="veryHidden" r:id="rId91"/></sheets><externalReferences><externalReference r:id="rId97"/></externalReferences>',
        )
        book = re.sub(
            r'<definedName name="_xlnm._FilterDatabase" localSheetId="0"[^>]*>[^<]*</definedName>', "", book
        )
        names = (
            f"<definedName name=\"Kontakte\">'Alle Einträge'!$D$2:$D${self.last}</definedName><definedName name=\"Zeile_Sieben\">'Alle Einträge'!$C$7</definedName>"
            f"<definedName name=\"Wachsend\">OFFSET('Alle Einträge'!$A$1,0,0,COUNTA('Alle Einträge'!$A:$A),4)</definedName>"
            f"<definedName name=\"Doppelt\">_xlfn.LAMBDA(_xlpm.x,_xlpm.x&amp;'Alle Einträge'!$D$7)</definedName>"
            f'<definedName name="Datenschnitt_Angebot">#N/A</definedName><definedName name="Eigen" localSheetId="{place}">Auswertung!$A$7</definedName>'
        )  # fmt: skip
        book = book.replace("</definedNames>", f"{names}</definedNames>")
        pivots = '<pivotCaches><pivotCache cacheId="1" r:id="rId92"/><pivotCache cacheId="2" r:id="rId93"/></pivotCaches>'
        slicers = (
            f'<extLst><ext uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}" xmlns:x15="{MS}/spreadsheetml/2010/11/main"><x15:slicerCaches xmlns:x14="{MS}/spreadsheetml/2009/9/main">'
            '<x14:slicerCache r:id="rId99"/></x15:slicerCaches></ext></extLst>'
        )
        self.new[name] = book.replace(
            "</workbook>", f'<calcPr calcId="191029"/>{pivots}{slicers}</workbook>'
        ).encode()
        self._of_the_book()
        kinds = "".join(
            f'<Override PartName="/{part}" ContentType="{kind}"/>'
            for part, kind in self.types
            if part != SHEET
        )
        defaults = f'<Default Extension="bin" ContentType="{_KIND}.spreadsheetml.printerSettings"/><Default Extension="vml" ContentType="{_KIND}.vmlDrawing"/>'
        text = self.old[types].replace("</Types>", f"{kinds}</Types>")
        self.new[types] = re.sub(
            r"(<Types [^>]*>)", lambda found: found[1] + defaults, text, count=1
        ).encode()

    def _of_the_book(self) -> None:
        own = "".join(f'<c r="A{number}" i="90"/>' for number in range(1, 16))
        chain = (
            own
            + "".join(f'<c r="Z{row}" i="1"/>' for row in range(2, self.last + 2))
            + f'<c r="D{self.last + 1}" i="1"/>'
        )
        self.add(
            "xl/calcChain.xml",
            f'<calcChain xmlns="{MAIN}">{chain}</calcChain>',
            f"{_KIND}.spreadsheetml.calcChain+xml",
        )
        self.add(
            "xl/persons/person.xml",
            f'<personList xmlns="{MS}/spreadsheetml/2018/threadedcomments"><person displayName="Büro" id="{_PERSON}" userId="S::buero@office.example" providerId="AD"/></personList>',
            "application/vnd.ms-excel.person+xml",
        )  # fmt: skip
        self.add(
            "xl/metadata.xml",
            f'<metadata xmlns="{MAIN}" xmlns:xda="{MS}/spreadsheetml/2017/dynamicarray"><metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1"'
            ' pasteAll="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">'
            '<xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>',
            f"{_KIND}.spreadsheetml.sheetMetadata+xml",
        )  # fmt: skip
        self.add(
            "xl/externalLinks/externalLink1.xml",
            f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}/relationships" r:id="rId1"><sheetNames><sheetName val="Tabelle1"/></sheetNames></externalBook></externalLink>',
            f"{_KIND}.spreadsheetml.externalLink+xml",
        )
        self.relations(
            "xl/externalLinks/externalLink1.xml", ("rId1", "externalLinkPath", "file:///C:/Haushalt.xlsx")
        )
        self.new["customXml/item1.xml"] = b"<a  b = '1' />"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
