"""Whatever is legal XML says the same, in any part of a register that people worked in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from harvest.model import Register
from harvest.register.readback.register_reader import read_register
from harvest.register.update.register_update import update
from harvest.register.workbook.workbook_writer import write_new
from harvest.register.xlsx.normalize_xml import canonical, is_plain, plain
from spec.words import words
from tests.harvest.register.packages import parts, rewritten
from tests.harvest.register.peoples import excel_like
from tests.harvest.register.samples import checklist, entry, sample_register, sample_view

Spell = Callable[[str], str]
_TAG = re.compile(r"<(?![?!])[^>]*>")


def quoted(xml: str) -> str:
    """Apostrophes around attributes."""
    return _TAG.sub(lambda tag: re.sub(r'="([^"\']*)"', r"='\1'", tag[0]), xml)


def spaced(xml: str) -> str:
    """Blanks wherever a tag may have them."""
    return _TAG.sub(
        lambda tag: re.sub(r'(\s[\w:.-]+)="', r'\1 = "', re.sub(r"(?<![/])>\Z", " >", tag[0])), xml
    )


def unclosed(xml: str) -> str:
    """An end tag for every element."""
    return re.sub(r"<([\w:.-]+)((?:\s[^<>]*?)?)/>", r"<\1\2></\1>", xml)


def indented(xml: str) -> str:
    """A line for each element."""
    tree = etree.fromstring(xml.encode())
    etree.indent(tree)
    return etree.tostring(tree, encoding="unicode")


def commented(xml: str) -> str:
    """Comments and instructions among the elements."""
    tree = etree.fromstring(xml.encode())
    for element in list(tree.iter(etree.Element)):
        if len(element):
            element.insert(0, etree.Comment(" <row> -- ".replace("--", "==")))
            element.append(etree.ProcessingInstruction("office", 'row="1"'))
    return etree.tostring(tree, encoding="unicode")


def prefixed(xml: str) -> str:
    """Other prefixes for everything."""
    tree = ET.fromstring(xml)
    for element in tree.iter():
        for key in [key for key in element.attrib if key.endswith("}Ignorable")]:
            del element.attrib[key]
    return ET.tostring(tree, encoding="unicode")


SPELLINGS: dict[str, Spell] = {
    "apostrophes": quoted,
    "blanks": spaced,
    "end tags": unclosed,
    "indented": indented,
    "comments": commented,
    "prefixes": prefixed,
    "all": lambda xml: spaced(unclosed(indented(commented(prefixed(xml))))),
}


@cache
def worked_in(folder: Path) -> Path:
    path = folder / "worked in.xlsx"
    excel_like(sample_view(sample_register(20)), path)
    return path


def later() -> Register:
    """The register after a run: a row gone, one changed, one new."""
    register = sample_register(20)
    _, one, *others = register.entries
    changed = replace(one, values={**one.values, "kontakt": "neu"})
    return replace(register, entries=(changed, *others, entry(90, "rechtsanwaelte", id="x1")))


def spelt(path: Path, out: Path, spell: Spell) -> Path:
    changed = {}
    for name, data in parts(path).items():
        if name.endswith((".xml", ".rels", ".vml")):
            changed[name] = spell(re.sub(r"\A<\?xml[^>]*\?>\s*", "", data.decode())).encode()
    out.write_bytes(path.read_bytes())
    rewritten(out, changed)
    return out


def meaning(element: Any) -> Any:
    """What an element says, without prefixes, blanks between elements, comments."""
    inside = [one for one in element if isinstance(one.tag, str)]
    text = "".join((element.text or "", *(one.tail or "" for one in element)))
    attributes = {key: value for key, value in element.attrib.items() if not key.endswith("}Ignorable")}
    return (
        element.tag,
        attributes,
        text if text.strip() or not len(element) else "",
        [meaning(one) for one in inside],
    )


def meanings(path: Path) -> dict[str, Any]:
    return {
        name: meaning(etree.fromstring(data)) if name.endswith((".xml", ".rels", ".vml")) else data
        for name, data in parts(path).items()
    }


@pytest.mark.parametrize("how", SPELLINGS)
def test_an_update_does_the_same_in_every_spelling(
    how: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "spellings"
    folder.mkdir(exist_ok=True)
    path, plain_out, out = worked_in(folder), folder / "plain out.xlsx", folder / f"{how} out.xlsx"
    if not plain_out.exists():
        update(sample_view(later()), path, plain_out)
    odd = spelt(path, folder / f"{how}.xlsx", SPELLINGS[how])

    update(sample_view(later()), odd, out)

    wanted, found = meanings(plain_out), meanings(out)
    assert found.keys() == wanted.keys()
    for name in sorted(wanted):
        assert found[name] == wanted[name], name


@pytest.mark.parametrize("how", SPELLINGS)
def test_the_same_is_read_in_every_spelling(how: str, tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    write_new(sample_view(sample_register(20)), path)
    form, say = checklist(), words("de")

    odd = read_register(spelt(path, tmp_path / "odd.xlsx", SPELLINGS[how]), form, say)

    assert replace(odd, sha256="") == replace(read_register(path, form, say), sha256="")


@pytest.mark.parametrize("how", SPELLINGS)
def test_parts_that_nobody_changes_stay_byte_for_byte(how: str, tmp_path: Path) -> None:
    path, out = tmp_path / "register.xlsx", tmp_path / "out.xlsx"
    write_new(sample_view(sample_register(20)), path)
    odd = spelt(path, tmp_path / "odd.xlsx", SPELLINGS[how])

    update(sample_view(sample_register(20)), odd, out)

    assert parts(out) == parts(odd)


@pytest.mark.parametrize(
    "xml",
    [
        "<a b='1'/>",
        '<a b = "1"/>',
        '<a b="1" ><c/></a>',
        "<a><!-- x --></a>",
        "<a><?x y?></a>",
        "<a><![CDATA[x]]></a>",
        '<a xmlns:ns1="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        '<Relationships><Relationship Id="r"></Relationship></Relationships>',
    ],
)
def test_what_is_spelt_otherwise_is_known(xml: str) -> None:
    assert not is_plain(xml.encode())


@pytest.mark.parametrize(
    "xml", ['<?xml version="1.0"?>\n<a b="1"><t>a = "b", c=\'d\'</t></a>', "<a b=\"x = 'y'\"/>"]
)
def test_what_a_text_says_is_no_spelling(xml: str) -> None:
    assert is_plain(xml.encode())
    assert plain(xml, "x") is xml


def test_a_drawing_s_rows_are_no_sheet_s() -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    assert "<row>1</row>" in canonical(f"<wsDr xmlns='{space}'><from><row>1</row></from></wsDr>", "x")


def test_blanks_that_somebody_wrote_stay() -> None:
    xml = "<x:sst xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>\n<x:si><x:t> </x:t></x:si>\n</x:sst>"
    assert "<si><t> </t></si>" in canonical(xml, "x")
