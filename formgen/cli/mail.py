"""The commands `formgen mail ...`. Thin: they call, print and set the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from formgen.cli import options
from formgen.cli.hidden import hidden_rows, judge
from formgen.cli.office import as_of, open_office, passed_over, words_of
from spec.console.cli import agreed, echo, group, print_json, tell, wrong_call
from spec.console.said import in_language, said
from spec.console.screen import screen_language
from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON

if TYPE_CHECKING:  # these would make every start wait
    from formgen.mail.draftbook import Draft, Kind
    from formgen.mail.send import Plan, SendResult
    from formgen.mail.smtp import DeliveryOutcome
    from formgen.recipients.hidden import Choice
    from formgen.rounds.drafts import Drafted
    from formgen.rounds.office import RoundOffice
    from spec.words import Words

_KINDS = ("form", "reminder", "receipt")


def _template(function: options.Function) -> options.Function:
    return click.option(
        "--template",
        type=options.file_path,
        metavar="T",
        help="A Jinja2 template of your own; default: the office's or the product's, in the partner's language.",
    )(function)


def _kinds(function: options.Function) -> options.Function:
    return click.option(
        "--kind",
        "kinds",
        type=click.Choice(_KINDS),
        multiple=True,
        help="Only mails of this kind; may stand several times. Default: all.",
    )(function)


def _of(kinds: Sequence[str]) -> list[Kind]:
    from formgen.mail.draftbook import Kind

    return [Kind(kind) for kind in kinds or _KINDS]


@group()
def mail() -> None:
    """Mails to the partners of a round: drafts, sending, reminders, receipts."""


@mail.command()
@click.option(
    "--recipients",
    type=options.file_path,
    metavar="FILE",
    help="The list of partners; default: the round's or formgen.toml's.",
)
@hidden_rows
@_template
@options.round_
@options.workspace
@options.json
def drafts(
    recipients: Path | None,
    hidden_rows: Choice | None,
    template: Path | None,
    round_: str | None,
    workspace: Path,
    *,
    as_json: bool,
) -> None:
    """Build every partner's form and write a mail with it that opens as a draft."""
    office = open_office(workspace)
    decide = judge(hidden_rows, as_json=as_json)
    _say_drafted(office, office.draft_forms(round_, recipients, template, decide), as_json=as_json)


@mail.command()
@click.argument("partners", nargs=-1)
@click.option(
    "--after",
    type=click.IntRange(0, 365),
    default=7,
    show_default=True,
    help="Only partners who got no mail in the last so many days.",
)
@click.option("--partly", is_flag=True, help="Also those who answered in part, about what is missing.")
@hidden_rows
@_template
@options.round_
@options.workspace
@options.json
def remind(
    *,
    partners: tuple[str, ...],
    after: int,
    hidden_rows: Choice | None,
    template: Path | None,
    round_: str | None,
    workspace: Path,
    partly: bool,
    as_json: bool,
) -> None:
    """Draft a reminder to those who owe an answer, and to nobody else; `formgen mail send` sends them.

    Run `harvest run` first: whoever has answered by then is not reminded.

    PARTNERS: names or parts of names, or e-mail addresses; default: all.
    """
    office = open_office(workspace)
    decide = judge(hidden_rows, as_json=as_json)
    reminded = office.draft_reminders(
        round_, template, after=after, partly=partly, partners=partners, judge=decide
    )
    _say_drafted(office, reminded.drafted, as_json=as_json)
    if not as_json:
        words = words_of(office)
        echo(as_of(reminded.status, office.around.today, words))
        if reminded.passed:
            echo(passed_over(reminded.passed, after, words))


@mail.command()
@hidden_rows
@_template
@options.round_
@options.workspace
@options.json
def receipts(
    hidden_rows: Choice | None, template: Path | None, round_: str | None, workspace: Path, *, as_json: bool
) -> None:
    """Draft a mail to everybody of whom something arrived: what it was, and what could not be read."""
    office = open_office(workspace)
    drafted = office.draft_receipts(round_, template, judge(hidden_rows, as_json=as_json))
    _say_drafted(office, drafted, as_json=as_json, nothing="mail.say.nothing-arrived")


@mail.command()
@_kinds
@click.option("--dry-run", is_flag=True, help="Tell what would go to whom; send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@click.option(
    "--retry-uncertain",
    is_flag=True,
    help="Also send again what may have arrived; the partner may get it twice.",
)
@options.round_
@options.workspace
@options.json
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
    office = open_office(workspace)
    words = words_of(office)
    if dry_run:
        _, plan = office.plan(round_, _of(kinds), retry_uncertain=retry_uncertain)
        _say_plan(plan, words, as_json=as_json)
        return EXIT_NEEDS_PERSON if plan.uncertain or plan.refused else EXIT_DONE
    names: dict[str, str] = {}

    def agree(plan: Plan) -> bool:
        names.update(
            {draft.key: draft.organisation for draft in (*plan.mails, *plan.uncertain, *plan.refused)}
        )
        if yes or not plan.mails:
            return True
        for draft in plan.mails:
            echo(_line(draft, words), err=as_json)
        question = words("mail.say.ask", count=len(plan.mails))
        return agreed(question, words("register.say.yes"), words("register.say.no"), err=as_json)

    def told(draft: Draft, outcome: DeliveryOutcome) -> None:
        if not as_json:
            fate = words(f"mail.fate.{outcome.fate.value}")
            code = f" ({outcome.code})" if outcome.code and outcome.fate.value != "taken" else ""
            echo(words("mail.say.sent-one", organisation=draft.organisation, fate=f"{fate}{code}"))

    result = office.send(round_, _of(kinds), retry_uncertain=retry_uncertain, agree=agree, tell=told)
    if as_json:
        print_json(vars_of(result))
    else:
        _say_result(result, names, words)
    return EXIT_NEEDS_PERSON if result.needs_person else EXIT_DONE


@mail.command()
@click.argument("partners", nargs=-1)
@click.option(
    "--all", "all_", is_flag=True, help="All drafts that were not sent yet; they are listed, and it is asked."
)
@click.option("--yes", is_flag=True, help="With --all: do not ask.")
@_kinds
@options.round_
@options.workspace
def sent(
    partners: tuple[str, ...],
    kinds: tuple[str, ...],
    round_: str | None,
    workspace: Path,
    *,
    all_: bool,
    yes: bool,
) -> None:
    """Note that drafts were sent by hand, or arrived after all: those to these PARTNERS.

    PARTNERS: names or parts of names, or e-mail addresses.
    """
    if bool(partners) == all_:
        raise wrong_call("Name the partners, or say --all.")
    office = open_office(workspace)
    words = words_of(office)

    def agree(drafts: Sequence[Draft]) -> bool:
        for draft in drafts:
            echo(_line(draft, words))
        if not all_ or yes or not drafts:
            return True
        question = words("mail.say.ask-settled", count=len(drafts))
        return agreed(question, words("register.say.yes"), words("register.say.no"))

    noted = office.settle(round_, _of(kinds), partners, all_=all_, agree=agree)
    echo(words("mail.say.settled", count=len(noted)))


@mail.command()
@click.argument("partners", nargs=-1, required=True)
@_kinds
@options.round_
@options.workspace
def unsent(partners: tuple[str, ...], kinds: tuple[str, ...], round_: str | None, workspace: Path) -> None:
    """Take back that drafts to these PARTNERS were noted as sent by hand; they wait again.

    PARTNERS: names or parts of names, or e-mail addresses.
    """
    office = open_office(workspace)
    words = words_of(office)
    taken = office.unsettle(round_, _of(kinds), partners)
    for draft in taken:
        echo(_line(draft, words))
    echo(words("mail.say.unsettled", count=len(taken)))


def vars_of(result: SendResult) -> dict[str, object]:
    """Keys: sent, refused, uncertain, left, stopped."""
    return {
        "sent": list(result.sent),
        "refused": list(result.refused),
        "uncertain": list(result.uncertain),
        "left": list(result.left),
        "stopped": result.stopped,
    }


def _say_drafted(
    office: RoundOffice, drafted: Drafted, *, as_json: bool, nothing: str = "mail.say.nothing-drafted"
) -> None:
    words = words_of(office)
    if as_json:
        files = [path.as_posix() for path in drafted.written]
        keys = [draft.key for draft in drafted.drafts]
        print_json({"drafts": keys, "written": files, "notes": list(drafted.notes)})
        return
    for note in drafted.notes:
        tell(said("Note: {note}", note=said(note)))
    if drafted.written:
        place = drafted.written[0].parent.parent.as_posix()
        echo(words("mail.say.drafted", count=len(drafted.written), folder=place))
    else:
        echo(words(nothing))


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
        print_json({**shown, "sent": plan.sent})
        return
    for draft in plan.mails:
        echo(_line(draft, words))
    echo(words("mail.say.would-count", count=len(plan.mails), sent=plan.sent))
    _say_open([one.organisation for one in plan.refused], [one.organisation for one in plan.uncertain], words)


def _say_result(result: SendResult, names: dict[str, str], words: Words) -> None:
    def who(keys: Sequence[str]) -> list[str]:
        return [names.get(key, key) for key in keys]

    echo(words("mail.say.sent-count", count=len(result.sent)))
    if result.stopped:
        echo(words("mail.say.stopped", reason=in_language(result.stopped, screen_language())))
    _say_open(who(result.refused), who(result.uncertain), words)
    if result.left:
        echo(words("mail.say.left", count=len(result.left)))


def _say_open(refused: Sequence[str], uncertain: Sequence[str], words: Words) -> None:
    if refused:
        echo(words("mail.say.refused", organisations=", ".join(refused)))
    if uncertain:
        echo(words("mail.say.uncertain", organisations=", ".join(uncertain)))
