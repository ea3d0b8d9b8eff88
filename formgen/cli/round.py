"""The commands `formgen round ...`. Thin: they call, print and set the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from formgen.cli import options
from formgen.cli.office import as_of, open_office, words_of
from spec.console.cli import echo, group, print_json
from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON

if TYPE_CHECKING:  # these would make every start wait
    from formgen.rounds.office import RoundOffice
    from formgen.rounds.status import PartnerStatus, RoundStatus
    from spec.words import Words

#: so many missing offers are named; more are counted
_FEW = 3


@group("round")
def round_group() -> None:
    """Rounds: one mailing of forms, such as 2026, and how it stands."""


def _day(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return None if value is None else value.date()


_date = click.DateTime(formats=["%Y-%m-%d", "%d.%m.%Y"])


@round_group.command()
@click.argument("name")
@click.option(
    "--due", type=_date, callback=_day, metavar="DATE", help="Last day for answers, such as 2026-12-15."
)
@click.option(
    "--opened", type=_date, callback=_day, metavar="DATE", help="The day on which it begins; default: today."
)
@click.option(
    "--spec",
    type=options.file_path,
    metavar="FILE",
    help="The form as .toml or .xlsx; default: the built-in one.",
)
@click.option("--empty", is_flag=True, help="Send empty forms even where the register knows answers.")
@options.workspace
def new(
    name: str, due: date | None, opened: date | None, spec: Path | None, workspace: Path, *, empty: bool
) -> None:
    """Open the round NAME. Its forms will show what each partner reported last, from the register."""
    office = open_office(workspace)
    office.new_round(name, due, opened, spec, prefilled=not empty)
    echo(words_of(office)("round.say.opened", name=name))


@round_group.command()
@click.argument("partners", nargs=-1)
@options.round_
@options.workspace
@options.json
def status(partners: tuple[str, ...], round_: str | None, workspace: Path, *, as_json: bool) -> int:
    """Tell who was written to, who answered what, who was reminded, and whose mail came back.

    PARTNERS: names or parts of names, or e-mail addresses; default: all.
    """
    office = open_office(workspace)
    found = office.status(round_, "" if as_json else words_of(office).language, partners)
    if as_json:
        print_json({**found.model_dump(mode="json"), "counts": dict(found.counts)})
    else:
        _say_status(office, found)
    person = any(one.undeliverable or one.sent in {"sending", "failed"} for one in found.partners)
    return EXIT_NEEDS_PERSON if person or found.notes else EXIT_DONE


@round_group.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.round_
@options.workspace
def bounces(paths: tuple[Path, ...], round_: str | None, workspace: Path) -> None:
    """Read mails that came back: from saved mails and folders in PATHS, else from the mailbox in formgen.toml."""
    office = open_office(workspace)
    count = office.take_bounces(round_, paths)
    echo(words_of(office)("round.say.bounces", count=count))


def _say_status(office: RoundOffice, found: RoundStatus) -> None:
    words = words_of(office)
    form = words.templates["date.day"]
    title = [words("round.say.title", name=found.round, opened=found.opened.strftime(form))]
    if found.due:
        title.append(words("round.say.due", due=found.due.strftime(form)))
    if found.overdue:
        title.append(words("round.say.overdue"))
    echo(", ".join(title))
    echo(as_of(found, office.around.today, words))
    if not found.partners:
        echo(words("round.say.nobody"))
    offers = office.offers(found.round)
    for partner in found.partners:
        echo(f"- {partner.organisation}: {', '.join(_parts(partner, offers, words))}")
    echo(_counts(found, words))
    for note in found.notes:
        echo(f"! {note}")


def _parts(partner: PartnerStatus, offers: Mapping[str, str], words: Words) -> list[str]:
    parts = [words(f"round.sent.{partner.sent}"), words(f"round.answer.{partner.answer.value}")]
    if partner.answer.value == "partly":
        parts.append(_missing(partner, offers, words))
    if partner.undeliverable:
        parts.append(words("round.say.undeliverable", reason=_why(partner.undeliverable, words)))
    if partner.reminded:
        parts.append(words("round.say.reminded", count=partner.reminded))
    return parts


#: The beginning of a server's status code (RFC 3463) -> what it means; the first that fits counts.
_CODES = {
    "5.1.": "address",
    "5.2.2": "full",
    "4.2.2": "full",
    "5.2.3": "large",
    "5.3.4": "large",
    "5.7.": "turned-away",
}


def _why(code: str, words: Words) -> str:
    """What a server's code means, and the code; the code alone where nobody knows it."""
    known = next((meaning for start, meaning in _CODES.items() if code.startswith(start)), "")
    return f"{words(f'round.bounce.{known}')}, {code}" if known else code


def _missing(partner: PartnerStatus, offers: Mapping[str, str], words: Words) -> str:
    """Few by name; most partners have one offer or two, and all others left blank."""
    if len(partner.missing) <= _FEW:
        return words("round.say.missing", names=", ".join(offers.get(key, key) for key in partner.missing))
    return words("round.say.missing-many", count=len(partner.missing), asked=len(partner.categories))


def _counts(found: RoundStatus, words: Words) -> str:
    partners = found.partners
    return words(
        "round.say.counts",
        partners=len(partners),
        sent=sum(one.sent == "sent" for one in partners),
        answered=sum(one.answer.value in {"partly", "wholly"} for one in partners),
        owing=sum(one.owes for one in partners),
        look=sum(one.answer.value in {"blank", "unreadable", "unclear"} for one in partners),
        undeliverable=sum(bool(one.undeliverable) for one in partners),
    )
