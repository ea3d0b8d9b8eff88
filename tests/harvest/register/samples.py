"""A register as the office would have it in its second round: invented facilities, real scripts, long texts."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from harvest.model import (
    Answer,
    Change,
    Check,
    Claim,
    Conflict,
    Duplicate,
    Entry,
    Method,
    NilReturn,
    Problem,
    Register,
    Severity,
    Source,
    Status,
)
from harvest.register.sheet_model import RegisterView
from harvest.register.view.register_view import ReturnNote, ReturnOutcome, RunNote, build_view
from spec.form.model import Form
from spec.words import words

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[3]

NAMES = (
    "Der Weg e.V., Kontakt- und Beratungsstelle\nLindenstraße 14, 45127 Essen\nEinzugsgebiet: Essen-Mitte, Südviertel",
    "Sozialpsychiatrisches Zentrum Köln-Porz\nGoethestraße 3, 51143 Köln\nMo-Fr 10-16 Uhr, Do bis 19 Uhr",
    "Caritasverband für die Stadt Bonn e.V.\nFritz-Tillmann-Straße 8-12, 53113 Bonn",
    "AWO Unterbezirk Ruhr-Mitte, Betreutes Wohnen für psychisch kranke Menschen, Herner Straße 22, 44787 Bochum",
    "Diakonie Düsseldorf, Langer Straße 20a, 40233 Düsseldorf",
    "Alexianer Tagesklinik Krefeld",
    "Brücke Schleswig-Holstein gGmbH",
    "Förderkreis Gemeindepsychiatrie Mülheim/Ruhr e.V.\n45468 Mülheim",
    "=SUMME(A1:A9) Beratung & Begleitung",
    "Łódzka Pomoc, poradnia dla migrantów, ul. Piotrkowska 12",
    "Психологічна допомога «Надія», Hauptstraße 5",
    "مركز الإرشاد النفسي للمهاجرين، شارع كولونيا 12",
    "Türk-Alman Danışma Merkezi, Keupstraße 99, 51063 Köln",
    "Tư vấn tâm lý cho người nhập cư, Mannheim",
    "Ελληνική Κοινότητα, Συμβουλευτική, Rheinallee 40",
    "心理咨询中心 柏林 (Psychologische Beratung)",
)
EXPERIENCE = (
    (
        "Etwa 35 % der Klientinnen und Klienten haben einen Migrationshintergrund; Beratung auf Türkisch, Russisch und Polnisch. "
        "Ein Dolmetscherpool wird gemeinsam mit dem Kommunalen Integrationszentrum aufgebaut."
    ),
    "Fehlanzeige",
    (
        "Eine Kollegin spricht Arabisch und Kurdisch (Kurmancî). Muttersprachliche Frauengruppe mittwochs, Müttercafé, Begleitung zu "
        "Ämtern. Konzept zur interkulturellen Öffnung liegt seit 2024 vor und wird jährlich fortgeschrieben. Fortbildungen für das "
        "Team zweimal im Jahr, zuletzt: „Trauma und Flucht“."
    ),
    "Ca. 20 % der Klientel, Tendenz steigend 📈; zwei Sprachmittler 🧑‍🤝‍🧑 auf Honorarbasis.",
    "",
    "- Englisch, Französisch\n- Wegweiser in acht Sprachen\n- keine eigenen Gruppen",
)
CONTACTS = (
    "Frau Yılmaz, 0201 / 12 34 56-0, Mo und Mi 9-12 Uhr, Türkisch",
    "Herr Dr. Krüger, Tel. +49 221 987654, krueger@spz-porz.example",
    "@Team Beratung: 0228/108-0",
    "+49 (0)234 5678-90, Sprechzeit nach Vereinbarung; spricht Polnisch, Russisch und Englisch",
    "Ольга Петренко, 0151-2345678",
)
AGREEMENTS = (
    "Kennenlernen am 12.06.2026, 14 Uhr, bei uns im Haus",
    "",
    "Halbjährliches Treffen im Arbeitskreis Migration und Psychiatrie; Hospitation der neuen Kolleginnen im Herbst",
    "-",
)
DATES = ("3.4.26 MK", "04/2026", "12.03.2026 Yı", "April 2026", "2026-02-11")
REPORTERS = (
    "Caritasverband für die Stadt Essen e.V.",
    "Der Paritätische, Kreisgruppe Köln",
    "AWO Ruhr-Mitte",
    "Diakonie Düsseldorf",
    "Gesundheitsamt Bonn, Sozialpsychiatrischer Dienst",
)
STATUSES = (
    Status.UNCHANGED,
    Status.NEW,
    Status.UNCHANGED,
    Status.CHANGED,
    Status.UNCHANGED,
    Status.MISSING,
    Status.EMPTIED,
)


@cache
def checklist() -> Form:
    text = (ROOT / "spec/forms/migration_psychiatrie.toml").read_text(encoding="utf-8")
    return Form.model_validate(tomllib.loads(text))


def source(number: int, page: int = 3, row: int = 2) -> Source:
    digest = f"{number % 5:064x}"
    return Source(
        digest,
        f"Rücklauf {REPORTERS[number % 5].split(',')[0]}.pdf",
        page,
        row,
        Method.WIDGET if number % 7 else Method.ANNOTATION,
        REPORTERS[number % 5],
        NOW - timedelta(days=3 * (number % 50), hours=number % 9),
    )


def entry(number: int, category: str, **changes: object) -> Entry:
    name = NAMES[number % len(NAMES)]
    values = {
        "einrichtung": name if number < len(NAMES) else f"{name} ({number})",
        "erfahrung": EXPERIENCE[number % len(EXPERIENCE)],
        "kontakt": CONTACTS[number % len(CONTACTS)],
        "verabredung": AGREEMENTS[number % len(AGREEMENTS)],
        "datum": DATES[number % len(DATES)],
    }
    where = source(number, page=2 + number % 25, row=1 + number % 6)
    fields: dict[str, object] = {
        "id": f"e{number:05d}",
        "category": category,
        "values": values,
        "status": STATUSES[number % len(STATUSES)],
        "reporters": (where.reporter,) if number % 4 else (where.reporter, REPORTERS[(number + 1) % 5]),
        "sources": (where,),
        "confirmed": where.at,
    }
    return Entry(**{**fields, **changes})  # type: ignore[arg-type]


def _with_findings(one: Entry, number: int) -> dict[str, object]:
    where = one.sources[0]
    found: dict[str, object] = {}
    if number % 11 == 1:
        shown = Claim(one.values["kontakt"], where.at, where)
        later = source(number + 1, page=7, row=3)
        found["conflicts"] = (
            Conflict(one.id, "kontakt", shown, (Claim("Frau Öztürk, 0201 / 99 88 77", later.at, later),)),
        )
    if number % 13 == 2:
        found["duplicates"] = (Duplicate(one.id, f"e{number + 5:05d}", 91.4, "same-phone"),)
    if number % 17 == 3:
        found["checks"] = (
            Check(one.id, "erfahrung", one.values["erfahrung"], Method.OCR, 0.71, ("Fehlanzeige?",), where),
        )
    if one.status is not Status.UNCHANGED:
        found["history"] = (
            Change(
                one.id,
                where.at,
                one.status.value,
                "kontakt",
                "Herr Alt, 0201/1",
                one.values["kontakt"],
                where,
            ),
        )
    return found


@cache
def sample_register(entries: int = 75) -> Register:
    form = checklist()
    keys = [category.key for category in form.categories]
    used = [key for place, key in enumerate(keys) if place % 6 != 4]
    per = entries // len(used) + 1
    made: list[Entry] = []
    for key in used:
        for _ in range(min(per, entries - len(made))):
            number = len(made) + 1
            plain = entry(number, key)
            made.append(entry(number, key, **_with_findings(plain, number)))
    missing = [key for key in keys if key not in used]
    nils = tuple(
        NilReturn(
            f"n{place:05d}",
            key,
            REPORTERS[place % 5],
            (source(place),),
            NOW - timedelta(days=place),
            place == 2,
        )
        for place, key in enumerate(missing)
    )
    kinds = tuple(Answer)
    answers = {
        label: {key: kinds[(one * 3 + two * two) % 4] for two, key in enumerate(keys)}
        for one, label in enumerate(REPORTERS)
    }
    return Register(entries=tuple(made), nils=nils, answers=answers)


RETURNS = tuple(
    ReturnNote(
        f"{number:064x}",
        f"Rücklauf {REPORTERS[number].split(',')[0]}.pdf",
        NOW - timedelta(days=number),
        label,
        outcome,
        problems,
    )
    for number, (label, outcome, problems) in enumerate(
        zip(
            REPORTERS,
            (
                ReturnOutcome.TAKEN,
                ReturnOutcome.TAKEN,
                ReturnOutcome.FAILED,
                ReturnOutcome.SUPERSEDED,
                ReturnOutcome.BLANK,
            ),
            ((), (), (Problem("encrypted", Severity.LOST, "", ()),), (), ()),
            strict=True,
        )
    )
)


def sample_view(register: Register | None = None, *, run: str = "run-0002") -> RegisterView:
    return build_view(
        register if register is not None else sample_register(),
        checklist(),
        words("de"),
        run=RunNote(run, NOW, "0.1.0"),
        returns=RETURNS,
    )
