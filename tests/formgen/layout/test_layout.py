"""The layout: everything fits or is refused with place and remedy; nothing overlaps, nothing is clipped."""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formgen.layout import blank_layout
from formgen.layout.furniture import BOTTOM, LEFT, PAGE_SIZE, RIGHT
from formgen.layout.items import Frame, Layout, Run
from formgen.layout.sheet import LEAST_ROW
from formgen.layout.typeset import Faults, Style, Typesetter
from spec.errors import SpecError
from spec.form.load import default_form
from spec.form.model import Form
from spec.geometry import Box, PageKey
from spec.names import parse_field_name
from tests.formgen.samples import english_form, small_form, with_category, with_columns


@pytest.fixture(scope="module")
def layout() -> Layout:
    return blank_layout(default_form())


def text_boxes(layout: Layout, page: int) -> list[tuple[Run, Box]]:
    """Every printed line with the box of its letters."""
    found = [item for item in layout.pages[page].artifacts if isinstance(item, Run)]
    for node in layout.pages[page].nodes:
        found += [run for part in node.walk() for run in part.runs]
    return [
        (run, Box(run.x, run.y - 0.22 * run.size, run.x + width, run.y + 0.74 * run.size))
        for run in found
        if (width := Style(run.size, run.size, run.face).width(run.text.rstrip())) > 0
    ]


def assert_sound(layout: Layout) -> None:
    """What holds for every layout that is not refused."""
    width, height = PAGE_SIZE
    by_page: dict[int, list[Box]] = {}
    for name, place in layout.field_map.fields.items():
        assert parse_field_name(f"f00000000_{name}") is not None, name
        box = place.box
        assert 0 < box.x0 < box.x1 < width
        assert 0 < box.y0 < box.y1 < height
        by_page.setdefault(place.page, []).append(box)
    for index in range(len(layout.pages)):
        boxes = by_page[index]
        assert all(one.overlap(other) == 0 for one, other in itertools.combinations(boxes, 2))
        texts = text_boxes(layout, index)
        for run, text in texts:
            assert text.x0 >= LEFT - 0.01, run
            assert text.x1 <= RIGHT + 0.01, run
            assert text.y0 > 15, run
            assert text.y1 < height - 20, run
            assert all(text.overlap(box) < 0.01 for box in boxes), run
            assert text.overlap(layout.pages[index].identity.code) == 0, run
        for (one, a), (other, b) in itertools.combinations(texts, 2):
            assert a.overlap(b) < 0.5, (one, other)
    labels = [node.label for page in layout.pages for node in page.forms()]
    assert len(set(labels)) == len(labels) == len(layout.field_map.fields)


def faults_of(form: Form) -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as caught:
        blank_layout(form)
    assert all(fault.remedy for fault in caught.value.faults)
    return [(fault.place, fault.fault) for fault in caught.value.faults]


def test_the_built_in_checklists_fit(layout: Layout) -> None:
    assert_sound(layout)


def test_there_is_a_page_per_category_between_cover_and_feedback(layout: Layout) -> None:
    form = default_form()
    keys = [PageKey(category.key, n) for category in form.categories for n in range(1, category.pages + 1)]
    assert list(layout.field_map.pages) == [PageKey("cover", 1), *keys, PageKey("feedback", 1)]


def test_rows_count_on_over_further_pages_and_the_nil_return_stands_on_the_first_only() -> None:
    layout = blank_layout(small_form())
    rows = [
        name for name in layout.field_map.fields if name.startswith("sonstiges_r") and name.endswith("_ort")
    ]
    assert rows == [f"sonstiges_r{row:02d}_ort" for row in range(1, 16)]
    assert [name for name in layout.field_map.fields if name.endswith("_nil")] == [
        "beratung_nil",
        "sonstiges_nil",
    ]
    assert layout.field_map.fields["sonstiges_nil"].page == 2


def test_a_row_holds_five_lines_of_eight_points(layout: Layout) -> None:
    heights = [
        place.box.height
        for name, place in layout.field_map.fields.items()
        if "_r0" in name and "datum" in name
    ]
    assert min(heights) >= LEAST_ROW - 3
    # 9.3 points a line in PDFium and Poppler
    assert min(heights) > 5 * 9.3


def test_every_sheet_has_its_rows_at_the_same_place(layout: Layout) -> None:
    firsts = {
        name.split("_")[2]: set[Box]() for name in layout.field_map.fields if name.startswith("mso_r01")
    }
    for name, place in layout.field_map.fields.items():
        parts = name.split("_")
        if parts[1] == "r01":
            firsts[parts[2]].add(place.box)
    assert {column: len(boxes) for column, boxes in firsts.items()} == dict.fromkeys(firsts, 1)


def test_a_form_of_another_kind_in_english_fits() -> None:
    layout = blank_layout(english_form())
    assert_sound(layout)
    said = {
        run.text for page in layout.pages for node in page.nodes for part in node.walk() for run in part.runs
    }
    assert {"Row", "Legal bases and financing", "adres"} <= said


def test_the_boxes_of_the_feedback_page_share_its_room_by_their_lines() -> None:
    fields = [{"key": "a", "label": "A", "lines": 2}, {"key": "b", "label": "B", "lines": 6}]
    layout = blank_layout(small_form(feedback={"title": "Rückmeldung", "fields": fields}))
    frames = [item.box for item in layout.pages[-1].artifacts if isinstance(item, Frame)]
    assert frames[1].height > 2 * frames[0].height
    assert BOTTOM <= frames[1].y0 < BOTTOM + 1


@pytest.mark.parametrize(
    ("form", "place", "said"),
    [
        (with_category(description="Sehr lang. " * 200), "category 'beratung'", "too high"),
        (with_category(name="X" * 80), "category 'beratung'", "wider than its place"),
        (with_category(name="日本"), "category 'beratung'", "U+65E5"),
        (small_form(rows=40), "rows", "do not fit"),
        (small_form(nil_label="So etwas gibt es hier nicht. " * 9), "nil_label", "longer than one line"),
        (small_form(title="Ein Titel ohne Ende " * 6), "title", "too long"),
        (
            with_columns(
                {"key": "a", "heading": "A"},
                *({"key": f"b{n}", "heading": f"B{n}", "width": 9} for n in range(9)),
            ),
            "column 'a'",
            "points wide",
        ),
        (
            with_columns({"key": "a", "heading": "Überschriftenungetüm" * 9}),
            "column 'a'",
            "wider than its place",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(form: Form, place: str, said: str) -> None:
    assert any(place == where and said in fault for where, fault in faults_of(form))


def test_a_cover_that_is_too_full_is_refused_and_says_what_to_shorten() -> None:
    cover: dict[str, Any] = small_form().cover.model_dump()
    assert any(
        place == "cover" and "too high" in fault
        for place, fault in faults_of(small_form(cover=cover | {"intro": ["Viel zu sagen. " * 60] * 9}))
    )


def test_a_full_cover_is_set_in_smaller_type_before_it_is_refused() -> None:
    def size(words: int) -> float:
        cover = small_form().cover.model_dump() | {"intro": ["Wort " * words]}
        layout = blank_layout(small_form(cover=cover))
        return next(
            node.runs[0].size for node in layout.pages[0].nodes if node.runs[0].text.startswith("Wort")
        )

    assert size(10) == 11.0
    assert 9.0 <= size(430) < 11.0


def test_feedback_fields_that_are_too_high_are_refused() -> None:
    fields = [{"key": f"f{n}", "label": f"F{n}", "lines": 30} for n in range(3)]
    assert faults_of(small_form(feedback={"title": "Rückmeldung", "fields": fields}))[0][0] == "feedback"


def test_all_faults_are_told_at_once() -> None:
    form = with_category(name="日本", description="Sehr lang. " * 200)
    assert len(faults_of(form.model_copy(update={"nil_label": "Nein. " * 90}))) >= 3


def test_fields_that_would_be_announced_alike_are_refused() -> None:
    fields = [{"key": "a", "label": "Gleich"}, {"key": "b", "label": "Gleich"}]
    assert any(
        "announced" in fault for _, fault in faults_of(small_form(feedback={"title": "R", "fields": fields}))
    )


def test_offers_of_one_name_are_told_apart_by_their_section() -> None:
    sections = [
        {"key": key, "title": key.title(), "categories": [{"key": f"{key}-rest", "name": "Sonstiges"}]}
        for key in ("eins", "zwei")
    ]
    labels = {
        node.label for page in blank_layout(small_form(sections=sections)).pages for node in page.forms()
    }
    assert "Datum, Zeile 1, Sonstiges, Zwei" in labels


STYLE = Style(10, 12)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Kontakt- und Beratungsstelle", 60, ["Kontakt- ", "und ", "Beratungsstelle"]),
        ("Versorgungsregion/Einzugsgebiet", 100, ["Versorgungsregion/", "Einzugsgebiet"]),
        ("oder -abteilung", 30, ["oder ", "-abteilung"]),
        ("15-20 Menschen", 40, ["15-20 ", "Menschen"]),
        ("eins\nzwei", 400, ["eins ", "zwei"]),
        ("", 40, [""]),
    ],
)
def test_lines_end_at_spaces_and_after_hyphens_and_slashes(text: str, width: float, lines: list[str]) -> None:
    assert list(Typesetter(Faults()).set(text, STYLE, width, "here").lines) == lines


@given(st.text(alphabet="abcÄß é/–-€(),.", max_size=80), st.floats(60, 300))
def test_no_letter_is_lost_when_a_text_is_broken(text: str, width: float) -> None:
    paragraph = Typesetter(Faults()).set(text, STYLE, width, "here")
    assert "".join(paragraph.lines).rstrip() == text.rstrip()


WORDS = st.lists(
    st.sampled_from(["Ort", "Beratung", "und", "Öffnungszeiten", "Ärztin/Arzt", "à", "Łódź"]), min_size=1
)
TEXT = WORDS.map(" ".join)
KEYS = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), min_size=1, max_size=4, unique=True)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    columns = [
        {
            "key": f"{key}-c",
            "heading": f"{draw(TEXT)} {n}",
            "hint": draw(TEXT),
            "width": draw(st.floats(0.2, 9)),
        }
        for n, key in enumerate(draw(KEYS))
    ]
    columns[0]["identifies"] = True
    categories = [
        {
            "key": f"{key}-k",
            "name": f"{draw(TEXT)} {n}",
            "description": draw(TEXT) * draw(st.integers(0, 4)),
            "other_names": draw(st.lists(TEXT, max_size=2)),
            "legal_bases": draw(st.lists(TEXT, max_size=3)),
            "pages": draw(st.integers(1, 2)),
        }
        for n, key in enumerate(draw(KEYS))
    ]
    return small_form(
        columns=columns,
        rows=draw(st.integers(1, 9)),
        sections=[{"key": "s", "title": draw(TEXT), "categories": categories}],
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(forms())
def test_any_form_fits_or_is_refused_with_remedies(form: Form) -> None:
    try:
        layout = blank_layout(form)
    except SpecError as error:
        faults = error.faults
    else:
        assert_sound(layout)
        return
    assert all(fault.place and fault.fault and fault.remedy for fault in faults)
