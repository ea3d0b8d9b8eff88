"""Forms for the tests: a small German one, and an English one of quite another kind."""

from __future__ import annotations

from typing import Any

from spec.form.model import Form

SMALL: dict[str, Any] = {
    "key": "klein",
    "title": "Kleines Formular",
    "subtitle": "Nur zum Prüfen",
    "language": "de",
    "rows": 5,
    "nil_label": "Fehlanzeige: Das gibt es hier nicht.",
    "cover": {
        "intro": ["Worum es geht."],
        "steps": ["Ausfüllen.", "Zurückschicken."],
        "return_to": ["büro@beispiel.example"],
        "fields": [{"key": "organisation", "label": "Organisation"}],
    },
    "columns": [
        {
            "key": "ort",
            "heading": "Einrichtung mit Adresse",
            "hint": "ggf. Öffnungszeiten",
            "identifies": True,
        },
        {"key": "datum", "heading": "Datum", "hint": "TT.MM.JJJJ", "width": 0.5},
    ],
    "sections": [
        {
            "key": "eins",
            "title": "Teil eins",
            "categories": [
                {
                    "key": "beratung",
                    "name": "Kontakt- und Beratungsstelle",
                    "description": "Eine „Offene Tür“.",
                },
                {"key": "sonstiges", "name": "Sonstiges", "pages": 3},
            ],
        }
    ],
    "feedback": {"title": "Rückmeldung", "fields": [{"key": "fehlt", "label": "Was fehlt?", "lines": 5}]},
}

ENGLISH: dict[str, Any] = {
    "key": "bicycle-repair",
    "title": "Bicycle repair shops",
    "language": "en",
    "second_language": "pl",
    "rows": 6,
    "nil_label": "Nil return: there is no such shop here.",
    "cover": {
        "intro": ["Which workshops mend bicycles, and for whom?"],
        "steps": ["Fill in a sheet for each kind of shop.", "Send it back."],
        "reader_notes": ["Any PDF program that knows form fields will do."],
        "return_to": ["12 Example Street", "workshops@city.example"],
        "fields": [
            {"key": "organisation", "label": "Organisation"},
            {"key": "remarks", "label": "Remarks", "lines": 3},
        ],
    },
    "columns": [
        {"key": "shop", "heading": "Shop", "hint": "address", "second_hint": "adres", "identifies": True},
        {"key": "offer", "heading": "What they repair", "width": 2},
        {"key": "price", "heading": "Price in €"},
    ],
    "sections": [
        {
            "key": "town",
            "title": "In town",
            "colour": "#444444",
            "categories": [
                {
                    "key": "cargo",
                    "name": "Cargo bikes",
                    "other_names": ["Lastenräder", "Rowery cargo"],
                    "legal_bases": ["City programme 7"],
                    "description": "Shops that mend bikes with a box.\nAlso trailers.",
                    "second_description": "Naprawa rowerów ze skrzynią.",
                    "links": ["www.city.example"],
                }
            ],
        },
        {"key": "villages", "title": "Villages", "categories": [{"key": "any", "name": "Any bicycle"}]},
    ],
    "feedback": {"title": "Feedback", "fields": [{"key": "missing", "label": "What is missing?"}]},
}


def small_form(**changes: Any) -> Form:
    """The small form with some of its entries changed."""
    return Form.model_validate(SMALL | changes)


def with_category(**changes: Any) -> Form:
    """The small form with one category, some of its entries changed."""
    category = {"key": "beratung", "name": "Beratung"} | changes
    return small_form(sections=[{"key": "eins", "title": "Teil eins", "categories": [category]}])


def with_columns(*columns: dict[str, Any]) -> Form:
    """The small form with these columns; the first one names the facility."""
    first, *others = columns
    return small_form(columns=[first | {"identifies": True}, *others])


def english_form() -> Form:
    """The English form."""
    return Form.model_validate(ENGLISH)
