"""File names for people, tokens for good."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formgen.copies.tokens import read_recipients, with_tokens
from formgen.filenames import LONGEST, file_names, folded, safe_name
from spec.errors import NothingDoneError
from spec.names import is_token, new_token
from spec.wire import RECIPIENTS_SHAPE, RecipientsFile
from tests.formgen.copies.personalised import recipient

EMPTY = RecipientsFile(shape=RECIPIENTS_SHAPE, recipients=())
FORBIDDEN = set('<>:"/\\|?*') | set(map(chr, range(32)))


@pytest.mark.parametrize(
    ("organisation", "name"),
    [
        ("Caritasverband Aachen e. V.", "Caritasverband Aachen e. V"),
        ('Praxis "Müller/Söhne" GmbH & Co. KG', "Praxis Müller Söhne GmbH & Co. KG"),
        ("Zeile\neins", "Zeile eins"),
        ("A\u202etxt.exe", "A txt.exe"),
        ("..\\..\\etc/passwd", "etc passwd"),
        ("CON", "CON-Formular"),
        ("nul.txt", "nul.txt-Formular"),
        ("LPT1", "LPT1-Formular"),
        ("blank", "blank-Formular"),
        ("مركز الإرشاد", "مركز الإرشاد"),
        ("👍", ""),
        ("...", ""),
        ("-rf", "rf"),
        ("Mu\u0308ller", "Müller"),
    ],
)
def test_a_person_understands_the_name_and_every_system_takes_it(organisation: str, name: str) -> None:
    assert safe_name(organisation) == name


@given(st.text(max_size=400))
def test_a_name_is_safe_whatever_it_was(text: str) -> None:
    name = safe_name(text)
    assert not FORBIDDEN & set(name)
    assert len(name.encode("utf-8")) <= LONGEST + len("-Formular")
    assert name == name.strip(" .")
    assert unicodedata.is_normalized("NFC", name)
    assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


def test_300_characters_are_cut_between_words() -> None:
    name = safe_name("Gesellschaft für " * 20)
    assert name.endswith(("Gesellschaft für", "Gesellschaft"))
    assert len(name.encode("utf-8")) <= LONGEST


def test_namesakes_are_told_apart_by_the_person_then_by_the_token() -> None:
    people = [
        ("Caritas", "Frau Ay", "aaaaaaaa1"),
        ("CARITAS", "Herr Be", "bbbbbbbb2"),
        ("Diakonie", "", "cccccccc3"),
        ("Diakonie", "", "dddddddd4"),
        ("AWO", "Frau Ce", "eeeeeeee5"),
    ]
    names = file_names(people)
    assert names == [
        "Caritas, Frau Ay.pdf",
        "CARITAS, Herr Be.pdf",
        "Diakonie cccccccc3.pdf",
        "Diakonie dddddddd4.pdf",
        "AWO.pdf",
    ]
    assert dict(zip(file_names(people[::-1]), people[::-1], strict=True)) == dict(
        zip(names, people, strict=True)
    )


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=10)), max_size=12))
def test_no_two_names_are_the_same_on_any_system(people: list[tuple[str, str]]) -> None:
    named = [(organisation, person, f"{index:08d}x") for index, (organisation, person) in enumerate(people)]
    names = file_names(named)
    assert len({folded(name) for name in names}) == len(people)
    assert all(name.endswith(".pdf") and len(name) > 4 for name in names)


# ---------------------------------------------------------------- tokens


def test_a_token_stays_from_round_to_round_whatever_else_changes() -> None:
    first = with_tokens(EMPTY, [recipient(), recipient(email="z@b.example")])
    assert all(map(is_token, first.tokens))
    changed = [
        recipient(email="neu@b.example", organisation="Neu"),
        recipient("spdi", email="BRUECKE@beispiel.example", organisation="Anders", row=9),
    ]
    second = with_tokens(first.file, changed)
    assert second.tokens[1] == first.tokens[0]
    assert second.fresh == {second.tokens[0]}
    kept = second.file.by_token()
    assert kept[first.tokens[0]].organisation == "Anders"
    assert kept[first.tokens[0]].categories == ("spdi",)
    assert [one.listed for one in second.file.recipients] == [True, False, True]


def test_the_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    known = with_tokens(EMPTY, [recipient()])
    path = tmp_path / "recipients.json"
    path.write_text(known.file.to_json(), encoding="utf-8")
    assert read_recipients(path) == known.file
    assert read_recipients(tmp_path / "none.json") == EMPTY


def test_a_token_that_somebody_has_is_drawn_again() -> None:
    (taken,) = with_tokens(EMPTY, [recipient()]).tokens
    (known, other) = (new_token(), new_token())
    drawn = iter((taken, known, known, other))
    first = with_tokens(EMPTY, [recipient()], draw=lambda: taken)

    second = with_tokens(
        first.file,
        [recipient(), recipient(email="y@b.example"), recipient(email="z@b.example")],
        draw=lambda: next(drawn),
    )

    assert second.tokens == (taken, known, other)


def test_a_token_that_two_bear_stops_the_build(tmp_path: Path) -> None:
    file = with_tokens(EMPTY, [recipient()]).file
    path = tmp_path / "recipients.json"
    doubled = RecipientsFile(shape=1, recipients=file.recipients * 2)
    path.write_text(doubled.to_json(), encoding="utf-8")

    with pytest.raises(NothingDoneError, match="wrong or doubled token"):
        read_recipients(path)


def test_a_moved_address_is_said() -> None:
    first = with_tokens(EMPTY, [recipient()])
    second = with_tokens(first.file, [recipient(email="neu@b.example")])
    assert first.tokens[0] in second.notes[0]
    assert "neu@b.example is new" in second.notes[0]


def test_an_address_that_was_moved_by_hand_keeps_the_older_token() -> None:
    first = with_tokens(EMPTY, [recipient()])
    second = with_tokens(first.file, [recipient(email="neu@b.example")])
    older, newer = second.file.recipients
    moved = RecipientsFile(shape=1, recipients=(older.model_copy(update={"email": "neu@b.example"}), newer))
    assert with_tokens(moved, [recipient(email="neu@b.example")]).tokens == first.tokens


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "can't be read"),
        ("[]", "can't be read"),
        ('{"shape": 3, "recipients": [], "more": 1}', "newer version"),
        ('{"shape": 1, "recipients": [{"token": "x"}]}', "can't be read"),
    ],
)
def test_a_spoilt_file_stops_the_build_since_new_tokens_would_forget_everybody(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "recipients.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NothingDoneError, match=said):
        read_recipients(path)
