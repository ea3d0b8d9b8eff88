"""Registers to report on: friendly, hostile and empty ones. Everything is invented."""

from __future__ import annotations

import tomllib
from dataclasses import replace
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
from harvest.register.view.register_view import ReturnNote, ReturnOutcome, RunNote
from harvest.report import render
from spec.form.model import Form
from spec.words import words

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LONG_AGO = datetime(2024, 4, 3, 9, 30, tzinfo=UTC)
RUN = RunNote("7", NOW, "0.1.0")
PARTNER = "Kontaktstelle Nord e. V."
HOSTILE = (
    "<script>fetch('https://evil.example/')</script><img src=x onerror=alert(1)>\"' onmouseover=\"alert(2)\n"
    '<a href="javascript:alert(3)">klick</a> &lt;b&gt; {{7*7}} ${7*7} ]]> --> </style></title></svg>\x00\x07\ud800\ufffe\x85'
)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3


@cache
def form() -> Form:
    text = (Path(__file__).parents[3] / "spec/forms/migration_psychiatrie.toml").read_text(encoding="utf-8")
    return Form.model_validate(tomllib.loads(text))


@cache
def english() -> Form:
    return form().model_copy(update={"language": "en"})


def source(file: str = "Rücklauf.pdf", reporter: str = PARTNER, days: int = 3) -> Source:
    return Source("a" * 64, file, 3, 2, Method.WIDGET, reporter, NOW - timedelta(days=days))


def entry(number: int, text: str = "", **changes: object) -> Entry:
    """An entry; with `text`, it stands in every cell, in the reporter and in the file's name."""
    where = source(*((text, text) if text else ()))
    values = {
        "einrichtung": text or f"Haus {number}\nAm Markt {number}, 52062 Aachen",
        "erfahrung": text or "Türkisch, Arabisch",
        "kontakt": text or f"0241 5550{number:02d}-1, haus{number}@example.org",
        "verabredung": text,
        "datum": text or "3.4.2024 MK",
    }
    fields: dict[str, object] = {
        "id": f"e{number:04d}",
        "category": "kontaktstelle",
        "values": values,
        "status": Status.UNCHANGED,
        "reporters": (where.reporter,),
        "sources": (where,),
        "confirmed": where.at,
    }
    return Entry(**{**fields, **changes})  # type: ignore[arg-type]


def full(text: str = "") -> Register:
    """One of everything that the report can show."""
    where = source(*((text, text) if text else ()))
    word = text or "Frau Öztürk, 0241 998877"
    made = [entry(number, text, status=status, confirmed=LONG_AGO) for number, status in enumerate(Status, 1)]
    first = made[0]
    made[0] = replace(
        first,
        duplicates=(Duplicate(first.id, made[1].id, 91.4, "same-phone"),),
        conflicts=(
            Conflict(first.id, "kontakt", Claim(word, where.at, where), (Claim("", where.at, None),)),
        ),
        checks=(Check(first.id, "erfahrung", word, Method.OCR, 0.71, (word, "?"), where),),
    )
    made[2] = replace(
        made[2],
        history=(Change(made[2].id, where.at, "changed", "kontakt", word, "", where),),
    )
    label = text or PARTNER
    keys = [category.key for category in form().categories]
    kinds = tuple(Answer)
    return Register(
        entries=tuple(made),
        nils=(
            NilReturn("n1", "wfbm", label, (where,), where.at),
            NilReturn("n2", "gone", label, (where,), where.at),
        ),
        answers={
            label: {key: kinds[place % 4] for place, key in enumerate(keys)},
            "Wer schweigt": dict.fromkeys(keys, Answer.NOT_RETURNED),
        },
    )


def notes(text: str = "") -> tuple[ReturnNote, ...]:
    problem = Problem("not-a-pdf", Severity.LOST, text, (("looks_like", text or "html"),))
    return (
        ReturnNote("b" * 64, text or "Scan.pdf", NOW, text or PARTNER, ReturnOutcome.FAILED, (problem,)),
        ReturnNote("c" * 64, "Gut.pdf", NOW, PARTNER, ReturnOutcome.TAKEN),
        ReturnNote("../../x", text or "x.exe", None, "", ReturnOutcome.FAILED, (problem,), kept=False),
    )


def report(register: Register, *, language: str = "de", text: str = "") -> str:
    asked = form() if language == "de" else english()
    return render(register, asked, words(language), run=RUN, returns=notes(text))
