"""The words of the printed frame, by language."""

from __future__ import annotations

from dataclasses import dataclass

from spec.model import Language


@dataclass(frozen=True, slots=True)
class Words:
    """Every word on a blank that is not the form's own. Braces hold what is put in."""

    sheet: str
    page: str
    part: str
    number: str
    row: str
    also: str
    legal_bases: str
    links: str
    who: str
    steps: str
    return_to: str
    reader_notes: str
    cover: str


WORDS: dict[Language, Words] = {
    "de": Words(
        sheet="Bogen {number} von {total}",
        page="Seite {number} von {total}",
        part="Blatt {number} von {total}",
        number="Nr.",
        row="Zeile {number}",
        also="auch:",
        legal_bases="Rechtsgrundlage, Finanzierung",
        links="Mehr dazu",
        who="Wer antwortet?",
        steps="So füllen Sie das Formular aus",
        return_to="Zurückschicken",
        reader_notes="Hinweise zu PDF-Programmen",
        cover="Deckblatt",
    ),
    "en": Words(
        sheet="Sheet {number} of {total}",
        page="Page {number} of {total}",
        part="part {number} of {total}",
        number="No.",
        row="row {number}",
        also="also:",
        legal_bases="Legal basis, funding",
        links="Read more",
        who="Who is answering?",
        steps="How to fill in this form",
        return_to="Sending it back",
        reader_notes="Notes on PDF programs",
        cover="Cover",
    ),
}
