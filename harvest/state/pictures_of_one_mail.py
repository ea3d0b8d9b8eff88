"""Pictures that came in one mail and do not say whose they are: they are one partner's answer. Pure.

A photo shows one page, so an answer of three pages is three files. Their codes put them together where the form was made
out to somebody, the organisation on the cover where it was photographed, too; only what has neither goes by the mail.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from harvest import formats
from harvest.ledger import StoredReturn
from harvest.model import Reporter, ReporterKind, Submission

#: What a mail is known by, wherever its file lies.
_Mail = tuple[datetime | None, str, str]


def by_mail(returns: Iterable[StoredReturn], said: Sequence[Submission]) -> tuple[Submission, ...]:
    """What the returns say, the nameless pictures of one mail under one reporter.

    They stay apart where the mail's other pictures name several partners, or where a page is there twice: that is two
    answers, or one with further rows, and nothing of either may replace the other.
    """
    pictures = {
        one.document.sha256: one
        for one in returns
        if formats.is_picture(formats.of_producer(one.reading.producer)) and any(_mails(one))
    }
    if len(pictures) < 2:
        return tuple(said)
    whose = {
        identity: reporter
        for group in _groups(pictures.values())
        if (reporter := _reporter([one for one in said if one.return_id in group], pictures))
        for identity in group
    }
    return tuple(
        replace(one, reporter=whose[one.return_id])
        if one.return_id in whose and one.reporter.kind is ReporterKind.RETURN
        else one
        for one in said
    )


def _mails(one: StoredReturn) -> Iterator[_Mail]:
    for way in one.document.sightings:
        if way.mail_from or way.mail_time:
            yield way.mail_time, way.mail_from, way.mail_subject


def _groups(pictures: Iterable[StoredReturn]) -> Iterator[frozenset[str]]:
    """The hashes of pictures that share a mail, or share one with others that do."""
    by_mail: dict[_Mail, set[str]] = defaultdict(set)
    mails: dict[str, set[_Mail]] = {}
    for one in pictures:
        mails[one.document.sha256] = set(_mails(one))
        for mail in mails[one.document.sha256]:
            by_mail[mail].add(one.document.sha256)
    met: set[str] = set()
    for first in sorted(mails):
        group, pending = set[str](), [first]
        while pending:
            identity = pending.pop()
            if identity not in met:
                met.add(identity)
                group.add(identity)
                pending += (other for mail in mails[identity] for other in by_mail[mail])
        if len(group) > 1:
            yield frozenset(group)


def _reporter(said: Sequence[Submission], pictures: Mapping[str, StoredReturn]) -> Reporter | None:
    """Who the nameless pictures of a group are from; None where nobody knows."""
    nameless = sorted(one.return_id for one in said if one.reporter.kind is ReporterKind.RETURN)
    pages = Counter(
        (page.edition, page.category, page.page)
        for identity in set(nameless)
        for page in pictures[identity].reading.found
    )
    if not nameless or max(pages.values(), default=0) > 1:
        return None
    named = {
        (one.reporter.kind, one.reporter.key): one.reporter
        for one in said
        if one.reporter.kind is not ReporterKind.RETURN
    }
    if len(named) > 1:
        return None
    first = next(one.reporter for one in said if one.return_id == nameless[0])
    return next(iter(named.values()), first)
