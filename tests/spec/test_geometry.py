"""Boxes and field maps, in points from the bottom left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.geometry import Box, FieldMap, FieldPlace, PageKey

COORDINATES = st.floats(min_value=0, max_value=1000).map(lambda value: round(value, 3))
BOXES = (
    st.tuples(COORDINATES, COORDINATES, COORDINATES, COORDINATES)
    .filter(lambda box: box[0] != box[2] and box[1] != box[3])
    .map(lambda box: Box(min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])))
)


@given(BOXES, BOXES)
def test_overlap_is_mutual_and_never_more_than_either(one: Box, other: Box) -> None:
    shared = one.overlap(other)
    assert shared == other.overlap(one)
    assert 0 <= shared <= min(one.width * one.height, other.width * other.height) * (1 + 1e-9)
    assert one.overlap(one) == pytest.approx(one.width * one.height)


def test_edges_belong_to_one_of_two_neighbours() -> None:
    left, right = Box(0, 0, 10, 10), Box(10, 0, 20, 10)
    assert [box.holds(10, 5) for box in (left, right)] == [False, True]
    assert [box.holds(0, 0) for box in (left, right)] == [True, False]
    assert not left.holds(5, 10)
    assert left.overlap(right) == 0


def test_a_box_knows_its_measures() -> None:
    box = Box(10, 20, 40, 30)
    assert (box.width, box.height, box.centre) == (30, 10, (25, 25))
    assert box.inset(5, 2) == Box(15, 22, 35, 28)
    assert box.as_tuple() == (10, 20, 40, 30)


@pytest.mark.parametrize("corners", [(0, 0, 0, 1), (0, 1, 1, 1), (2, 0, 1, 1), (0, 2, 1, 1)])
def test_an_empty_box_is_refused(corners: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="empty or inverted"):
        Box(*corners)


def test_a_box_may_not_shrink_to_nothing() -> None:
    with pytest.raises(ValueError, match="empty or inverted"):
        Box(0, 0, 4, 4).inset(2, 0)


FIELDS = FieldMap(
    page_size=(842, 595),
    pages=(PageKey("cover", 1), PageKey("saws", 1), PageKey("other", 1), PageKey("other", 2)),
    fields={
        "cover_email": FieldPlace(0, Box(0, 0, 10, 10)),
        "saws_nil": FieldPlace(1, Box(0, 50, 10, 60)),
        "saws_r01_name": FieldPlace(1, Box(0, 20, 10, 30)),
        "saws_r02_name": FieldPlace(1, Box(0, 0, 10, 10)),
        "saws_p1_id": FieldPlace(1, Box(80, 0, 90, 10)),
        "other_nil": FieldPlace(2, Box(0, 50, 10, 60)),
        "other_r01_name": FieldPlace(2, Box(0, 20, 10, 30)),
        "other_r02_name": FieldPlace(3, Box(0, 25, 10, 35)),
        "other_p2_id": FieldPlace(3, Box(80, 0, 90, 10)),
    },
    rows_per_page={"saws": 2, "other": 1},
)


def test_a_field_map_finds_pages_and_boxes() -> None:
    assert FIELDS.page_of("saws_r02_name") == PageKey("saws", 1)
    assert FIELDS.page_of("saws_r03_name") is None
    assert set(FIELDS.boxes_on(PageKey("saws", 1))) == {
        "saws_nil",
        "saws_r01_name",
        "saws_r02_name",
        "saws_p1_id",
    }


def test_further_pages_repeat_the_last_and_count_rows_on() -> None:
    assert FIELDS.boxes_on(PageKey("saws", 3)) == {
        "saws_r05_name": Box(0, 20, 10, 30),
        "saws_r06_name": Box(0, 0, 10, 10),
        "saws_p3_id": Box(80, 0, 90, 10),
    }
    assert FIELDS.boxes_on(PageKey("other", 4)) == {
        "other_r04_name": Box(0, 25, 10, 35),
        "other_p4_id": Box(80, 0, 90, 10),
    }


def test_unknown_pages_are_empty() -> None:
    assert FIELDS.boxes_on(PageKey("drills", 1)) == {}
    assert FIELDS.boxes_on(PageKey("saws", 0)) == {}
