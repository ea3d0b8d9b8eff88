"""The checklists that come along: every offer in its order, and every fact about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spec.form.load import default_form
from spec.form.model import Category

ROOT = Path(__file__).parents[2]
FORM = default_form()

#: category -> what its page must say: names, numbers, laws, places, addresses
FACTS: dict[str, list[str]] = {
    "kontaktstelle": [
        "Kontakt- und Beratungsstelle",
        "Kontaktzentrum",
        "Psychosoziales Zentrum",
        "Sozialpsychiatrisches Zentrum",
        "„Offene Tür“",
        "Freizeit",
        "Café",
        "Mittagstisch",
        "Gruppenangebote",
        "Einzelfallhilfe",
        "Beratung",
        "Zuverdienst",
    ],
    "betreutes-wohnen": [
        "Betreutes Wohnen",
        "ambulanter Fachdienst",
        "eigenen Wohnung",
        "Wohngemeinschaft",
        "Betreuungskosten",
        "Eingliederungshilfe nach §§ 53ff. SGB XII",
        "Einkommen und Vermögen",
    ],
    "pflegedienste": [
        "Ambulante Pflegedienste/Sozialstationen",
        "Psychiatrische Behandlungspflege",
        "SGB V",
        "ärztliche Verordnung",
        "Fachpflegekräfte",
        "private Lebensumfeld",
        "Krankenhaus",
    ],
    "soziotherapie": [
        "Ambulante Soziotherapie",
        "befristete medizinische Leistung",
        "SGB V",
        "ärztliche Verordnung",
        "Casemanagement",
        "akut erkrankte",
        "Betreute Wohnen",
        "ambulante medizinische Versorgung",
        "In NRW",
        "trotz Rechtsanspruch seit 2000 noch nicht systematisch umgesetzt",
    ],
    "tagesstaette": [
        "Tagesstätte für psychisch kranke und behinderte Menschen",
        "15-20 Menschen",
        "30 Stunden",
        "teilstationär",
        "Wochenprogramm",
        "Sozialhilfefinanzierung",
        "Zuverdienst",
    ],
    "integrationsfachdienst": [
        "Integrationsfachdienste",
        "schwerbehinderte",
        "sozialversicherungspflichtig",
        "vermitteln",
        "sichern",
    ],
    "wfbm": [
        "Werkstatt für behinderte Menschen (WfbM)",
        "Rehabilitation",
        "„ersten Arbeitsmarkt“",
        "Alternative",
        "sozialversicherungspflichtig",
    ],
    "integrationsprojekt": [
        "Integrationsprojekt, Zuverdienstfirma",
        "Selbsthilfefirma",
        "sozialversicherungspflichtig",
        "ersten Arbeitsmarkt",
        "psychosoziale Betreuung",
        "Im Einzelfall",
    ],
    "uebergangseinrichtung": [
        "Übergangseinrichtung für psychisch kranke Menschen",
        "Übergangswohnheim",
        "Rheinland",
        "irreführend",
        "bis 24 Monate",
        "medizinisch-beruflichen Rehabilitation",
        "Sozialhilfefinanzierung",
        "im Einzelfall SGB VI",
    ],
    "medizinische-reha": [
        "Medizinische Rehabilitationseinrichtung für psychisch kranke Menschen",
        "„Heilanschlussbehandlung“",
        "Westfalen-Lippe",
        "Übergangseinrichtung",
        "SGB V",
        "SGB VI",
        "Krankenhaus",
        "teilstationär",
    ],
    "krisendienst": [
        "Krisen(interventions)dienst",
        "24-Stunden-Erreichbarkeit",
        "„Krisenbetten“",
        "psychosozial oder psychiatrisch",
        "Bereitschaftsdienst",
        "übernachten",
    ],
    "spdi": [
        "Sozialpsychiatrischer Dienst (SpD oder SPDi)",
        "Gesundheitsamt",
        "selten",
        "freien Träger",
        "PsychKG",
        "Kriseninterventionen",
        "„Zwangseinweisungen“",
    ],
    "gesetzliche-betreuung": [
        "Gesetzliche Betreuerinnen und Betreuer",
        "stellvertretend",
        "Gericht",
        "„Wirkungskreise“",
        "ändern und aufheben",
        "Ehrenamtliche",
        "Betreuungsverein",
        "Berufsbetreuer",
    ],
    "facharztpraxis": ["niedergelassen", "Psychiatrie", "Neurologie", "Psychosomatik"],
    "psychotherapie": ["niedergelassen", "ärztlicher", "psychologischer"],
    "fachklinik": [
        "Psychiatrische Fachklinik oder -abteilung, Tagesklinik, Institutsambulanz",
        "für die Region zuständig",
        "aufnehmen und behandeln",
        "akuten Krisen",
    ],
    "wohnheim": [
        "Wohnheim für behinderte Menschen",
        "längerfristig",
        "Außenwohngruppen",
        "Einzelappartements",
        "24-Stunden-Betreuung",
        "pflegerische Hilfen",
        "Sozialhilfefinanzierung",
    ],
    "sonstiges": ["Sonstiges"],
    "migrationsfachdienste": [
        "Migrationsfachdienste",
        "ehem. Aussiedler- und Ausländersozialberatungsstellen",
        "neu zugewandert",
        "schon länger hier",
        "Aussiedler",
        "Flüchtlinge",
    ],
    "fluechtlingsberatung": [
        "Flüchtlingsberatungsstellen",
        "Anlaufstellen",
        "Flüchtlings- und Migrationssozialberatung",
    ],
    "integrationsrat": [
        "Integrations- oder Migrationsrat",
        "ehem. Ausländerbeirat",
        "unabhängig",
        "demokratisch gewählt",
        "Landesarbeitsgemeinschaft der Ausländerbeiräte",
        "www.laga-nrw.de",
    ],
    "raa": [
        "Regionale Arbeitsstellen zur Förderung von Kindern und Jugendlichen aus Zuwandererfamilien (RAA) in NRW",
        "27 Einrichtungen",
        "Kommunen und Kreisen",
        "vom Land gefördert",
        "Kindertagesstätten",
        "Schulen",
        "Jugendämter",
        "Kammern von Industrie und Handwerk",
        "Berufsberatungsstellen",
        "www.raa.de",
    ],
    "soziale-stadt": [
        "Stadtteilbüros im Programm „Soziale Stadt NRW“",
        "Land fördert",
        "Strukturwandel",
        "städtischen Gemeinschaft",
        "Migrantenselbstorganisationen",
        "www.soziale-stadt.nrw.de",
    ],
    "rechtsanwaelte": [
        "Rechtsanwälte",
        "unabhängig",
        "Ausländerrecht",
        "Asylrecht",
        "Staatsangehörigkeitsrecht",
        "Flüchtlingssozialrecht",
    ],
    "mso": [
        "Migrantenselbstorganisationen (MSO) und Selbsthilfegruppen",
        "ethnisch homogen",
        "multikulturell",
        "ca. 2000 MSOs",
        "politisch, kulturell und religiös",
        "Begegnung",
        "Bildung",
        "Sport",
        "Interessen",
        "Beratungsstelle in NRW, die das Land fördert",
        "DPWV",
        "www.lzz-nrw.de",
        "www.integration.nrw.de",
        "www.zft-online.de",
        "www.migrantenselbsthilfe.paritaet-nrw.org",
    ],
}


def page(category: Category) -> str:
    parts = (
        category.name,
        *category.other_names,
        *category.legal_bases,
        category.description,
        *category.links,
    )
    return "\n".join(parts)


def test_eighteen_offers_of_social_psychiatry_and_seven_of_migration() -> None:
    assert [(section.key, len(section.categories)) for section in FORM.sections] == [
        ("sozialpsychiatrie", 18),
        ("migration", 7),
    ]


def test_the_offers_stand_in_their_order() -> None:
    assert [category.key for category in FORM.categories] == list(FACTS)


@pytest.mark.parametrize("key", FACTS)
def test_every_fact_is_on_its_page(key: str) -> None:
    category = FORM.category(key)
    assert category is not None
    assert [fact for fact in FACTS[key] if fact not in page(category)] == []


def test_sonstiges_has_three_pages_and_the_others_one() -> None:
    assert {category.key: category.pages for category in FORM.categories if category.pages > 1} == {
        "sonstiges": 3
    }


def test_five_columns_with_their_headings_and_hints() -> None:
    assert [(column.key, column.heading, column.hint) for column in FORM.columns] == [
        ("einrichtung", "Einrichtung mit Adresse", "Versorgungsregion/Einzugsgebiet, ggf. Öffnungszeiten"),
        (
            "erfahrung",
            "Erfahrungen/Ressourcen in der Arbeit mit Migrantinnen und Migranten",
            "Anteil der Klientel, fremdsprachliche Kenntnisse, Konzepte, Angebote, Pläne, ggf. auch Fehlanzeige",
        ),
        (
            "kontakt",
            "Kooperations- oder Gesprächspartner/in",
            "Telefonnummer, Sprechzeiten, Fremdsprachen usw.",
        ),
        ("verabredung", "Konkrete Verabredungen", "ggf. Terminabsprache zum Kennenlernen"),
        ("datum", "Datum und Handzeichen", "TT.MM.JJJJ"),
    ]
    assert FORM.identifying_column.key == "einrichtung"
    assert FORM.rows >= 5


@pytest.mark.parametrize(
    "fact",
    [
        "psychisch kranke Menschen mit Migrationshintergrund",
        "Einrichtungen, Dienste, Gruppen und Initiativen",
        "gemeinsam",
        "Fachleute und Betroffene aus beiden",
        "Loseblattsammlung",
        "Fehlanzeige",
        "ob das Angebot hier gebraucht wird",
        "Rückmeldung",
        "TT.MM.JJJJ",
        "Handzeichen",
        "Sonstiges",
        "zweite Kopie",
        "Formulare anzeigen",
        "Chrome",
        "LibreOffice Draw",
        "Post",
        "Antworten Sie auf die E-Mail",
    ],
)
def test_the_cover_says(fact: str) -> None:
    cover = FORM.cover
    assert fact in "\n".join((*cover.intro, *cover.steps, *cover.reader_notes, *cover.return_to))


def test_who_fills_it_in() -> None:
    assert [field.key for field in FORM.cover.fields] == [
        "organisation",
        "person",
        "email",
        "telefon",
        "datum",
    ]
    assert all(field.lines > 3 for field in FORM.feedback.fields)


def test_a_description_fits_its_page() -> None:
    """Four lines of some 150 characters at 9 to 10 points; the three longest offers may take five."""
    long = {"mso": 660, "raa": 600, "soziale-stadt": 600}
    sizes = {
        category.key: len(category.description) + sum(map(len, (*category.other_names, *category.links)))
        for category in FORM.categories
    }
    assert {key: size for key, size in sizes.items() if size > long.get(key, 480)} == {}


def test_texts_keep_to_plain_typography() -> None:
    text = FORM.model_dump_json()
    assert re.findall(r"  |\.\.|,,| ,|\\\"|Innen\b|:innen|\*innen", text) == []


#: Knows words that facilities are commonly called by, in German; not what this form makes of them.
VOCABULARY = {"facility_parts.py", "towns.py"}


@pytest.mark.parametrize("key", [*FACTS, *(column.key for column in FORM.columns if column.key != "datum")])
def test_nothing_of_the_checklists_is_wired_into_the_product(key: str) -> None:
    """The product knows forms, not this form: its keys stand in no module."""
    spelt = re.compile(rf"""["']{re.escape(key)}["']""")
    modules = [path for package in ("spec", "formgen", "harvest") for path in (ROOT / package).rglob("*.py")]
    found = {path.name for path in modules if spelt.search(path.read_text(encoding="utf-8"))}
    assert found <= VOCABULARY
