"""Whom a word means: the spellings of one name, and the names that only look like it."""

from __future__ import annotations

import unicodedata

import pytest

from harvest.privacy.search.persons import Who


@pytest.mark.parametrize(
    "text",
    [
        "gefragt ist Ida Müller, Tel. 1",
        "IDA MÜLLER",
        unicodedata.normalize("NFD", "Ida Müller"),
        "Ida Mueller",
        "Müller, Ida",
        "Ida\n  Müller",
        "Ida_Müller_2026.pdf",
        "ida.mueller@traeger.example",
        "Ida Mül\u00adler",
        "Ida Mül-\nler",
        "Ida\u00a0Müller",
        "Fr.Ida-Müller;",
    ],
)
@pytest.mark.parametrize("name", ["Ida Müller", "ida mueller", unicodedata.normalize("NFD", "Ida Müller")])
def test_a_name_is_found_however_it_is_written(name: str, text: str) -> None:
    assert Who.of(name).mentioned(text)


@pytest.mark.parametrize(
    "text", ["Frida Müller", "Ida Müllers", "Ida Müllermann", "Ida Muller", "Idamüller", "Müller und Ida"]
)
def test_another_name_is_not(text: str) -> None:
    assert not Who.of("Ida Müller").mentioned(text)


@pytest.mark.parametrize(
    "text",
    [
        "0241 / 123-45",
        "+49 241 12345",
        "0049 (241) 12345",
        "+49 (0)241 123 45",
        "024112345",
        "Tel.: 0241–12345, Fax 1",
        "0241\u00a012345",
    ],
)
@pytest.mark.parametrize("number", ["0241 12345", "+49 241 12345", "0049 241/123 45", "+49 (0) 241 12345"])
def test_a_number_is_found_however_it_is_grouped(number: str, text: str) -> None:
    assert Who.of(number).mentioned(text)


@pytest.mark.parametrize("text", ["0241 123456", "10241 12345", "241 12345", "0241 1234"])
def test_another_number_is_not(text: str) -> None:
    assert not Who.of("0241 12345").mentioned(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Weiß", "Frau WEISS"),
        ("Groß & Söhne", "gross & soehne"),
        ("Wegfall e. V.", "WEGFALL  E. V."),
        ("ida@wegfäll.example", "Mail: Ida@Wegfäll.example."),
        ("André", unicodedata.normalize("NFD", "andré")),
        ("王小明", "联系人：王小明 医生"),
    ],
)
def test_umlauts_signs_and_other_scripts(name: str, text: str) -> None:
    assert Who.of(name).mentioned(text)
