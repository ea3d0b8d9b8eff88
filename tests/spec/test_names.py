"""Field names, identities and tokens: what is encoded is parsed, and what was damaged is noticed."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.names import (
    COVER,
    DIGITS,
    FEEDBACK,
    CoverField,
    EntryField,
    IdField,
    NilField,
    PageIdentity,
    RowField,
    check_character,
    edition_id,
    find_code,
    find_field_name,
    find_identities,
    is_edition,
    is_key,
    is_token,
    new_token,
    parse_field_name,
    parse_identity,
    subject_code,
)
from tests.spec.strategies import CATEGORIES, COLUMNS, EDITIONS, IDENTITIES, KEYS, TOKENS

ROWS = st.integers(min_value=1, max_value=2000)
FIELD_NAMES = st.one_of(
    st.builds(RowField, EDITIONS, CATEGORIES, ROWS, COLUMNS),
    st.builds(EntryField, EDITIONS, CATEGORIES, ROWS),
    st.builds(NilField, EDITIONS, CATEGORIES),
    st.builds(IdField, EDITIONS, KEYS, ROWS),
    st.builds(CoverField, EDITIONS, KEYS, st.sampled_from([COVER, FEEDBACK])),
)
#: What may stand in a damaged name: what belongs there, what OCR puts there, digits of other scripts.
DAMAGE = string.ascii_lowercase + string.digits + "-/ _*|.\n٣३ßı"


@given(FIELD_NAMES)
def test_a_field_name_survives_encoding_and_parsing(name: RowField) -> None:
    assert parse_field_name(str(name)) == name
    assert str(name) == f"{name.edition}_{name.local}"


@given(st.text(alphabet="abcdefgh0123456789_-r", max_size=40) | st.text(max_size=40))
def test_a_name_is_found_within_itself_and_nothing_stumbles(text: str) -> None:
    exact = parse_field_name(text)
    assert exact is None or find_field_name(text) == exact


@given(
    FIELD_NAMES, st.text(max_size=20), st.sampled_from(["", "_copy", " 2", "__1", " (2)", "#3", "[0]", ".7"])
)
def test_a_name_is_found_with_a_head_and_a_tail(name: RowField, head: str, tail: str) -> None:
    assert find_field_name(f"{head} {str(name).upper()}{tail}") == name


@pytest.mark.parametrize(
    "text",
    [
        "Kundenadresse_cover_organisation",
        "kundenadresse_haus_nil",
        "fv4v6fa86_haus",
        "fv4v6fa86_haus_r2_name",
        "x" * 2_000,
    ],
)
def test_what_only_resembles_a_name_is_none(text: str) -> None:
    assert find_field_name(text) is None


@given(st.text(alphabet="abcdefgh0123456789_-r", max_size=40) | st.text(max_size=40))
def test_a_parsed_field_name_has_one_spelling(text: str) -> None:
    name = parse_field_name(text)
    assert name is None or str(name) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("f7q4k93xb_kontaktstelle_r02_einrichtung", RowField("f7q4k93xb", "kontaktstelle", 2, "einrichtung")),
        ("f7q4k93xb_kontaktstelle_r100_datum", RowField("f7q4k93xb", "kontaktstelle", 100, "datum")),
        ("f7q4k93xb_kontaktstelle_r02_id", EntryField("f7q4k93xb", "kontaktstelle", 2)),
        ("f7q4k93xb_kontaktstelle_nil", NilField("f7q4k93xb", "kontaktstelle")),
        ("f7q4k93xb_sonstiges_p3_id", IdField("f7q4k93xb", "sonstiges", 3)),
        ("f7q4k93xb_cover_p1_id", IdField("f7q4k93xb", "cover", 1)),
        ("f7q4k93xb_cover_email", CoverField("f7q4k93xb", "email")),
        ("f7q4k93xb_feedback_anmerkungen", CoverField("f7q4k93xb", "anmerkungen", "feedback")),
        ("7fq4k93xb_kontaktstelle_nil", None),  # an edition begins with a letter
        ("f7q4k93xu_kontaktstelle_nil", None),  # u is none of its digits
        ("f7q4k93xb_kontaktstelle_r2_datum", None),
        ("f7q4k93xb_kontaktstelle_r002_datum", None),
        ("f7q4k93xb_kontaktstelle_r00_datum", None),
        ("f7q4k93xb_kontaktstelle_r0٣_datum", None),
        ("f7q4k93xb_kontaktstelle_p0_id", None),
        ("f7q4k93xb_kontaktstelle_p01_id", None),
        ("f7q4k93xb_kontaktstelle_p1٣_id", None),
        ("f7q4k93xb_kontaktstelle_p1_datum", None),
        ("f7q4k93xb_cover_r01_datum", None),
        ("f7q4k93xb_Kontakt_nil", None),
        ("f7q4k93xb_kontaktstelle_email", None),
        ("f7q4k93xb_kontaktstelle", None),
        ("f7q4k93xb_kontaktstelle_r02_einrichtung_x", None),
        ("f7q4k93xb_kontaktstelle_r02_einrichtung\n", None),
        ("Textfeld 3", None),
        ("", None),
    ],
)
def test_names_are_read_strictly(text: str, name: object) -> None:
    assert parse_field_name(text) == name


@given(IDENTITIES)
def test_an_identity_survives_encoding_and_parsing(identity: PageIdentity) -> None:
    assert parse_identity(str(identity)) == identity
    assert parse_identity(f"  {str(identity).upper()}\n") == identity


@given(IDENTITIES, IDENTITIES)
def test_identities_are_found_in_a_longer_text(one: PageIdentity, other: PageIdentity) -> None:
    assert find_identities(f"Seite 1\n{one} Blatt 2\n({other})") == (one, other)
    assert find_identities(f"SEITE 1\n{one} BLATT 2\n({other})".upper()) == (one, other)


@given(TOKENS)
def test_an_identity_with_a_wrong_token_is_none_although_its_own_check_character_fits(token: str) -> None:
    wrong = token[:-1] + next(digit for digit in DIGITS if digit != token[-1])

    assert parse_identity(str(PageIdentity("f7q4k93xb", token, "abc", 1)))
    assert parse_identity(str(PageIdentity("f7q4k93xb", wrong, "abc", 1))) is None


@pytest.mark.parametrize(("page", "known"), [(9999, True), (10_000, False), (0, False)])
def test_pages_have_one_to_four_digits(page: int, known: bool) -> None:
    assert (parse_identity(str(PageIdentity("f7q4k93xb", None, "abc", page))) is not None) is known


@given(TOKENS, TOKENS)
def test_a_subject_with_two_codes_says_nothing(one: str, other: str) -> None:
    assert find_code(f"AW: {subject_code(one)} {subject_code(one).upper()}") == one
    assert find_code(f"AW: {subject_code(one)} {subject_code(other)}") == (one if one == other else None)
    assert find_code("AW: [#000000002]") is None


def neighbours(text: str) -> list[str]:
    """`text` with each pair of neighbours swapped."""
    return [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)]


def substitutes(text: str) -> list[str]:
    """`text` with each character replaced by each other one."""
    return [
        text[:at] + other + text[at + 1 :]
        for at, character in enumerate(text)
        for other in DAMAGE
        if other != character
    ]


@given(IDENTITIES)
def test_a_damaged_identity_is_noticed(identity: PageIdentity) -> None:
    text = str(identity)
    taken = [
        wrong for wrong in neighbours(text) + substitutes(text) if wrong != text and parse_identity(wrong)
    ]
    assert taken == []


@given(TOKENS)
def test_a_damaged_token_is_noticed(token: str) -> None:
    assert is_token(token)
    taken = [wrong for wrong in neighbours(token) + substitutes(token) if wrong != token and is_token(wrong)]
    assert taken == []


def test_moving_a_digit_over_a_slash_is_noticed() -> None:
    text = str(PageIdentity("f7q4k93xb", None, "abc2", 1))
    assert text.startswith("f7q4k93xb/-/abc2/1/")
    assert parse_identity(text.replace("abc2/1", "abc/21")) is None


def test_the_check_character_is_that_of_iso_7064() -> None:
    # 0794 carries 0 in ISO/IEC 7064 MOD 11-2; MOD 37-2 works alike: value of the whole is 1 modulo 37
    for body in ("0794", "f7q4k93xb/-/cover/1", "a", ""):
        values = ["0123456789abcdefghijklmnopqrstuvwxyz-".index(c) for c in body.replace("/", "-")]
        values.append("0123456789abcdefghijklmnopqrstuvwxyz-".index(check_character(body)))
        assert sum(value * 2**place for place, value in enumerate(reversed(values))) % 37 == 1


def test_what_can_not_be_checked_is_refused() -> None:
    with pytest.raises(ValueError, match="substring"):
        check_character("Ä")


def test_tokens_are_drawn_anew() -> None:
    tokens = {new_token() for _ in range(500)}
    assert len(tokens) == 500
    assert all(is_token(token) and set(token) <= set(DIGITS) for token in tokens)


@given(st.binary(max_size=40))
def test_an_edition_id_has_its_shape(content: bytes) -> None:
    assert is_edition(edition_id(content))
    assert edition_id(content) == edition_id(content)


def test_an_edition_id_stays_what_it_was() -> None:
    # returned forms carry the ids of old editions: a change of the hash would orphan them
    assert edition_id(b"formgen") == "wdp94c99x"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("wfbm", True),
        ("betreutes-wohnen", True),
        ("a1", True),
        ("1a", False),
        ("a_b", False),
        ("ä", False),
        ("", False),
    ],
)
def test_what_a_key_is(text: str, answer: bool) -> None:
    assert is_key(text) is answer
