"""What a screen reader relies on and veraPDF does not see."""

import io

import pikepdf
import pytest
from pikepdf import Name, Object

from formgen.blank import Blank, build_blank
from spec.form.load import default_form
from tests.formgen.pdf.structure import elements
from tests.formgen.samples import english_form


@pytest.fixture(scope="module")
def tree(pdf: pikepdf.Pdf) -> list[Object]:
    return list(elements(pdf.Root.StructTreeRoot))


@pytest.fixture(scope="module")
def forms(tree: list[Object]) -> list[Object]:
    return [element for element in tree if Name.Form == element.S]


@pytest.fixture(scope="module")
def parents(pdf: pikepdf.Pdf) -> dict[int, Object]:
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    keys = [int(key) for key in numbers[::2]]
    assert keys == sorted(keys)
    assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) == len(keys)
    return dict(zip(keys, numbers[1::2], strict=True))


def widgets(pdf: pikepdf.Pdf) -> list[Object]:
    return [widget for page in pdf.pages for widget in page.obj.Annots]


def test_every_widget_is_reached_by_exactly_one_form_element(pdf: pikepdf.Pdf, forms: list[Object]) -> None:
    reached = [form.K.Obj.objgen for form in forms]
    assert sorted(reached) == sorted(widget.objgen for widget in widgets(pdf))
    assert len(set(reached)) == len(reached)


def test_the_tab_key_follows_the_order_of_reading(pdf: pikepdf.Pdf, forms: list[Object]) -> None:
    assert [form.K.Obj.objgen for form in forms] == [widget.objgen for widget in widgets(pdf)]
    assert all(page.obj.Tabs == Name.S for page in pdf.pages)


def test_tooltips_are_unique_and_begin_with_the_visible_heading(pdf: pikepdf.Pdf) -> None:
    labels = [str(widget.TU) for widget in widgets(pdf)]
    assert len(set(labels)) == len(labels)
    assert "Einrichtung mit Adresse, Zeile 2, Kontakt- und Beratungsstelle" in labels
    assert len({str(widget.T) for widget in widgets(pdf)}) == len(labels)


def test_a_form_element_is_announced_by_its_tooltip_in_pdfjs_too(forms: list[Object]) -> None:
    assert all(str(form.Alt) == str(form.K.Obj.TU) for form in forms)


def test_the_parent_tree_leads_back_from_widgets(pdf: pikepdf.Pdf, parents: dict[int, Object]) -> None:
    for widget in widgets(pdf):
        assert parents[int(widget.StructParent)].K.Obj.objgen == widget.objgen


def test_the_parent_tree_leads_back_from_marked_content(
    pdf: pikepdf.Pdf, parents: dict[int, Object], tree: list[Object]
) -> None:
    marked = {
        (element.Pg.objgen, int(element.K)): element for element in tree if isinstance(element.get("/K"), int)
    }
    seen = set()
    for page in pdf.pages:
        row = parents[int(page.obj.StructParents)]
        for mcid, element in enumerate(row):
            assert marked[page.obj.objgen, mcid].objgen == element.objgen
            seen.add((page.obj.objgen, mcid))
    assert seen == set(marked)


def test_marks_in_the_pages_are_numbered_from_0_and_never_nest(
    pdf: pikepdf.Pdf, parents: dict[int, Object]
) -> None:
    for page in pdf.pages:
        open_marks, mcids = 0, []
        for instruction in pikepdf.parse_content_stream(page):
            operands, operator = instruction.operands, instruction.operator
            if str(operator) == "BDC":
                assert open_marks == 0
                open_marks += 1
                if "/MCID" in operands[1]:
                    mcids.append(int(operands[1]["/MCID"]))
                else:
                    assert operands[0] == Name.Artifact
            elif str(operator) == "EMC":
                open_marks -= 1
            elif str(operator) in {"Tj", "TJ", "f", "S", "Do"}:
                assert open_marks == 1, "something is drawn outside of any mark"
        assert mcids == list(range(len(parents[int(page.obj.StructParents)])))


def test_each_category_is_a_section_with_its_heading_and_its_table(tree: list[Object]) -> None:
    sects = [element for element in tree if Name.Sect == element.S]
    assert len(sects) == 1 + 25 + 1
    for sect in sects[1:-1]:
        roles = [str(kid.S) for kid in sect.K]
        assert roles.count("/H1") == roles.count("/Table") >= 1


def test_tables_are_regular_and_their_headers_have_scopes(tree: list[Object]) -> None:
    for table in (element for element in tree if Name.Table == element.S):
        head, *rows = table.K
        assert [str(cell.A.Scope) for cell in head.K] == ["/Column"] * 6
        for row in rows:
            assert [str(cell.S) for cell in row.K] == ["/TH"] + ["/TD"] * 5
            assert row.K[0].A.Scope == Name.Row


def test_the_catalog_speaks_of_language_title_and_tags(pdf: pikepdf.Pdf) -> None:
    form = default_form()
    assert str(pdf.Root.Lang) == "de-DE"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo.Title) == form.title
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        assert metadata["dc:title"] == form.title
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def test_the_outline_leads_to_every_section_and_category(pdf: pikepdf.Pdf, blank: Blank) -> None:
    form = default_form()
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        below = {item.title: [child.title for child in item.children] for item in outline.root}
    assert titles == [form.title, *(section.title for section in form.sections), form.feedback.title]
    for section in form.sections:
        assert below[section.title] == [category.name for category in section.categories]


def test_a_second_language_is_announced_as_such() -> None:
    with pikepdf.open(io.BytesIO(build_blank(english_form()).pdf)) as english:
        languages = [str(e.Lang) for e in elements(english.Root.StructTreeRoot) if "/Lang" in e]
        assert str(english.Root.Lang) == "en-GB"
    # one description; one hint over the table of each of the two sheets
    assert languages == ["pl", "pl", "pl"]
