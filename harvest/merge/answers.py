"""Who answered what: nil returns, and the newest answer of every reporter on every category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from harvest.merge.chains import Statement
from harvest.merge.fold import Topic
from harvest.merge.ids import nil_id
from harvest.merge.layout import Layout
from harvest.model import Age, Answer, Method, NilReturn, Reporter, ReporterKind, Source, Value


def nils_of(statements: Mapping[Topic, list[Statement]], layout: Layout) -> tuple[NilReturn, ...]:
    """Every statement that an offer does not exist; one for each reporter and category.

    A newer return that lists facilities withdraws it. A sheet that says both is nil and contradicted: both are shown.
    """
    found = []
    for (reporter, category), said in statements.items():
        nil = [statement for statement in said if statement.nil]
        if not nil:
            continue
        newest, last = nil[-1], [statement for statement in said if not _blank(statement)][-1]
        found.append(
            NilReturn(
                nil_id(category, reporter),
                category,
                newest.submission.reporter.label,
                tuple(_source(statement) for statement in nil),
                newest.at,
                contradicted=any(not row.blank for row in newest.rows),
                withdrawn=last is not newest,
            )
        )
    return tuple(sorted(found, key=lambda nil: (layout.rank(nil.category), nil.reporter, nil.id)))


def _source(statement: Statement) -> Source:
    """A box that a person had to look at says who saw the tick."""
    seen = next((cell for cell in statement.unread if cell.answered), None)
    return statement.source(0, Value("", Method.HAND, page=seen.page) if seen else None)


def answers_of(statements: Mapping[Topic, list[Statement]], layout: Layout) -> dict[str, dict[str, Answer]]:
    """Reporter label -> category -> newest answer. A blank sheet does not take back an earlier answer.

    Whoever sent blank sheets without a name is nobody: there is nothing to know of them.
    """
    spoke = {reporter for (reporter, _), said in statements.items() if not all(map(_blank, said))}
    statements = {
        topic: said
        for topic, said in statements.items()
        if topic[0] in spoke or topic[0].kind is not ReporterKind.RETURN
    }
    labels: dict[Reporter, tuple[tuple[Age, str], str]] = {}
    for (reporter, _), said in statements.items():
        newest = said[-1].submission
        mark = (newest.age, newest.return_id)
        labels[reporter] = max(
            labels.get(reporter, (mark, newest.reporter.label)), (mark, newest.reporter.label)
        )
    # two files may bear one name, and yet nobody knows that they are from one partner
    called = Counter(name for reporter, (_, name) in labels.items() if reporter.kind is ReporterKind.RETURN)
    for reporter, (mark, name) in labels.items():
        if reporter.kind is ReporterKind.RETURN and called[name] > 1:
            labels[reporter] = (mark, f"{name} ({reporter.key[:6]})")
    found: dict[str, dict[str, tuple[object, Answer]]] = {
        label: {} for _, label in sorted(labels.values(), key=lambda item: item[1])
    }
    for (reporter, category), said in statements.items():
        row = found[labels[reporter][1]]
        # Two reporters may bear one name; then the newest word of both counts.
        row[category] = max(row.get(category, (_mark(said), _answer(said))), (_mark(said), _answer(said)))
    return {
        label: {
            category: row[category][1] if category in row else Answer.NOT_RETURNED
            for category in _all(layout, row)
        }
        for label, row in found.items()
    }


def _all(layout: Layout, row: Iterable[str]) -> list[str]:
    return [*layout.categories, *sorted(set(row) - set(layout.categories))]


def _mark(said: list[Statement]) -> tuple[bool, object, str]:
    speaking = [statement for statement in said if not _blank(statement)]
    newest = (speaking or said)[-1]
    return bool(speaking), newest.submission.age, newest.submission.return_id


def _answer(said: list[Statement]) -> Answer:
    speaking = [statement for statement in said if not _blank(statement)]
    if not speaking:
        return Answer.BLANK
    listed = any(not row.silent for row in speaking[-1].rows)
    return Answer.NIL if speaking[-1].nil and not listed else Answer.ANSWERED


def _blank(statement: Statement) -> bool:
    return not statement.nil and all(row.silent for row in statement.rows)
