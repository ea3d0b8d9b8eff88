"""The column of offers: an unmistakable name, part or number is taken, and told; what can mean two is a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from formgen.recipients import RecipientList, load_recipients
from spec.console.said import in_language
from spec.errors import WrongInputError
from spec.form.load import default_form
from spec.matching import equal_key
from spec.naming import meant

FORM = default_form()


def listed(tmp_path: Path, *cells: str) -> RecipientList:
    rows = (f'A{number};a{number}@b.example;"{cell}"\n' for number, cell in enumerate(cells))
    path = tmp_path / "partner.csv"
    path.write_text("Organisation;E-Mail;Angebote\n" + "".join(rows), encoding="utf-8")
    return load_recipients(path, FORM)


def asked(tmp_path: Path, cell: str) -> list[str]:
    return list(listed(tmp_path, cell).recipients[0].categories)


def faults(tmp_path: Path, cell: str) -> list[str]:
    with pytest.raises(WrongInputError) as caught:
        listed(tmp_path, cell)
    return [in_language(fault.told, "de") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("cell", "keys"),
    [
        ("Tagesstätte", ["tagesstaette"]),
        ("TAGESSTAETTE", ["tagesstaette"]),
        ("Flüchtlingsberatung", ["fluechtlingsberatung"]),
        ("SpDi", ["spdi"]),
        ("Übergangswohnheim", ["uebergangseinrichtung"]),
        ("Zuverdienst", ["integrationsprojekt"]),
        ("Kontakt und Beratungsstelle", ["kontaktstelle"]),
        ("Seite 6", ["tagesstaette"]),
        ("S. 20", ["sonstiges"]),
        ("1", ["kontaktstelle"]),
    ],
)
def test_what_only_one_offer_can_mean_is_taken(tmp_path: Path, cell: str, keys: list[str]) -> None:
    assert asked(tmp_path, cell) == keys


@pytest.mark.parametrize(
    ("cell", "keys"),
    [
        ("Wohnheim, Betreutes Wohnen", ["betreutes-wohnen", "wohnheim"]),
        ("Tagesstätte; Wohnheim,Tagesstätte", ["tagesstaette", "wohnheim"]),
        ("Integrationsprojekt, Zuverdienstfirma", ["integrationsprojekt"]),
        ("Tagesklinik, Institutsambulanz", ["fachklinik"]),
    ],
)
def test_commas_part_offers_where_they_are_not_within_a_name(
    tmp_path: Path, cell: str, keys: list[str]
) -> None:
    assert asked(tmp_path, cell) == keys


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (
            "Übergangseinrichtung",
            "kann 'Übergangseinrichtung für psychisch kranke Menschen' oder 'Medizinische Rehabilitationseinrichtung für psychisch kranke Menschen' bedeuten. Schreiben Sie den ganzen Namen.",
        ),
        (
            "Ambulante",
            "kann 'Ambulante Pflegedienste/Sozialstationen' oder 'Ambulante Soziotherapie' bedeuten.",
        ),
        (
            "6",
            "kann 'Integrationsfachdienste' oder 'Tagesstätte für psychisch kranke und behinderte Menschen' bedeuten.",
        ),
    ],
)
def test_what_can_mean_two_is_a_fault_that_names_both(tmp_path: Path, cell: str, told: str) -> None:
    (fault,) = faults(tmp_path, cell)
    assert fault.startswith(f"partner.csv, Zeile 2, Spalte 'Angebote': {cell!r} kann ")
    assert told in fault


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("Tagesstäte", "Meinten Sie 'Tagesstätte für psychisch kranke und behinderte Menschen'?"),
        ("Rechtsanwalt", "Meinten Sie 'Rechtsanwälte'?"),
        ("Fachärztin/Facharzt, niedergelasen", "Meinten Sie 'Fachärztin/Facharzt, niedergelassen'?"),
        ("Seite 1", "für alle lassen Sie die Zelle leer"),
        ("0", "für alle lassen Sie die Zelle leer"),
        ("Zirkus", "für alle lassen Sie die Zelle leer"),
        ("ja", "für alle lassen Sie die Zelle leer"),
        ("?!", "für alle lassen Sie die Zelle leer"),
    ],
)
def test_what_means_none_is_a_fault_and_never_the_nearest(tmp_path: Path, cell: str, remedy: str) -> None:
    (fault,) = faults(tmp_path, cell)
    assert f"Das Angebot {cell!r} gibt es im Formular nicht." in fault
    assert remedy in fault


def test_what_was_taken_for_what_is_told_once_with_its_rows(tmp_path: Path) -> None:
    found = listed(tmp_path, "Tagesstätte", "Tagesstätte; Wohnheim", "wohnheim", "Betreutes Wohnen")
    assert [in_language(note, "de") for note in found.notes] == [
        "partner.csv, Spalte 'Angebote': 'Tagesstätte' steht für 'Tagesstätte für psychisch kranke und behinderte Menschen' (Zeilen 2, 3).",
        "partner.csv, Spalte 'Angebote': 'Wohnheim' steht für 'Wohnheim für behinderte Menschen' (Zeile 3).",
    ]


def test_whole_names_and_keys_need_no_word(tmp_path: Path) -> None:
    every = [name for one in FORM.categories for name in (one.key, one.name, *one.other_names)]
    found = listed(tmp_path, *every)
    assert found.notes == ()
    assert [one.categories for one in found.recipients] == [
        (one.key,) for one in FORM.categories for _ in (one.key, one.name, *one.other_names)
    ]


def test_names_are_compared_as_people_write_them() -> None:
    assert equal_key("Träger  Süd e.V.") == equal_key("TRAEGER Sued e. V")
    assert meant("sahin", {1: ["Şahin"], 2: ["Sahan"]}) == (1,)
    assert meant("–", {1: ["–"]}) == ()


def test_a_whole_name_goes_before_a_part_of_others() -> None:
    names = {1: ["Caritas"], 2: ["Caritas Nord"], 3: ["Diakonie"]}
    assert [meant(text, names) for text in ("caritas", "Carit", "nord", "x", "", "iako")] == [
        (1,),
        (1, 2),
        (2,),
        (),
        (),
        (3,),
    ]
