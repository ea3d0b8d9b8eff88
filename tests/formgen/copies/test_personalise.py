"""A copy: the blank's bytes and one appended section; who it is for, which pages, and a file like the blank's."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp as zxing
from pikepdf import Name, Object

from formgen.blank import build_blank
from formgen.layout import blank_layout
from spec.form.load import default_form
from spec.names import IdField, PageIdentity, find_identities, parse_field_name, parse_identity
from tests.formgen import verapdf
from tests.formgen.copies.personalised import (
    SAMPLES,
    TOKEN,
    built,
    fields,
    made,
    on_state,
    opened,
    recipient,
    reported,
    sample,
    widgets,
)
from tests.formgen.pdf.structure import elements
from tests.formgen.samples import english_form, small_form, with_category


@pytest.fixture(params=SAMPLES)
def copy(request: pytest.FixtureRequest) -> bytes:
    return sample(request.param)


@pytest.fixture
def file(copy: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "copy.pdf"
    path.write_bytes(copy)
    return path


def keys(pdf: pikepdf.Pdf) -> list[tuple[str, int]]:
    """Category and number of each page, as its id field's name says."""
    found = []
    for page in pdf.pages:
        name = parse_field_name(str(page.obj.Annots[-1].T))
        assert isinstance(name, IdField)
        found.append((name.category, name.page))
    return found


# ---------------------------------------------------------------- bytes


def test_the_blank_is_the_beginning_of_every_copy(copy: bytes) -> None:
    assert copy.startswith(built().pdf)
    assert len(copy) < 500_000


def test_the_same_plan_gives_the_same_bytes() -> None:
    form = default_form()
    again = reported(form, {"kontaktstelle": 4, "spdi": 3, "wohnheim": 5}, nils=["fachklinik"])
    assert made(build_blank(form), form, recipient(), again)[0] == sample("filled")


def test_a_copy_does_not_depend_on_the_others_of_its_round() -> None:
    from formgen.copies.batch import personaliser
    from formgen.copies.personalise import plan_copy

    form, blank = default_form(), built()
    plans = [
        plan_copy(form, recipient(), TOKEN, reported(form, {"wohnheim": 23, "krisendienst": 9})),
        plan_copy(form, recipient("spdi"), "kmnpqrsth", reported(form, {})),
        plan_copy(form, recipient("kontaktstelle"), TOKEN, reported(form, {"kontaktstelle": 14})),
    ]
    together = personaliser(form, blank, plans)
    for plan in plans:
        together.copy(plan)
    assert together.copy(plans[-1]) == personaliser(form, blank, plans[-1:]).copy(plans[-1])


def test_the_first_half_of_the_file_id_stays_and_the_second_tells_copies_apart(copy: bytes) -> None:
    with opened(built().pdf) as blank, opened(copy) as own:
        assert bytes(own.trailer.ID[0]) == bytes(blank.trailer.ID[0])
        assert bytes(own.trailer.ID[1]) != bytes(blank.trailer.ID[1])


def test_a_copy_speaks_of_no_date(copy: bytes) -> None:
    with opened(copy) as pdf:
        assert set(pdf.docinfo.keys()) == {"/Title", "/Subject", "/Keywords", "/Producer"}


# ---------------------------------------------------------------- who it is for


def test_the_token_is_in_every_pages_id_field_and_in_its_small_print(copy: bytes) -> None:
    edition = built().edition_file.edition
    with opened(copy) as pdf:
        for page, (category, number) in zip(pdf.pages, keys(pdf), strict=True):
            identity = PageIdentity(edition, TOKEN, category, number)
            assert parse_identity(str(page.obj.Annots[-1].V)) == identity
            drawn = page.obj.Resources.XObject.Identity.read_bytes()
            assert drawn.count(b" re\n") > 100


@pytest.mark.parametrize("kind", ["few", "further"])
def test_the_printed_page_says_who_it_is_by_text_and_by_code(kind: str) -> None:
    edition = built().edition_file.edition
    with opened(sample(kind)) as pdf:
        expected = [PageIdentity(edition, TOKEN, category, number) for category, number in keys(pdf)]
    document = pypdfium2.PdfDocument(sample(kind))
    try:
        for page, identity in zip(document, expected, strict=True):
            textpage = page.get_textpage()
            assert find_identities(textpage.get_text_range()) == (identity,)
            codes = zxing.read_barcodes(page.render(scale=110 / 72).to_pil())
            assert [parse_identity(code.text) for code in codes] == [identity]
            textpage.close()
            page.close()
    finally:
        document.close()


def test_the_cover_knows_organisation_person_and_address(copy: bytes) -> None:
    whom = recipient()
    with opened(copy) as pdf:
        found = fields(pdf)
        for key, text in (
            ("organisation", whom.organisation),
            ("person", whom.person),
            ("email", whom.email),
        ):
            assert str(found[f"cover_{key}"].V) == text
            assert b"Tj" in found[f"cover_{key}"].AP.N.read_bytes()
        assert "/V" not in found["cover_telefon"]


# ---------------------------------------------------------------- which pages


def test_all_pages_where_no_categories_are_given() -> None:
    with opened(sample("plain")) as pdf:
        assert keys(pdf) == [(page.category, page.number) for page in built().edition_file.pages]


def test_only_the_given_categories_in_the_forms_order_between_cover_and_feedback() -> None:
    with opened(sample("few")) as pdf:
        wanted = ["cover", "kontaktstelle", "spdi", "migrationsfachdienste", "feedback"]
        assert keys(pdf) == [(category, 1) for category in wanted]


def test_prefilled_categories_are_always_there_and_get_as_many_pages_as_they_need() -> None:
    with opened(sample("further")) as pdf:
        found = Counter(category for category, _ in keys(pdf))
    assert found == {"cover": 1, "kontaktstelle": 3, "spdi": 1, "sonstiges": 4, "feedback": 1}


@pytest.mark.parametrize(("entries", "pages"), [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (52, 11)])
def test_a_further_page_only_when_the_rows_are_used_up(entries: int, pages: int) -> None:
    form = small_form()
    data, copy = made(build_blank(form), form, recipient("beratung"), reported(form, {"beratung": entries}))
    with opened(data) as pdf:
        assert keys(pdf) == [("cover", 1), *(("beratung", n + 1) for n in range(pages)), ("feedback", 1)]
        assert copy.pages == len(pdf.pages) == pages + 2


def test_fields_are_those_of_the_pages_and_the_list_of_fields_agrees(copy: bytes) -> None:
    edition_file = built().edition_file
    with opened(copy) as pdf:
        listed = [field.objgen for field in pdf.Root.AcroForm.Fields]
        assert sorted(listed) == sorted(widget.objgen for widget in widgets(pdf))
        names = [str(widget.T) for widget in widgets(pdf)]
        assert len(set(names)) == len(names)
        for page, (category, number) in zip(pdf.pages, keys(pdf), strict=True):
            own = {str(widget.T).partition("_")[2]: widget for widget in page.obj.Annots}
            from spec.geometry import PageKey

            boxes = edition_file.field_map.boxes_on(PageKey(category, number))
            entries = {name for name in own if name.endswith("_id") and "_r" in name}
            assert set(own) - entries == set(boxes)
            for name, box in boxes.items():
                assert [float(edge) for edge in own[name].Rect] == pytest.approx(
                    list(box.as_tuple()), abs=0.001
                )
                assert own[name].P.objgen == page.obj.objgen


def test_the_page_number_is_that_of_the_copy(file: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.fail("pdftotext of poppler-utils is missing")
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    pages = text.split("\f")[:-1]
    for number, page in enumerate(pages, start=1):
        assert f"Seite {number} von {len(pages)}" in page


def test_sheets_are_counted_with_their_further_pages(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(sample("further"))
    try:
        texts = []
        for page in document:
            textpage = page.get_textpage()
            texts.append(textpage.get_text_range())
            textpage.close()
            page.close()
    finally:
        document.close()
    assert ["Blatt 1 von 3" in texts[1], "Blatt 2 von 3" in texts[2], "Blatt 3 von 3" in texts[3]] == [
        True
    ] * 3
    assert "Blatt" not in texts[4]
    assert "Blatt 4 von 4" in texts[8]
    assert all("was Sie zuletzt gemeldet haben" in text for text in texts[1:9])


def _target(item: pikepdf.OutlineItem) -> tuple[int, int]:
    assert isinstance(item.destination, pikepdf.Array)
    return item.destination[0].objgen


def test_bookmarks_lead_to_the_copys_own_pages(copy: bytes) -> None:
    form = default_form()
    with opened(copy) as pdf:
        own = keys(pdf)
        numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        with pdf.open_outline() as outline:
            leaves = []
            for item in outline.root:
                assert _target(item) in numbers
                for child in item.children:
                    leaves.append(child.title)
                    place = numbers[_target(child)]
                    category = form.category(own[place][0])
                    assert category is not None
                    assert (child.title, own[place][1]) == (category.name, 1)
                    further = [numbers[_target(below)] for below in child.children]
                    assert further == list(
                        range(place + category.pages, place + category.pages + len(further))
                    )
        kept = {category for category, _ in own}
        assert leaves == [category.name for category in form.categories if category.key in kept]


# ---------------------------------------------------------------- structure


def test_each_page_and_each_widget_is_in_the_structure_tree_once_and_leads_back(copy: bytes) -> None:
    with opened(copy) as pdf:
        root = pdf.Root.StructTreeRoot
        numbers = list(root.ParentTree.Nums)
        found = [int(number) for number in numbers[::2]]
        assert found == sorted(set(found))
        assert int(root.ParentTreeNextKey) > found[-1]
        parents: dict[int, Object] = dict(zip(found, numbers[1::2], strict=True))
        tree = list(elements(root))
        forms = [element for element in tree if Name.Form == element.S]
        assert [form.K.Obj.objgen for form in forms] == [widget.objgen for widget in widgets(pdf)]
        for widget in widgets(pdf):
            assert parents[int(widget.StructParent)].K.Obj.objgen == widget.objgen
        marked = {(e.Pg.objgen, int(e.K)): e.objgen for e in tree if isinstance(e.get("/K"), int)}
        seen = {
            (page.obj.objgen, mcid): element.objgen
            for page in pdf.pages
            for mcid, element in enumerate(parents[int(page.obj.StructParents)])
        }
        assert seen == marked
        for page in pdf.pages:
            content = page.obj.Contents.read_bytes()
            assert content.count(b"/MCID") == len(parents[int(page.obj.StructParents)])
        assert len(parents) == len(pdf.pages) + len(forms)


def test_nothing_leads_to_a_dropped_page(copy: bytes) -> None:
    with opened(copy) as pdf:
        kept = {page.obj.objgen for page in pdf.pages}
        for element in elements(pdf.Root.StructTreeRoot):
            if "/Pg" in element:
                assert element.Pg.objgen in kept
        for widget in pdf.Root.AcroForm.Fields:
            assert widget.P.objgen in kept


def test_labels_are_unique_and_announced_in_pdfjs_too(copy: bytes) -> None:
    with opened(copy) as pdf:
        labels = [str(widget.TU) for widget in widgets(pdf)]
        assert len(set(labels)) == len(labels)
        forms = [element for element in elements(pdf.Root.StructTreeRoot) if Name.Form == element.S]
        assert all(str(form.Alt) == str(form.K.Obj.TU) for form in forms)


def test_poppler_reads_the_tree_aloud_in_the_copys_order(file: Path) -> None:
    said = subprocess.run(
        ["pdfinfo", "-struct-text", file], capture_output=True, encoding="utf-8", check=True
    ).stdout
    form = default_form()
    with opened(file.read_bytes()) as pdf:
        kept = list(dict.fromkeys(category for category, _ in keys(pdf)))
    headings = [category.name for category in form.categories if category.key in kept]
    places = [said.index(f'"{heading}"') for heading in headings]
    assert places == sorted(places)
    dropped = [category.name for category in form.categories if category.key not in kept]
    assert not [name for name in dropped if f'"{name}"' in said]


# ---------------------------------------------------------------- validators


@pytest.mark.parametrize("profile", sorted(verapdf.PROFILES))
def test_verapdf_passes(file: Path, profile: str) -> None:
    assert verapdf.failures(file, profile) == []


@pytest.mark.parametrize("profile", sorted(verapdf.PROFILES))
def test_verapdf_passes_copies_of_other_forms(profile: str, tmp_path: Path) -> None:
    for form, category in (
        (english_form(), "cargo"),
        (small_form(), "sonstiges"),
        (with_category(), "beratung"),
    ):
        path = tmp_path / f"{form.key}.pdf"
        count = 2 + form.rows * 3
        path.write_bytes(
            made(build_blank(form), form, recipient(category), reported(form, {category: count}))[0]
        )
        assert verapdf.failures(path, profile) == []


def test_qpdf_finds_no_fault(file: Path) -> None:
    done = subprocess.run(["qpdf", "--check", file], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_blank_with_a_classic_cross_reference_gets_a_classic_update(tmp_path: Path) -> None:
    form = small_form()
    blank = build_blank(form)
    path = tmp_path / "classic.pdf"
    with opened(blank.pdf) as pdf:
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    from formgen.blank import Blank

    classic = Blank(blank.edition_file, path.read_bytes())
    data, copy = made(classic, form, recipient("beratung"), reported(form, {"beratung": 7}))
    assert b"\nxref\n" in copy.tail
    assert b"/ObjStm" not in copy.tail
    path.write_bytes(data)
    done = subprocess.run(["qpdf", "--check", path], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with opened(data) as pdf:
        assert len(pdf.pages) == 4
        assert str(fields(pdf)["beratung_r06_ort"].V).startswith("Caritasverband")


def test_what_was_said_not_to_exist_is_ticked() -> None:
    with opened(sample("filled")) as pdf:
        ticked = {name for name, widget in fields(pdf).items() if name.endswith("_nil") and on_state(widget)}
        assert ticked == {"fachklinik_nil"}
        assert Name.Ja == fields(pdf)["fachklinik_nil"].V


def test_the_layout_of_the_blank_is_the_layout_of_the_template() -> None:
    assert len(blank_layout(default_form()).pages) == len(built().edition_file.pages)
