"""Words that are nobody's: what the form and the register say by themselves, and what stands in every list. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from harvest.privacy.search.persons import Who
from spec.console.said import Message, said
from spec.errors import WrongInputError
from spec.form.model import Form
from spec.words import words

#: headings and what stands in cells; what whole sentences say is set right by the next run
_TABLES = ("sheet", "column", "status", "change", "answer", "method", "outcome", "mark", "help-title")
_LABELS = tuple(f"register.{table}." for table in _TABLES)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_COMMON = frozenset(
    """
    der die das den dem des ein eine einer und oder für von vom mit bei zum zur aus auf als ist sind nicht keine
    herr herrn frau familie dr prof dipl mag e.v ev ggmbh gmbh ug gug ag kg ohg gbr eg verein verband stiftung
    the and for from with not mr mrs ms ltd inc telefon tel fax mobil mail e-mail email straße strasse str
    """.split()  # noqa: SIM905  a table of words reads better than a list of quotes
)


def refuse(who: Who, forms: Iterable[Form]) -> None:
    """Say so where what is to be forgotten is no person's and no partner's.

    Raises:
        WrongInputError: it is a word of the form or the register, or one that stands in every list.
    """
    what = kind_of(who, forms)
    if what is not None:
        raise WrongInputError(
            who.text,
            what,
            "Name the whole name or address; a partner whose name is such a word, by the code in the subject of its mails.",
        )


def kind_of(who: Who, forms: Iterable[Form]) -> Message | None:
    """What the text is where it is nobody's, else None. `forms` are all that the register was ever made from."""
    spoken = {word.strip(".,;:()").casefold() for word in who.text.split()}
    if spoken <= _COMMON:
        return said("This is a word that stands in many answers.")
    one_word = len(who.text.split()) == 1
    for form in forms:
        for name, texts in _terms(form):
            if any(map(who.mentioned, texts)):
                return said("This is a word of the form itself: {name!r}.", name=name)
        own = chain(_sentences(form) if one_word else (), _register(form))
        found = next((text for text in own if (who.mentioned if one_word else who.named)(text)), None)
        if found is not None:
            return said("This is a word that the form or the register itself uses: {name!r}.", name=found)
    return None


def _terms(form: Form) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What it is called -> how it is spelt."""
    for section in form.sections:
        yield section.title, (section.title, section.key)
        for category in section.categories:
            yield category.name, (category.name, category.key, *category.other_names, *category.legal_bases)
    for column in form.columns:
        yield column.heading, (column.heading, column.key)
    for field in (*form.cover.fields, *form.feedback.fields):
        yield field.label, (field.label, field.key)
    yield form.title, (form.title, form.key)
    yield form.nil_label, (form.nil_label,)


def _sentences(form: Form) -> Iterator[str]:
    """A whole name may stand in them, of whoever the form is returned to; a single word of them is nobody's."""
    yield from (form.subtitle, *form.cover.intro, *form.cover.steps, *form.cover.reader_notes)
    yield from (*form.cover.return_to, form.feedback.title, *form.feedback.intro)
    yield from (category.description for category in form.categories)
    yield from (column.hint for column in form.columns)
    yield from (field.hint for field in (*form.cover.fields, *form.feedback.fields))


def _register(form: Form) -> Iterator[str]:
    templates = words(form.language).templates.items()
    return (_PLACEHOLDER.sub("", text) for key, text in templates if key.startswith(_LABELS))
