"""The commands `formgen mail ...` and `formgen round ...`. Thin: they call, print and set the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from spec.workspace import DEFAULT, Workspace

if TYPE_CHECKING:  # these would make every start wait
    from formgen.mail.draftbook import Draft, Kind
    from formgen.mail.drafts import Drafted
    from formgen.mail.send import Plan, SendResult
    from formgen.mail.smtp import Outcome
    from formgen.office import Office
    from formgen.round_status import PartnerStatus, RoundStatus
    from spec.words import Words

_KINDS = ("form", "reminder", "receipt")
_Function = TypeVar("_Function", bound=Callable[..., Any])
_file = click.Path(path_type=Path, dir_okay=False)


def _workspace(function: _Function) -> _Function:
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        default=DEFAULT,
        show_default=True,
        help="The project's folder.",
    )(function)


def _round(function: _Function) -> _Function:
    return click.option("--round", "round_", metavar="NAME", help="The round; default: the newest.")(function)


def _json(function: _Function) -> _Function:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(function)


def _template(function: _Function) -> _Function:
    return click.option(
        "--template",
        type=_file,
        metavar="T",
        help="A Jinja2 template of your own; default: the office's or the product's, in the partner's language.",
    )(function)


def _kinds(function: _Function) -> _Function:
    return click.option(
        "--kind",
        "kinds",
        type=click.Choice(_KINDS),
        multiple=True,
        help="Only mails of this kind; may stand several times. Default: all.",
    )(function)


def _open(workspace: Path) -> Office:
    from formgen.mail.surroundings import Surroundings  # noqa: PLC0415  start-up
    from formgen.office import Office  # noqa: PLC0415

    around = click.get_current_context().find_object(Surroundings) or Surroundings()
    return Office.open(Workspace(workspace), around)


def _words(office: Office) -> Words:
    from spec.words import words  # noqa: PLC0415  start-up

    return words(office.config.office.language)


def _of(kinds: Sequence[str]) -> list[Kind]:
    from formgen.mail.draftbook import Kind  # noqa: PLC0415  start-up

    return [Kind(kind) for kind in kinds or _KINDS]


def _print_json(body: object) -> None:
    click.echo(json.dumps(body, ensure_ascii=False, indent=2))


# ---------------------------------------------------------------- mail


@click.group()
def mail() -> None:
    """Mails to the partners of a round: drafts, sending, reminders, receipts."""


@mail.command()
@click.option(
    "--recipients",
    type=_file,
    metavar="FILE",
    help="The list of partners; default: the round's or formgen.toml's.",
)
@_template
@_round
@_workspace
@_json
def drafts(
    recipients: Path | None, template: Path | None, round_: str | None, workspace: Path, *, as_json: bool
) -> None:
    """Build every partner's form and write a mail with it that opens as a draft."""
    office = _open(workspace)
    _say_drafted(office, office.draft_forms(round_, recipients, template), as_json=as_json)


@mail.command()
@click.option(
    "--after",
    type=click.IntRange(0, 365),
    default=7,
    show_default=True,
    help="Only partners who got no mail in the last so many days.",
)
@click.option("--partly", is_flag=True, help="Also those who answered in part, about what is missing.")
@_template
@_round
@_workspace
@_json
def remind(
    after: int, template: Path | None, round_: str | None, workspace: Path, *, partly: bool, as_json: bool
) -> None:
    """Draft a reminder to those who owe an answer, and to nobody else; `formgen mail send` sends them.

    Run `harvest run` first: whoever has answered by then is not reminded.
    """
    office = _open(workspace)
    drafted = office.draft_reminders(round_, template, after=after, partly=partly)
    _say_drafted(office, drafted, as_json=as_json)


@mail.command()
@_template
@_round
@_workspace
@_json
def receipts(template: Path | None, round_: str | None, workspace: Path, *, as_json: bool) -> None:
    """Draft a mail to everybody of whom something arrived: what it was, and what could not be read."""
    office = _open(workspace)
    _say_drafted(office, office.draft_receipts(round_, template), as_json=as_json)


@mail.command()
@_kinds
@click.option("--dry-run", is_flag=True, help="Tell what would go to whom; send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@click.option(
    "--retry-uncertain",
    is_flag=True,
    help="Also send again what may have arrived; the partner may get it twice.",
)
@_round
@_workspace
@_json
def send(
    kinds: tuple[str, ...],
    round_: str | None,
    workspace: Path,
    *,
    dry_run: bool,
    yes: bool,
    retry_uncertain: bool,
    as_json: bool,
) -> int:
    """Send the drafts that were not sent yet, each at most once; the list must not have changed since."""
    office = _open(workspace)
    words = _words(office)
    if dry_run:
        _, plan = office.plan(round_, _of(kinds), retry_uncertain=retry_uncertain)
        _say_plan(plan, words, as_json=as_json)
        return EXIT_NEEDS_PERSON if plan.uncertain or plan.refused else EXIT_DONE
    names: dict[str, str] = {}

    def agree(plan: Plan) -> bool:
        names.update(
            {draft.key: draft.organisation for draft in (*plan.mails, *plan.uncertain, *plan.refused)}
        )
        if yes:
            return True
        for draft in plan.mails:
            click.echo(_line(draft, words), err=as_json)
        return click.confirm(words("mail.say.ask", count=len(plan.mails)), err=as_json)

    def tell(draft: Draft, outcome: Outcome) -> None:
        if not as_json:
            fate = words(f"mail.fate.{outcome.fate.value}")
            code = f" ({outcome.code})" if outcome.code and outcome.fate.value != "taken" else ""
            click.echo(words("mail.say.sent-one", organisation=draft.organisation, fate=f"{fate}{code}"))

    result = office.send(round_, _of(kinds), retry_uncertain=retry_uncertain, agree=agree, tell=tell)
    if as_json:
        _print_json({**vars_of(result)})
    else:
        _say_result(result, names, words)
    return EXIT_NEEDS_PERSON if result.needs_person else EXIT_DONE


@mail.command()
@click.argument("tokens", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="All drafts that were not sent yet.")
@_kinds
@_round
@_workspace
def sent(
    tokens: tuple[str, ...], kinds: tuple[str, ...], round_: str | None, workspace: Path, *, all_: bool
) -> None:
    """Note that drafts were sent by hand, or arrived after all: those to the partners with these TOKENS."""
    if bool(tokens) == all_:
        raise click.UsageError(
            "Name the partners by their tokens (formgen round status --json), or say --all."
        )
    office = _open(workspace)
    count = office.settle(round_, _of(kinds), tokens, all_=all_)
    click.echo(_words(office)("mail.say.settled", count=count))


def vars_of(result: SendResult) -> dict[str, object]:
    """Keys: sent, refused, uncertain, left, stopped."""
    return {
        "sent": list(result.sent),
        "refused": list(result.refused),
        "uncertain": list(result.uncertain),
        "left": list(result.left),
        "stopped": result.stopped,
    }


def _say_drafted(office: Office, drafted: Drafted, *, as_json: bool) -> None:
    words = _words(office)
    if as_json:
        files = [path.as_posix() for path in drafted.written]
        keys = [draft.key for draft in drafted.drafts]
        _print_json({"drafts": keys, "written": files, "notes": list(drafted.notes)})
        return
    for note in drafted.notes:
        click.echo(f"Note: {note}")
    if drafted.written:
        place = drafted.written[0].parent.parent.as_posix()
        click.echo(words("mail.say.drafted", count=len(drafted.written), folder=place))
    else:
        click.echo(words("mail.say.nothing-drafted"))


def _line(draft: Draft, words: Words) -> str:
    return words(
        "mail.say.would-send",
        kind=words(f"mail.kind.{draft.kind.value}"),
        organisation=draft.organisation,
        email=draft.email,
        file=draft.file,
    )


def _say_plan(plan: Plan, words: Words, *, as_json: bool) -> None:
    if as_json:
        groups = {"mails": plan.mails, "uncertain": plan.uncertain, "refused": plan.refused}
        shown = {
            name: [{"key": one.key, "email": one.email, "file": one.file} for one in drafts]
            for name, drafts in groups.items()
        }
        _print_json({**shown, "sent": plan.sent})
        return
    for draft in plan.mails:
        click.echo(_line(draft, words))
    click.echo(words("mail.say.would-count", count=len(plan.mails), sent=plan.sent))
    _say_open([one.organisation for one in plan.refused], [one.organisation for one in plan.uncertain], words)


def _say_result(result: SendResult, names: dict[str, str], words: Words) -> None:
    def who(keys: Sequence[str]) -> list[str]:
        return [names.get(key, key) for key in keys]

    click.echo(words("mail.say.sent-count", count=len(result.sent)))
    if result.stopped:
        click.echo(words("mail.say.stopped", reason=result.stopped))
    _say_open(who(result.refused), who(result.uncertain), words)
    if result.left:
        click.echo(words("mail.say.left", count=len(result.left)))


def _say_open(refused: Sequence[str], uncertain: Sequence[str], words: Words) -> None:
    if refused:
        click.echo(words("mail.say.refused", organisations=", ".join(refused)))
    if uncertain:
        click.echo(words("mail.say.uncertain", organisations=", ".join(uncertain)))


# ---------------------------------------------------------------- round


@click.group("round")
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
    "--spec", type=_file, metavar="FILE", help="The form as .toml or .xlsx; default: the built-in one."
)
@click.option("--empty", is_flag=True, help="Send empty forms even where the register knows answers.")
@_workspace
def new(
    name: str, due: date | None, opened: date | None, spec: Path | None, workspace: Path, *, empty: bool
) -> None:
    """Open the round NAME. Its forms will show what each partner reported last, from the register."""
    office = _open(workspace)
    office.new_round(name, due, opened, spec, prefilled=not empty)
    click.echo(_words(office)("round.say.opened", name=name))


@round_group.command()
@_round
@_workspace
@_json
def status(round_: str | None, workspace: Path, *, as_json: bool) -> int:
    """Tell who was written to, who answered what, who was reminded, and whose mail came back."""
    office = _open(workspace)
    found = office.status(round_)
    if as_json:
        _print_json({**found.model_dump(mode="json"), "counts": dict(found.counts)})
    else:
        _say_status(office, found)
    person = any(one.undeliverable or one.sent in {"sending", "failed"} for one in found.partners)
    return EXIT_NEEDS_PERSON if person or found.notes else EXIT_DONE


@round_group.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_round
@_workspace
def bounces(paths: tuple[Path, ...], round_: str | None, workspace: Path) -> None:
    """Read mails that came back: from saved mails and folders in PATHS, else from the mailbox in formgen.toml."""
    office = _open(workspace)
    count = office.take_bounces(round_, paths)
    click.echo(_words(office)("round.say.bounces", count=count))


def _say_status(office: Office, found: RoundStatus) -> None:
    words = _words(office)
    form = words.templates["date.day"]
    title = [words("round.say.title", name=found.round, opened=found.opened.strftime(form))]
    if found.due:
        title.append(words("round.say.due", due=found.due.strftime(form)))
    if found.overdue:
        title.append(words("round.say.overdue"))
    click.echo(", ".join(title))
    if found.answers_as_of:
        moment = datetime.fromisoformat(found.answers_as_of).astimezone()
        click.echo(words("round.say.as-of", time=moment.strftime(words.templates["date.minute"])))
    else:
        click.echo(words("round.say.no-answers"))
    if not found.partners:
        click.echo(words("round.say.nobody"))
    for partner in found.partners:
        click.echo(f"- {partner.organisation}: {', '.join(_parts(partner, words))}")
    click.echo(_counts(found, words))
    for note in found.notes:
        click.echo(f"! {note}")


def _parts(partner: PartnerStatus, words: Words) -> list[str]:
    parts = [words(f"round.sent.{partner.sent}"), words(f"round.answer.{partner.answer.value}")]
    if partner.answer.value == "partly":
        parts.append(words("round.say.missing", names=", ".join(partner.missing)))
    if partner.undeliverable:
        parts.append(words("round.say.undeliverable", reason=partner.undeliverable))
    if partner.reminded:
        parts.append(words("round.say.reminded", count=partner.reminded))
    return parts


def _counts(found: RoundStatus, words: Words) -> str:
    partners = found.partners
    return words(
        "round.say.counts",
        partners=len(partners),
        sent=sum(one.sent == "sent" for one in partners),
        answered=sum(one.answer.value in {"partly", "wholly"} for one in partners),
        owing=sum(one.owes for one in partners),
        undeliverable=sum(bool(one.undeliverable) for one in partners),
    )
