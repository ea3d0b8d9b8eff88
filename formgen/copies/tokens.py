"""Who has which token, kept from build to build and from round to round in `forms/recipients.json`.

A token is drawn once per address and never again: returns of last year's copies, and the entries that they
reported, are known by it. Nobody is ever taken out of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json

from formgen.recipients import Recipient
from spec.console.said import Message, refusal, said
from spec.errors import NothingDoneError
from spec.matching import equal_key
from spec.names import is_token, new_token
from spec.wire import RECIPIENTS_SHAPE, RecipientsFile, WireRecipient


@dataclass(frozen=True, slots=True)
class Known:
    """The recipients of this round, each with a token, and the file as it is to be written.

    Attributes:
        tokens: one for each recipient, in the list's order.
        codes: what the pages of their copies carry: the round's code, or the token where there is no round.
        fresh: tokens that were drawn just now.
        notes: what a person should know, such as an address that may have changed.
    """

    file: RecipientsFile
    tokens: tuple[str, ...]
    codes: tuple[str, ...]
    fresh: frozenset[str]
    notes: tuple[str, ...]


def read_recipients(path: Path) -> RecipientsFile:
    """The file, or an empty one where there is none.

    Raises:
        NothingDoneError: the file is there but can't be read; drawing new tokens would part partners from
            what they reported.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return RecipientsFile.empty()
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, refusal(error)) from error
    try:
        body = from_json(text)
        if isinstance(body, dict) and isinstance(body.get("shape"), int) and body["shape"] > RECIPIENTS_SHAPE:
            raise NothingDoneError(
                str(path), "A newer version of the program wrote this file.", "Update formgen."
            )
        file = RecipientsFile.model_validate(body)
    except ValueError as error:
        raise _unreadable(path, said("it is not what formgen wrote")) from error
    tokens = [code for one in file.recipients for code in (one.token, *one.codes)]
    if len(set(tokens)) < len(tokens) or not all(map(is_token, tokens)):
        raise _unreadable(path, said("it holds a wrong or doubled token"))
    return file


def _unreadable(path: Path, why: Message) -> NothingDoneError:
    remedy = "Restore it from a backup; without it partners would get new tokens."
    return NothingDoneError(
        str(path), said("The file that keeps the tokens can't be read ({why}).", why=why), remedy
    )


def with_tokens(
    known: RecipientsFile,
    recipients: Sequence[Recipient],
    draw: Callable[[], str] = new_token,
    *,
    round_: str = "",
) -> Known:
    """Give every recipient a token: the one that its address has, else a new one; and for a round a code of its own.

    A code has the same shape as a token and is never any other's. Drafted again, a round's copy has the code that it had.
    """
    # Where an address was moved to an older token by hand, the older one rules.
    by_key = {recipient.email.casefold(): recipient for recipient in reversed(known.recipients)}
    taken = {code for one in known.recipients for code in (one.token, *one.codes)}

    def drawn() -> str:
        code = draw()
        while code in taken:
            code = draw()
        taken.add(code)
        return code

    fresh: list[str] = []
    tokens = []
    for recipient in recipients:
        if recipient.key in by_key:
            tokens.append(by_key[recipient.key].token)
            continue
        fresh.append(drawn())
        tokens.append(fresh[-1])
    before = known.by_token()
    listed, codes = {}, []
    for recipient, token in zip(recipients, tokens, strict=True):
        row = _wire(recipient, token, before[token].codes if token in before else {})
        if round_ and round_ not in row.codes.values():
            row = row.model_copy(update={"codes": {**row.codes, drawn(): round_}})
        codes.append(next((code for code, name in row.codes.items() if round_ and name == round_), token))
        listed[token] = row
    kept = [
        listed.pop(old.token) if old.token in listed else old.model_copy(update={"listed": False})
        for old in known.recipients
    ]
    file = RecipientsFile(shape=RECIPIENTS_SHAPE, recipients=(*kept, *listed.values()))
    return Known(file, tuple(tokens), tuple(codes), frozenset(fresh), tuple(_moved(known, file, fresh)))


def _wire(recipient: Recipient, token: str, codes: Mapping[str, str]) -> WireRecipient:
    return WireRecipient(
        token=token,
        organisation=recipient.organisation,
        person=recipient.person,
        email=recipient.email,
        categories=recipient.categories,
        language=recipient.language,
        note=recipient.note,
        listed=True,
        edition="",
        file="",
        codes=dict(codes),
    )


def with_files(known: Known, edition: str, files: Sequence[str]) -> RecipientsFile:
    """The file with the newest copy of each recipient of this round; `files` in the order of `known.tokens`."""
    by_token = dict(zip(known.tokens, files, strict=True))
    return RecipientsFile(
        shape=known.file.shape,
        recipients=tuple(
            recipient.model_copy(update={"edition": edition, "file": by_token[recipient.token]})
            if recipient.token in by_token
            else recipient
            for recipient in known.file.recipients
        ),
    )


def _moved(before: RecipientsFile, after: RecipientsFile, fresh: Sequence[str]) -> list[str]:
    """Recipients who are new under a name that has just left the list: most likely their address changed."""
    left = {recipient.token for recipient in before.recipients if recipient.listed}
    gone = {
        equal_key(recipient.organisation): recipient
        for recipient in after.recipients
        if recipient.token in left and not recipient.listed
    }
    notes: list[str] = []
    for recipient in after.recipients:
        old = gone.get(equal_key(recipient.organisation))
        # an address that was removed at somebody's wish is told to nobody
        if old is not None and old.email and recipient.token in fresh:
            notes.append(
                said(
                    "{organisation}: {email} is new, {old} is no longer in the list. It counts as a new partner now, and its form shows nothing of what was reported before. If only the address has changed, write the new one into forms/recipients.json beside {token} and build again.",
                    organisation=recipient.organisation,
                    email=recipient.email,
                    old=old.email,
                    token=old.token,
                )
            )
    return notes
