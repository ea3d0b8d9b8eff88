"""Specs with faults: the TOML beside what is told about it. Every fault, its line, its remedy, at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.errors import EXIT_WRONG_CALL, SpecError
from spec.form.load import LARGEST, check, default_form, default_text, form_of, load_form

#: The smallest form; its lines are counted on, so keep them.
SMALL = """\
key = "small"
title = "Small"
nil_label = "None"

[cover]
intro = ["Why."]
steps = ["How."]
return_to = ["Where."]
[[cover.fields]]
key = "organisation"
label = "Who"

[[columns]]
key = "name"
heading = "Name"
identifies = true

[[sections]]
key = "all"
title = "All"
[[sections.categories]]
key = "one"
name = "One"
[[sections.categories]]
key = "two"
name = "Two"

[feedback]
title = "More"
[[feedback.fields]]
key = "more"
label = "More"
"""


def told(text: str) -> list[str]:
    """What is told about a spec called `my.toml`."""
    with pytest.raises(SpecError) as error:
        form_of(text, "my.toml")
    assert str(error.value) == "\n".join(str(fault) for fault in error.value.faults)
    return [str(fault) for fault in error.value.faults]


def test_the_small_form_has_no_fault() -> None:
    form = form_of(SMALL, "my.toml")
    assert [category.key for category in form.categories] == ["one", "two"]
    assert (form.language, form.rows, form.columns[0].width) == ("de", 6, 1.0)


#: what is replaced, what by, and all that is told
SLIPS = [
    (
        'title = "All"',
        "title = All",
        [
            (
                "my.toml, line 20, column 9: The value of `title` can't be read. "
                'Put text in quotes, like "this"; inside it, write \\" for a quote.'
            )
        ],
    ),
    (
        'title = "All"',
        "title =",
        [
            (
                "my.toml, line 20, column 8: The value of `title` can't be read. "
                'Put text in quotes, like "this"; inside it, write \\" for a quote.'
            )
        ],
    ),
    (
        'title = "All"',
        'title = "All"\ntitle = "Every"',
        ["my.toml, line 21, column 16: The entry `title` stands here a second time. Keep one of the two."],
    ),
    (
        "[feedback]",
        "[cover]",
        [
            "my.toml, line 28, column 7: This table stands here a second time. Keep one, or write [[...]] for a list."
        ],
    ),
    (
        'intro = ["Why."]',
        'intro = ["Why."',
        [
            (
                "my.toml, line 7, column 1: This is not valid TOML: Unclosed array. "
                "Check quotes, brackets and commas here and just above."
            )
        ],
    ),
    (
        'name = "Two"\n',
        "",
        ["my.toml, line 24, sections[1].categories[2].name: The entry `name` is missing. Add it."],
    ),
    (
        'name = "Two"',
        'name = ""',
        [
            "my.toml, line 26, sections[1].categories[2].name: `name` is empty. Write something, or take the item out."
        ],
    ),
    (
        'key = "two"',
        'key = "one"',
        [
            (
                "my.toml, line 25, sections[1].categories[2].key: The category key 'one' is used twice. "
                "It stands first in line 22, sections[1].categories[1].key. Give each category its own key."
            )
        ],
    ),
    (
        'key = "two"',
        'key = "Zweites Äußeres_1"',
        [
            (
                "my.toml, line 25, sections[1].categories[2].key: 'Zweites Äußeres_1' is no key. "
                "Use small letters, digits and hyphens, for example 'zweites-aeusseres-1'."
            )
        ],
    ),
    (
        'key = "two"',
        'key = "cover"',
        [
            (
                "my.toml, line 25, sections[1].categories[2].key: The category key 'cover' is reserved for the program. "
                "Choose another key."
            )
        ],
    ),
    (
        'name = "Two"',
        'name = "Two"\ndescripton = "Second"',
        [
            (
                "my.toml, line 27, sections[1].categories[2].descripton: The form knows no entry `descripton` here. "
                "Did you mean `description`?"
            )
        ],
    ),
    (
        'label = "Who"',
        'label = "Who"\nfont = "Comic"',
        [
            (
                "my.toml, line 12, cover.fields[1].font: The form knows no entry `font` here. "
                "Known here: key, label, hint, lines."
            )
        ],
    ),
    (
        'name = "Two"',
        "name = 2",
        [
            "my.toml, line 26, sections[1].categories[2].name: `name` must be text, but is a number. Write text in quotes."
        ],
    ),
    (
        'name = "Two"',
        'name = "Two"\nlinks = "www.example.org"',
        [
            (
                "my.toml, line 27, sections[1].categories[2].links: `links` must be a list, but is text. "
                "Write it in brackets, with commas between the items."
            )
        ],
    ),
    (
        'intro = ["Why."]',
        'intro = ["Why.", 2024-01-01]',
        [
            "my.toml, line 6, cover.intro[2]: `intro[2]` must be text, but is a date or time. Write text in quotes."
        ],
    ),
    (
        'intro = ["Why."]',
        "intro = []",
        ["my.toml, line 6, cover.intro: `intro` is an empty list. Give it at least one item."],
    ),
    (
        'name = "Two"',
        'name = "Two"\npages = "3"',
        [
            (
                "my.toml, line 27, sections[1].categories[2].pages: `pages` must be a whole number, but is text. "
                "Write digits without quotes or fraction."
            )
        ],
    ),
    (
        'name = "Two"',
        'name = "Two"\npages = 21',
        [
            (
                "my.toml, line 27, sections[1].categories[2].pages: `pages` must be at most 20, but is 21. "
                "Write a smaller number."
            )
        ],
    ),
    (
        'heading = "Name"',
        'heading = "Name"\nwidth = 0',
        [
            "my.toml, line 16, columns[1].width: `width` must be at least 0.01, but is 0. Write a larger number."
        ],
    ),
    (
        "identifies = true",
        'identifies = "yes"',
        [
            (
                "my.toml, line 16, columns[1].identifies: `identifies` must be true or false, but is text. "
                "Write true or false without quotes."
            )
        ],
    ),
    (
        "identifies = true\n",
        "",
        [
            (
                "my.toml, line 13, columns: No column tells which facility a row is about. "
                "Write `identifies = true` in one of the columns."
            )
        ],
    ),
    (
        'key = "organisation"',
        'key = "person"',
        [
            (
                "my.toml, line 9, cover.fields: The cover has no field `organisation`, so nobody would know who answered. "
                "Add a cover field with the key `organisation`."
            )
        ],
    ),
    (
        'title = "All"',
        'title = "All"\ncolour = "blue"',
        [
            (
                "my.toml, line 21, sections[1].colour: 'blue' is no colour. "
                'Write # and six digits, for example "#1f5673".'
            )
        ],
    ),
    (
        'title = "Small"',
        'title = "Small"\nlanguage = "fr"',
        [
            "my.toml, line 3, language: `language` is 'fr', which the program does not know. Write 'de' or 'en'."
        ],
    ),
    (
        'title = "Small"',
        'title = """Small\nform"""',
        ["my.toml, line 2, title: `title` holds a line break. Write it in one line."],
    ),
    (
        'title = "Small"',
        'title = "Sm\\tall"',
        ["my.toml, line 2, title: `title` holds the control character U+0009. Remove it."],
    ),
    (
        SMALL,
        "",
        [
            f"my.toml, {entry}: The entry `{entry}` is missing. Add it."
            for entry in ("key", "title", "nil_label", "cover", "columns", "sections", "feedback")
        ],
    ),
    (
        SMALL,
        "a = " + "[" * 5000,
        ["my.toml: Brackets are nested too deeply. Compare with the form that comes along."],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), SLIPS)
def test_a_slip_is_told_with_place_and_remedy(old: str, new: str, expected: list[str]) -> None:
    assert old in SMALL
    assert told(SMALL.replace(old, new, 1)) == expected


def test_all_slips_are_told_at_once() -> None:
    text = (
        SMALL.replace('key = "small"', 'key = "A form"')
        .replace('title = "Small"', "title = Small")
        .replace('label = "Who"', 'lable = "Who"')
        .replace('key = "two"', 'key = "one"')
        .replace('heading = "Name"', 'heading = "Name"\nheading = "Names"')
        .replace('label = "More"', "label = 1")
    )
    assert [fault.split(": ")[0] for fault in told(text)] == [
        "my.toml, line 1, key",
        "my.toml, line 2, column 9",
        "my.toml, line 9, cover.fields[1].label",
        "my.toml, line 11, cover.fields[1].lable",
        "my.toml, line 16, column 18",
        "my.toml, line 26, sections[1].categories[2].key",
        "my.toml, line 33, feedback.fields[1].label",
    ]


def test_what_could_not_be_read_is_not_called_missing() -> None:
    text = SMALL.replace("identifies = true", "identifies = ture").replace('key = "small"', "key = small")
    assert [fault.split(": ")[0] for fault in told(text)] == [
        "my.toml, line 1, column 7",
        "my.toml, line 16, column 14",
    ]


def test_hopeless_files_are_not_told_forever() -> None:
    assert len(told("\n".join(f"a{number} = x" for number in range(100)))) == 20


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "There is no such file. Check the path."),
        (
            b"x" * (LARGEST + 1),
            "The file is larger than 1000 kB. Name a form's TOML file; a form takes a tenth of that.",
        ),
        (
            SMALL.replace("Name", "Größe").encode("cp1252"),
            "The file is not UTF-8. Save it with the encoding UTF-8.",
        ),
        (SMALL.encode("utf-16"), "The file is not UTF-8. Save it with the encoding UTF-8."),
    ],
)
def test_files_that_can_not_be_read(tmp_path: Path, content: bytes | None, expected: str) -> None:
    path = tmp_path / "my.toml"
    if content is not None:
        path.write_bytes(content)
    (fault,) = check(path)
    assert f"{fault.fault} {fault.remedy}" == expected
    assert "my.toml" in fault.place


def test_a_folder_and_a_workbook_are_no_toml(tmp_path: Path) -> None:
    assert [fault.fault for fault in check(tmp_path)] == ["This is a folder, not a file."]
    assert [fault.fault for fault in check(tmp_path / "a.xlsx")] == ["This is a workbook, not TOML."]


def test_what_windows_editors_add_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert check(path) == []
    assert load_form(path) == form_of(SMALL, "my.toml")


def test_a_spec_error_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as error:
        load_form(tmp_path / "none.toml")
    assert error.value.exit_code == EXIT_WRONG_CALL


def test_the_default_form_and_the_second_survey_load() -> None:
    assert default_form() == form_of(default_text(), "x")
    survey = load_form(Path(__file__).parent / "forms" / "equipment_survey.toml")
    assert (survey.language, survey.identifying_column.key) == ("en", "machine")
    assert survey.category("lathes") is not None
    section = survey.section_of("measuring")
    assert section is not None
    assert section.key == "electronics"
