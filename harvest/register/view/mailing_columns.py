"""The columns that a round adds: how far each partner's mail is, and the round of each entry's last confirmation."""

from __future__ import annotations

from datetime import date

from harvest.model import Mailed, Mailing
from harvest.register.sheet_model import Cell, ColumnView, Kind
from harvest.register.view.labels import Speech

#: What a register is read with: all columns that any mailing may have made are known as ours.
EVERYTHING = Mailing(((date.min, "-"),), {"-": Mailed("sent", None, "none", 0, "")})


def partner_columns(mailing: Mailing, speech: Speech) -> tuple[ColumnView, ...]:
    """Columns of the sheet of gaps; none without mails."""
    if not mailing.partners:
        return ()
    return (
        speech.column("mailed", 12),
        speech.column("sent-on", 12, kind=Kind.DATE),
        speech.column("round-answer", 15),
        speech.column("reminded", 9, kind=Kind.NUMBER),
        speech.column("undeliverable", 13),
    )


def partner_cells(mailing: Mailing, label: str, speech: Speech) -> tuple[Cell, ...]:
    """Their cells for one partner; empty for who is not in the round."""
    if not mailing.partners:
        return ()
    one = mailing.partners.get(label)
    if one is None:
        return (None,) * len(partner_columns(mailing, speech))
    told = speech.words.templates
    return (
        told.get(f"round.sent.{one.sent}", one.sent),
        one.sent_on,
        told[f"round.answer.{one.answer}"],
        one.reminded or None,
        one.undeliverable or None,
    )


def round_columns(mailing: Mailing, speech: Speech) -> tuple[ColumnView, ...]:
    """The column of the sheets of entries; none without a round."""
    return (speech.column("round", 10),) if mailing.rounds else ()


def partner_told(one: Mailed, speech: Speech) -> str:
    """The same in one line."""
    words = speech.words
    parts = [words.templates.get(f"round.sent.{one.sent}", one.sent)]
    if one.sent_on is not None:
        parts[0] = words("report.answers.sent-on", day=one.sent_on.strftime(words.templates["date.day"]))
    parts.append(words(f"round.answer.{one.answer}"))
    if one.reminded:
        parts.append(words("round.say.reminded", count=one.reminded))
    if one.undeliverable:
        parts.append(words("round.say.undeliverable", reason=one.undeliverable))
    return ", ".join(parts)
