"""The small form that the specimens are made of, what is filled in, and what each specimen should give."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spec.form.load import default_form
from spec.form.model import Form
from spec.wire import EditionFile

HERE = Path(__file__).resolve().parent
RETURNS = HERE / "returns"
EDITION = HERE / "edition.json"

SCRIPTS = (
    "Größe, Maße, Übergänge – „Zuhause“ für Ältere; 2,50 €",
    "İstanbul Danışma Merkezi, Şişli: çığ, ığdır, Ağrı",
    "Łódź, Poradnia Zdrowia Psychicznego, źdźbło, ąęćńó",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Trung tâm tư vấn sức khỏe tâm thần, Nguyễn Thị Hường",
    "Центр психического здоровья «Надежда», Їжак, ґанок",
    "Κέντρο Ψυχικής Υγείας, ΐ ΰ ώ",
    "Navenda şêwirmendiyê ya Kurdî, çîrok û êş",
    "Kontakt- und Beratungsstelle Wedding\nMüllerstr. 143\n13353 Berlin",
    "Tel. 030 / 460 67 99 (Mo–Fr 9–17 Uhr), info@beispiel-verein.example",
    "AB 12.03.2026",
    "=SUMME(A1)",
    "007",
)
OVERFLOW = " ".join(f"Gruppe {n}: Mo–Fr 9–17 Uhr, Anmeldung bei Frau Öztürk." for n in range(1, 13))
GERMAN = (
    "Kontakt- und Beratungsstelle Wedding, Müllerstraße 143, 13353 Berlin",
    "Psychiatrie-Erfahrene, Türkisch und Arabisch, seit 1998",
    "Frau Özdemir, Telefon 030 4606799, info@beispiel.example",
    "Jeden ersten Dienstag im Monat um 10 Uhr",
    "KM 12.03.2026",
    "Treffpunkt Süd e. V., Hauptstr. 5, 10827 Berlin",
    "Gruppen für Angehörige; Beratung auch auf Russisch",
    "Herr Weiß, Telefon 030 7890123",
    "Vereinbart: gemeinsame Sprechstunde ab Mai",
    "TS 14.03.2026",
)


@dataclass(frozen=True)
class Truth:
    """What a specimen holds: name without edition -> text; ticked boxes; its pages as (category, number).

    `ink` names the cells where something stands that no program can be asked to read, or not all of it.
    """

    values: Mapping[str, str]
    nil: tuple[str, ...]
    pages: tuple[tuple[str, int], ...]
    ink: tuple[str, ...] = ()

    def save(self, specimen: Path) -> None:
        body = {
            "values": dict(self.values),
            "nil": list(self.nil),
            "pages": [list(one) for one in self.pages],
            **({"ink": list(self.ink)} if self.ink else {}),
        }
        text = json.dumps(body, ensure_ascii=False, indent=1)
        specimen.with_suffix(".json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def of(cls, specimen: Path) -> Truth:
        body = json.loads(specimen.with_suffix(".json").read_text(encoding="utf-8"))
        pages = tuple((category, number) for category, number in body["pages"])
        return cls(body["values"], tuple(body["nil"]), pages, tuple(body.get("ink", ())))


def small_form() -> Form:
    """The project's form with two of its categories."""
    form = default_form()
    section = form.sections[0]
    two = section.model_copy(update={"categories": section.categories[:2]})
    return form.model_copy(update={"sections": (two,)})


def edition() -> EditionFile:
    """The edition of the committed specimens."""
    return EditionFile.model_validate_json(EDITION.read_text(encoding="utf-8"))


def specimens(pattern: str = "*") -> list[Path]:
    """The committed specimens whose names match."""
    return sorted(RETURNS.glob(f"{pattern}.pdf"))
