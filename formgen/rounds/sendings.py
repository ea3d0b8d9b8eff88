"""What had been sent to whom, and when: from the log of the mails and the record of the forms. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from formgen.mail.draftbook import Kind, draft_key
from formgen.mail.sentlog import SentLog, State
from spec.rounds import Sending
from spec.storage.sent_forms import SentFile

#: Who has such a mail may answer it.
_GONE = frozenset({State.SENT, State.SENDING})


def sendings_of(log: SentLog, forms: SentFile) -> Mapping[str, tuple[Sending, ...]]:
    """Token -> the rounds whose form went to that partner, or may have.

    When a mail went out that somebody sent by hand nobody knows; it was not before its copy was made.
    """
    made: dict[tuple[str, str], date] = {}
    for one in forms.sent:
        made[one.token, one.round] = min(made.get((one.token, one.round), one.day), one.day)
    since: dict[tuple[str, str], date] = {}
    for step in log.steps:
        name, kind, token = _parts(step.key)
        if kind.startswith(f"{Kind.FORM.value}-") and step.state in _GONE:
            day = step.at.astimezone().date()
            if step.reason == "by-hand":
                day = min(made.get((token, name), day), day)
            since[token, name] = min(since.get((token, name), day), day)
    gone = {key for key, step in log.last().items() if step.state in _GONE}
    found: dict[str, list[Sending]] = defaultdict(list)
    for (token, name), day in sorted(since.items()):
        if draft_key(name, Kind.FORM, 1, token) in gone:
            found[token].append(Sending(day, name))
    return {token: tuple(those) for token, those in found.items()}


def _parts(key: str) -> tuple[str, str, str]:
    """Round, kind with number, and token of a mail's key."""
    name, _, rest = key.partition("/")
    kind, _, token = rest.partition("/")
    return name, kind, token
