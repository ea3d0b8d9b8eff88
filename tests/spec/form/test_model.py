"""The form as data: valid at birth, frozen, the same after every journey."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from spec.form.load import default_form
from spec.form.model import Form
from spec.form.rules import broken_rules
from spec.geometry import Box, FieldMap, FieldPlace, PageKey
from spec.names import is_edition
from spec.wire import EditionFile
from tests.spec.strategies import forms


@given(forms())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_form_survives_json(form: Form) -> None:
    assert Form.model_validate_json(form.model_dump_json()) == form
    assert broken_rules(form.model_dump()) == []


def test_a_form_is_frozen_all_the_way_down() -> None:
    form = default_form()
    with pytest.raises(ValidationError, match="frozen"):
        form.title = "x"  # type: ignore[misc]
    assert isinstance(form.sections, tuple)
    assert isinstance(form.sections[0].categories[0].links, tuple)
    assert hash(form) == hash(default_form())


def test_all_broken_rules_are_told_at_birth() -> None:
    raw = default_form().model_dump()
    raw["columns"][1]["identifies"] = True
    raw["columns"][2]["heading"] = "konkrete verabredungen"
    raw["sections"][0]["categories"][1]["key"] = "wfbm"
    raw["sections"][1]["key"] = "sozialpsychiatrie"
    raw["cover"]["fields"][0]["key"] = "person"
    with pytest.raises(ValidationError) as error:
        Form.model_validate(raw)
    (told,) = error.value.errors()
    for part in (
        "section key 'sozialpsychiatrie' is used twice",
        "category key 'wfbm' is used twice",
        "column heading 'Konkrete Verabredungen' is used twice",
        "cover field key 'person' is used twice",
        "Two columns claim",
        "no field `organisation`",
    ):
        assert part in told["msg"]


def test_letters_are_composed_at_birth() -> None:
    """macOS writes decomposed letters; headings are compared, printed and measured composed."""
    raw = default_form().model_dump()
    raw["title"] = "Menü U\u0308bersicht"
    assert Form.model_validate(raw).title == "Menü Übersicht"


@pytest.mark.parametrize("character", ["\x00", "\t", "\r", "\x7f", "\x85x", "\u2028x", "\ufffe", "\ufdd0"])
def test_characters_without_a_glyph_are_refused(character: str) -> None:
    raw = default_form().model_dump()
    raw["title"] = f"a{character}b"
    with pytest.raises(ValidationError, match="control character"):
        Form.model_validate(raw)


def edition(form: Form) -> EditionFile:
    boxes = {f"{category.key}_nil": FieldPlace(0, Box(0, 0, 1.23456, 1)) for category in form.categories}
    return EditionFile.of(form, FieldMap((842, 595), (PageKey("cover", 1),), boxes, {"cover": 0}), layout=1)


def test_an_edition_file_survives_json_and_knows_its_content() -> None:
    form = default_form()
    file = edition(form)
    assert is_edition(file.edition)
    assert EditionFile.model_validate_json(file.to_json()) == file
    assert file.field_map.fields["wfbm_nil"].box == Box(0, 0, 1.235, 1)
    assert edition(form).to_json() == file.to_json()
    changed = Form.model_validate(form.model_dump() | {"rows": form.rows + 1})
    assert edition(changed).edition != file.edition
