"""Telephone numbers, addresses on the web, postal codes, languages: the cases by which the rules are judged."""

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.parse import (
    Columns,
    PhoneKind,
    Precision,
    SaidDate,
    emails_in,
    languages_in,
    national_numbers_in,
    phones_in,
    places_in,
    said_in,
    websites_in,
)
from harvest.parse.languages import keys
from spec.words import LANGUAGES, words

PHONES = [
    ("Miriam Köppen\n0241 555012-10\nMo 10–12 Uhr", ["0241 555012-10"]),
    ("0176 5550143", ["0176 5550143"]),
    ("0241/55 50 12 - 10", ["0241 555012-10"]),
    ("(02 41) 55 50 12 - 3", ["0241 555012-3"]),
    ("0241 - 55 50 12", ["0241 555012"]),
    ("0241-555077", ["0241 555077"]),
    ("0241.5550.12", ["0241 555012"]),
    ("+49 (0)241 555012-10", ["0241 555012-10"]),
    ("0049 241 555012", ["0241 555012"]),
    ("+49 241 555012", ["0241 555012"]),
    ("+31 45 560 00 00", ["+31 45 5600000"]),
    ("0800 111 0 111", ["0800 1110111"]),
    ("@Team Beratung: 0228/108-0", ["0228 108-0"]),
    ("0241/555012-10, 0241/555013", ["0241 555012-10", "0241 555013"]),
    ("0241 555012 0176 5550143", ["0241 555012", "0176 5550143"]),
    ("0241 555012 und 0241 55 50 12", ["0241 555012"]),
    ("0241 12 34 56 oder -57", ["0241 123456"]),
    ("0241/555-10/11", ["0241 555-10"]),  # another number or another extension: only the first is certain
    ("0241 123456/57", ["0241 123456"]),
    ("0241 123456 9-12 Uhr", ["0241 123456"]),
    ("0241 123456, 9.00-12.00 Uhr", ["0241 123456"]),
    ("٠٢٤١ ٥٥٥٠١٢", ["0241 555012"]),
    # a second number right behind
    ("0241 555012 + 0241 555013", ["0241 555012", "0241 555013"]),
    ("0241 555012-10+0176 5550143", ["0241 555012-10", "0176 5550143"]),
    ("+49 241 555012+49 241 555013", ["0241 555012", "0241 555013"]),
    ("0241 555012-10, Fax -99", ["0241 555012-10", "0241 555012-99"]),
    ("0241/555012-0\nFax: -99", ["0241 555012-0", "0241 555012-99"]),
    ("0241 555012-0 u. -12, Fax - 99", ["0241 555012-0", "0241 555012-12", "0241 555012-99"]),
    ("0241 555012-0 (Fax -19)", ["0241 555012-0", "0241 555012-19"]),
    ("0241 555012-10 (-12)", ["0241 555012-10", "0241 555012-12"]),
    ("0241 555012, Fax -99", ["0241 555012"]),  # the last figures anew, or further ones? nobody knows
    ("0241 555012 + 555013", ["0241 555012"]),
    # none
    ("555012", []),
    ("110, 112, 116117", []),
    ("02.11.2026 MK", []),
    ("2026-11-02", []),
    ("09.00-16.00 Uhr, 08:30 - 12:00", []),
    ("DE89 3704 0044 0532 0130 00", []),
    ("52062 Aachen", []),
    ("01067 Dresden", []),
    ("030 12", []),
    ("0000000000", []),
    ("12 von 80 Klientinnen", []),
]


@pytest.mark.parametrize(("typed", "expected"), PHONES, ids=[repr(case[0]) for case in PHONES])
def test_phones(typed: str, expected: list[str]) -> None:
    assert [phone.text for phone in phones_in(typed)] == expected


@given(
    st.lists(
        st.sampled_from(
            ["0241 555012-10", "+49 241 555012", ", Fax -99", "/", "+", "0176 5550143", "030 12345"]
        ),
        max_size=6,
    )
)
def test_what_is_shown_as_a_number_serves_to_compare_rows(parts: list[str]) -> None:
    text = " ".join(parts)
    compared = national_numbers_in(text)

    assert {
        phone.dial.removeprefix("+49") for phone in phones_in(text) if phone.kind is not PhoneKind.FAX
    } <= compared


def test_what_a_number_is_for() -> None:
    told = phones_in(
        "Tel. 0241 555012, Fax 0241 555013\nTelefax: 0241 555014\nTel./Fax 0241 555015; 0151 23456789"
    )

    assert [phone.kind for phone in told] == [
        PhoneKind.LINE,
        PhoneKind.FAX,
        PhoneKind.FAX,
        PhoneKind.LINE,
        PhoneKind.MOBILE,
    ]
    assert told[0].dial == "+49241555012"


PLACES = [
    ("Kontaktstelle Nord\nJülicher Str. 114\n52070 Aachen", ["52070 Aachen"]),
    ("Jülicher Str. 114, 52070 Aachen, offen Mo–Fr 9–16 Uhr", ["52070 Aachen"]),
    ("Hauptstr. 12 52062 Aachen Tel. 0241 555012", ["52062 Aachen"]),
    ("D-52062 Aachen-Burtscheid", ["52062 Aachen-Burtscheid"]),
    ("53604 Bad Honnef", ["53604 Bad Honnef"]),
    ("53757 St. Augustin", ["53757 St. Augustin"]),
    ("60311 Frankfurt am Main", ["60311 Frankfurt am Main"]),
    ("15230 Frankfurt (Oder)", ["15230 Frankfurt (Oder)"]),
    ("45468 Mülheim/Ruhr", ["45468 Mülheim/Ruhr"]),
    ("67433 Neustadt a. d. Weinstraße", ["67433 Neustadt a. d. Weinstraße"]),
    ("74523 Schwäbisch Hall (Stadtmitte)", ["74523 Schwäbisch Hall"]),
    ("01067 Dresden", ["01067 Dresden"]),
    ("52062 AACHEN", ["52062 AACHEN"]),
    ("52062 Aachen und 52222 Stolberg", ["52062 Aachen", "52222 Stolberg"]),
    ("52062 Aachen\nzweiter Standort: 52062 Aachen", ["52062 Aachen"]),
    ("Hauptstr. 5, 52062", ["52062 "]),
    ("PLZ 52062", ["52062 "]),
    ("52062 Aachen Frau Meier", ["52062 Aachen"]),
    # a title goes with the name, and is none
    ("18609 Ostseebad Binz", ["18609 Ostseebad Binz"]),
    ("18609 Ostseebad\nBinz", ["18609 Ostseebad Binz"]),
    ("99084 Landeshauptstadt Erfurt", ["99084 Landeshauptstadt Erfurt"]),
    ("20095 Freie und Hansestadt Hamburg", ["20095 Freie und Hansestadt Hamburg"]),
    ("97688 Große Kreisstadt Bad Kissingen", ["97688 Große Kreisstadt Bad Kissingen"]),
    ("99974 Thomas-Müntzer-Stadt Mühlhausen", ["99974 Thomas-Müntzer-Stadt Mühlhausen"]),
    ("06526 Berg- und Rosenstadt Sangerhausen", ["06526 Berg- und Rosenstadt Sangerhausen"]),
    ("18609 Ostseebad", []),
    ("99084 Landeshauptstadt, Rathaus", []),
    # a name of several parts, whole
    ("08280 Aue-Bad Schlema", ["08280 Aue-Bad Schlema"]),
    ("08280 Aue - Bad Schlema", ["08280 Aue - Bad Schlema"]),
    ("52062 Aachen - Badstraße 5", ["52062 Aachen"]),
    ("08280 Aue-Bad\nSchlema", ["08280 Aue-Bad Schlema"]),
    ("52078 Aachen-\nBrand", ["52078 Aachen-Brand"]),
    ("23669 Timmendorfer Strand", ["23669 Timmendorfer Strand"]),
    ("23669 Timmendorfer\nStrand", ["23669 Timmendorfer Strand"]),
    ("02943 Běła Woda", ["02943 Běła Woda"]),
    ("23999 Insel\nPoel", ["23999 Insel Poel"]),
    ("23999 Ostseebad Insel Poel", ["23999 Ostseebad Insel Poel"]),
    ("91413 Neustadt a.d.Aisch", ["91413 Neustadt a.d.Aisch"]),
    ("26919 Brake (Unterweser)", ["26919 Brake (Unterweser)"]),
    ("27356 Rotenburg\n(Wümme)", ["27356 Rotenburg (Wümme)"]),
    ("08523 Große\nKreisstadt Plauen", ["08523 Große Kreisstadt Plauen"]),
    ("63065 Offenbach\nam Main", ["63065 Offenbach am Main"]),
    ("63065 Offenbach\nam Markt", ["63065 Offenbach"]),
    ("01067 Dresden\nauf Anfrage", ["01067 Dresden"]),
    ("03226 Vetschau/Spreewald", ["03226 Vetschau/Spreewald"]),
    ("06712 Bad\nFrau Meier", []),
    # letters of every alphabet, composed or not
    ("02625 Budyšin", ["02625 Budyšin"]),
    (unicodedata.normalize("NFD", "02625 Budyšin"), ["02625 Budyšin"]),
    ("03046 Chóśebuz", ["03046 Chóśebuz"]),
    ("02977 Wojerecy", ["02977 Wojerecy"]),
    # signs that nobody sees part no word and no number
    ("52062 Aa\u00adchen", ["52062 Aachen"]),
    ("\u202a520\u200b62\u00a0Aachen\u202c", ["52062 Aachen"]),
    # two official names, whole, be it over a line end
    ("02625 Bautzen/Budyšin", ["02625 Bautzen/Budyšin"]),
    ("02625 Bautzen / Budyšin, Weg 1", ["02625 Bautzen / Budyšin"]),
    ("02625 Bautzen/\nBudyšin", ["02625 Bautzen/Budyšin"]),
    ("02625 Bautzen\n/Budyšin", ["02625 Bautzen/Budyšin"]),
    ("02625 Bautzen – Budyšin", ["02625 Bautzen - Budyšin"]),
    ("02625 Bautzen (Budyšin)", ["02625 Bautzen (Budyšin)"]),
    ("02625 Bautzen\nBudyšin", ["02625 Bautzen Budyšin"]),
    ("02906 Niesky/Niska", ["02906 Niesky/Niska"]),
    ("03046 Chóśebuz/Cottbus", ["03046 Chóśebuz/Cottbus"]),
    ("01968 Senftenberg/Zły\nKomorow", ["01968 Senftenberg/Zły Komorow"]),
    ("03222 Lübbenau/Spreewald / Lubnjow/Błota", ["03222 Lübbenau/Spreewald / Lubnjow/Błota"]),
    (unicodedata.normalize("NFD", "24937 Flensburg/Flensborg"), ["24937 Flensburg/Flensborg"]),
    ("10115 Berlin/Mitte", ["10115 Berlin"]),
    ("02625 Bautzen/Frau Alt", ["02625 Bautzen"]),
    ("02625 Bautzen/Bud", ["02625 Bautzen"]),
    # none
    ("12000 Menschen im Einzugsgebiet", []),
    ("25000 Euro", []),
    ("0241 52062 Frau Meier", []),
    ("0241 555-52062", []),
    ("00000 Nirgendwo", []),
    ("1234 AB Heerlen", []),
    ("rund 52062 im Jahr", []),
    ("Krisendienst der Städteregion", []),
]


@pytest.mark.parametrize(("typed", "expected"), PLACES, ids=[repr(case[0]) for case in PLACES])
def test_places(typed: str, expected: list[str]) -> None:
    assert [f"{place.code} {place.town}" for place in places_in(typed)] == expected


def test_signs_that_nobody_sees_hide_nothing() -> None:
    assert [one.text for one in phones_in("Tel. 0241\u200b 555\u00ad12")] == ["0241 55512"]
    assert emails_in("info\u200b@haus.example") == ("info@haus.example",)
    assert websites_in("www.\u00adhaus.de") == ("www.haus.de",)
    assert languages_in("Tür\u00adkisch, Ara\u200bbisch") == languages_in("Türkisch, Arabisch") != ()
    assert national_numbers_in("0241\u200b 555\u00ad12") == national_numbers_in("0241 55512") != set()


EMAILS = [
    ("info@example.org", ["info@example.org"]),
    ("Mail: Maria.Köppen@kontakt-stelle.example.", ["Maria.Köppen@kontakt-stelle.example"]),
    ("info(at)example.org, info [at] example.com", ["info@example.org", "info@example.com"]),
    ("<a.b+c@sub.example.de>", ["a.b+c@sub.example.de"]),
    ("Info@Example.org info@example.org", ["Info@Example.org"]),
    ("info@müller.example", ["info@müller.example"]),
    ("@Team", []),
    ("a@b", []),
    ("a@@b.de", []),
    ("max&co@haus.example", ["max&co@haus.example"]),
    ("Mail:team#1!x@haus.example", ["team#1!x@haus.example"]),
    ("info@a.example&info@b.example", ["info@a.example", "info@b.example"]),
    ("* info@haus.example\n*post@haus.example", ["info@haus.example", "post@haus.example"]),
    ("Fax/info@haus.example", ["info@haus.example"]),
    ("a..b@haus.example", []),
    ("user@-bad-.de", []),
    ("x" * 70 + "@example.org", []),
]


@pytest.mark.parametrize(("typed", "expected"), EMAILS, ids=[repr(case[0][:40]) for case in EMAILS])
def test_emails(typed: str, expected: list[str]) -> None:
    assert list(emails_in(typed)) == expected


WEBSITES = [
    ("www.example.org.", ["www.example.org"]),
    ("Siehe https://example.org/a_(b)?c=d#e), dort", ["https://example.org/a_(b)?c=d#e"]),
    ("kontaktstelle-nord.de", ["kontaktstelle-nord.de"]),
    ("beratung.example.nrw/kontakt;", ["beratung.example.nrw/kontakt"]),
    ("WWW.Example.DE und www.example.de", ["WWW.Example.DE"]),
    ("info@example.de", []),
    ("z.B. Dipl.-Psych. e.V.", []),
    ("javascript:alert(1)", []),
    ("file:///etc/passwd", []),
    ("3.4.2024", []),
]


@pytest.mark.parametrize(("typed", "expected"), WEBSITES, ids=[repr(case[0]) for case in WEBSITES])
def test_websites(typed: str, expected: list[str]) -> None:
    assert list(websites_in(typed)) == expected


LANGUAGE_CASES = [
    ("Türkisch, Arabisch, Russisch im Team", ["tr", "ar", "ru"]),
    ("Gruppe für türkischsprachige Frauen", ["tr"]),
    ("Beratung auf Kurdisch (Kurmancî)", ["kmr"]),
    ("Kurmancî und Soranî", ["kmr", "ckb"]),
    ("Kurdisch", ["ku"]),
    ("Dari, Farsi, Paschtu", ["prs", "fa", "ps"]),
    ("Dolmetschen Arabisch-Deutsch", ["ar", "de"]),
    ("russisch- und polnischsprachig", ["ru", "pl"]),
    ("Englisch/Französisch", ["en", "fr"]),
    ("spricht Tigrinya; Somali", ["ti", "so"]),
    ("Deutsche Gebärdensprache (DGS)", ["gsg"]),
    ("Englischkenntnisse, Türkisch-Kenntnisse", ["en", "tr"]),
    ("Русский, العربية, Türkçe", ["ru", "ar", "tr"]),
    ("TÜRKISCH", ["tr"]),
    # none: people, courses, places, negations
    ("türkische Frauen", []),
    ("Deutschkurs im Haus", []),
    ("Deutsch-Kurdischer Kulturverein", []),
    ("kein Arabisch", []),
    ("Dolmetschen per Telefon in 12 Sprachen", []),
    ("Fon 0241 555012", []),
    ("Thailand", []),
    ("", []),
]


@pytest.mark.parametrize(
    ("typed", "expected"), LANGUAGE_CASES, ids=[repr(case[0]) for case in LANGUAGE_CASES]
)
def test_languages(typed: str, expected: list[str]) -> None:
    assert list(languages_in(typed)) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_name_in_every_language(language: str) -> None:
    assert set(words(language).under("language")) == set(keys())


def digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(one, "")) for one in text)


pieces = st.sampled_from(
    ["0241", "555012", "-", "/", " ", "(0)", "+49", "+", "0", "52062", " Aachen", "Fax ", "@", ".de", "www.", "\n", "Uhr", "9-12", "٣", "²", "¼"]
)  # fmt: skip
hostile = st.lists(pieces | st.text(max_size=4), max_size=12).map("".join)


@given(hostile)
def test_nothing_raises_and_no_digit_is_invented(typed: str) -> None:
    there = digits(typed)
    for phone in phones_in(typed):
        # an extension alone stands behind what it belongs to, not beside it
        assert all(
            digits(part.removeprefix("0")) in there or digits(part).removeprefix("0") in there
            for part in phone.text.split("-")
        )
        assert phone.dial.startswith("+")
        assert phone.dial[1:].isdigit()
        assert set(phone.text) <= set("0123456789 +-")
    assert all(place.code in there for place in places_in(typed))
    assert all(digits(one) in there for one in (*emails_in(typed), *websites_in(typed)))
    languages_in(typed)


@pytest.mark.parametrize(
    "piece",
    [
        "0",
        "0 ",
        "0-",
        "+49 ",
        "a.",
        "a-",
        "-",
        "a@",
        "52062 ",
        "52062 A",
        "Türkisch-",
        "3.4.",
        "(at)",
        "www.",
        "kein ",
        "((0",
    ],
)
def test_long_texts_take_no_longer_than_long_texts_do(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    columns = Columns(("a", "b"), "a", "b")

    start = time.process_time()
    said_in({"a": text, "b": text}, columns, date(2026, 1, 1))

    assert time.process_time() - start < 5


def test_all_of_an_entry() -> None:
    columns = Columns(("einrichtung", "kontakt", "datum"), "einrichtung", "datum")
    said = said_in(
        {
            "einrichtung": "Kontaktstelle Nord\nJülicher Str. 114, 52070 Aachen",
            "kontakt": "Miriam Köppen (Türkisch)\n0241 555012-10, koeppen@example.org, www.example.org",
            "datum": "02.11.2026 MK",
        },
        columns,
        date(2026, 11, 22),
    )

    assert [place.town for place in said.places] == ["Aachen"]
    assert [phone.text for phone in said.phones] == ["0241 555012-10"]
    assert said.emails == ("koeppen@example.org",)
    assert said.websites == ("www.example.org",)
    assert said.languages == ("tr",)
    assert said.confirmed == SaidDate(date(2026, 11, 2), Precision.DAY)
    assert said.initials == "MK"
