"""What a mail says: Jinja2 templates in a sandbox, with three blocks: `subject`, `text` and (if wanted) `html`.

Without a block `html` the HTML part is made from the text. Everything a template may name stands in `Facts`;
every other name is a fault that says its line.
"""

from __future__ import annotations

import difflib
import html
import traceback
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Final

import jinja2
from jinja2 import meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from formgen.mail.addresses import one_line
from spec.console.said import refusal, said
from spec.errors import Fault, WrongInputError

#: Blocks of a template; those that must be there first.
_NEEDED: Final = ("subject", "text")
_LARGEST = 200_000
#: Lines of a length that can be read, on a desk, too; long addresses break instead of widening a phone's page.
_STYLE: Final = "font-family: sans-serif; line-height: 1.45; max-width: 42em; overflow-wrap: anywhere"


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """Something that could not be read in a return: the file, what is wrong, what to do."""

    file: str
    fault: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a template may name.

    Attributes:
        organisation, person: the partner's.
        office, reply_to: who writes, and where the answer should go.
        title: the form's.
        round, due: the round's name and last day (empty where there is none).
        code: what the subject should carry so that the answer can be matched.
        attachment: name of the attached file, empty without one.
        categories: names of the offers that the partner is asked about.
        prefilled: how many rows show what the partner said last time.
        reminder: which reminder this is, 0 in other mails.
        answered, nil, missing: names of offers that came back filled in, as nil return, and not (yet).
        problems: what could not be read, each with `file`, `fault` and `remedy`.
    """

    organisation: str
    person: str
    office: str
    reply_to: str
    title: str
    round: str
    due: str
    code: str
    attachment: str
    categories: tuple[str, ...]
    prefilled: int = 0
    reminder: int = 0
    answered: tuple[str, ...] = ()
    nil: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[UnreadFile, ...] = ()


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail's words: subject, plain text, HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Template:
    """A template that was looked through: it names nothing but facts. `name` is what faults call it."""

    name: str
    plain: jinja2.Template
    marked: jinja2.Template
    language: str

    def say(self, facts: Facts) -> MailText:
        """The mail's words.

        Raises:
            WrongInputError: an expression fails, or the subject is empty or has several lines.
        """
        values: Mapping[str, object] = {field.name: getattr(facts, field.name) for field in fields(facts)}
        place = said("{name}, subject", name=self.name)
        subject = one_line(" ".join(self._block(self.plain, "subject", values).split(" ")).strip(), place)
        if not subject:
            raise WrongInputError(place, "The subject is empty.", "Write one.")
        text = _tidy(self._block(self.plain, "text", values))
        marked = (
            self._block(self.marked, "html", values).strip() if "html" in self.marked.blocks else _html(text)
        )
        return MailText(subject, text, _page(marked, subject, self.language))

    def _block(self, template: jinja2.Template, block: str, values: Mapping[str, object]) -> str:
        try:
            return "".join(template.blocks[block](template.new_context(dict(values))))
        except Exception as error:  # noqa: BLE001 - a template is somebody's program: anything may go wrong in it
            line = _line(error, template)
            place = said("{name}, line {line}", name=self.name, line=line) if line else self.name
            raise WrongInputError(
                place, said("The template fails here: {error}.", error=error), "Mend this line."
            ) from None


def load_template(path: Path, language: str) -> Template:
    """An office's own template.

    Raises:
        WrongInputError: it can't be read, or has faults; all of them are told with their lines.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise WrongInputError(str(path), "There is no such template.", "Check the path.") from None
    except UnicodeDecodeError:
        raise WrongInputError(
            path.name, "The template is not UTF-8.", "Save it with the encoding UTF-8."
        ) from None
    except OSError as error:
        reason = refusal(error)
        raise WrongInputError(
            str(path), said("The template can't be read ({reason}).", reason=reason), "Check its permissions."
        ) from error
    if len(data) > _LARGEST:
        raise WrongInputError(path.name, "This is too large for a template.", "Name a text file.")
    return template_of(text, path.name, language)


def default_template(kind: str, language: str) -> Template:
    """The product's own template for `form`, `reminder` or `receipt`."""
    name = f"{kind}.{language}.j2"
    text = resources.files("formgen.mail").joinpath("templates", name).read_text(encoding="utf-8")
    return template_of(text, name, language)


def template_of(text: str, name: str, language: str) -> Template:
    """Look a template through.

    Raises:
        WrongInputError: with every fault.
    """
    plain, marked = _environment(escape=False), _environment(escape=True)
    try:
        tree = plain.parse(text, name, name)
        faults = list(_faults(tree, name))
        if not faults:
            return Template(name, _compiled(plain, text, name), _compiled(marked, text, name), language)
    except jinja2.TemplateSyntaxError as error:
        faults = [
            Fault(
                said("{name}, line {line}", name=name, line=error.lineno),
                said("This is no template: {fault}.", fault=(error.message or "").rstrip(".")),
                "Check braces and percent signs here and above; each {% if ... %} needs its {% endif %}.",
            )
        ]
    raise WrongInputError.of(faults)


def _environment(*, escape: bool) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        loader=None,
    )


def _compiled(environment: jinja2.Environment, text: str, name: str) -> jinja2.Template:
    code = environment.compile(text, name, name)
    return jinja2.Template.from_code(environment, code, environment.globals, lambda: True)


def _faults(tree: nodes.Template, name: str) -> Iterator[Fault]:
    known = {field.name for field in fields(Facts)}
    unknown = meta.find_undeclared_variables(tree) - known
    for node in tree.find_all(nodes.Name):
        if node.name in unknown and node.ctx == "load":
            yield Fault(
                said("{name}, line {line}", name=name, line=node.lineno),
                said("There is no variable `{variable}`.", variable=node.name),
                _did_you_mean(node.name, known),
            )
    for outside in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        yield Fault(
            said("{name}, line {line}", name=name, line=outside.lineno),
            "A template can't take in other files.",
            "Write it out here.",
        )
    blocks = {block.name: block.lineno for block in tree.find_all(nodes.Block)}
    for needed in _NEEDED:
        if needed not in blocks:
            yield Fault(
                name,
                said("The block `{needed}` is missing.", needed=needed),
                said("Write {{% block {needed} %}}...{{% endblock %}}.", needed=needed),
            )
    for block, line in blocks.items():
        if block not in {*_NEEDED, "html"}:
            yield Fault(
                said("{name}, line {line}", name=name, line=line),
                said("There is no use for a block `{block}`.", block=block),
                "Take it out.",
            )


def _did_you_mean(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return said("Did you mean `{name}`?", name=near[0])
    return said("Known here: {names}.", names=", ".join(sorted(known)))


def _line(error: Exception, template: jinja2.Template) -> int:
    """Where in the template; Python counts the lines of what Jinja made of it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == template.name]
    return template.get_corresponding_lineno(frames[-1].lineno or 0) if frames else 0


def _tidy(text: str) -> str:
    """Lines without spaces at their end, at most one empty line between paragraphs."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept) + "\n"


def _html(text: str) -> str:
    """The text as paragraphs and lists; lines that start with a hyphen are items."""
    parts = []
    for paragraph in text.strip().split("\n\n"):
        for item, group in groupby(paragraph.split("\n"), key=lambda line: line.startswith("- ")):
            escaped = [html.escape(line.removeprefix("- ") if item else line) for line in group]
            if item:
                parts.append("<ul>" + "".join(f"<li>{line}</li>" for line in escaped) + "</ul>")
            else:
                parts.append("<p>" + "<br>\n".join(escaped) + "</p>")
    return "\n".join(parts)


def _page(body: str, subject: str, language: str) -> str:
    title = html.escape(subject)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n'
        f'<body style="{_STYLE}">\n{body}\n</body>\n</html>\n'
    )


def facts_as_table() -> Mapping[str, str]:
    """What a template may name, and what it is; for the README."""
    said = (Facts.__doc__ or "").split("Attributes:")[1].strip().splitlines()
    rows = [line.strip().partition(": ") for line in said]
    return {names: meaning.strip() for names, _, meaning in rows}


__all__ = [
    "Facts",
    "MailText",
    "Template",
    "UnreadFile",
    "default_template",
    "facts_as_table",
    "load_template",
    "template_of",
]
