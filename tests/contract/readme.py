"""The documents' tables, made from the program itself: `python -m tests.contract.readme` writes them anew.

A block between `<!-- name -->` and `<!-- /name -->` belongs to this module; the rest is written by hand.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import BaseModel

from tests.contract import shapes
from tests.readers import matrix_words
from tests.specimens import figures

README = Path(__file__).parents[2] / "README.md"
ROOT = README.parent
#: What people read, from the first page on.
DOCUMENTS = (
    README,
    *(ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
#: Where each block stands.
PLACES = {
    "commands": "docs/reference/commands.md",
    "json": "docs/reference/json.md",
    "bad input": "docs/reference/problems.md",
    "settings": "docs/reference/settings.md",
    "template": "docs/reference/mail_templates.md",
    "readers": "docs/explanation/pdf_programs.md",
    "figures": "docs/explanation/without_fields.md",
    "folders": "ARCHITECTURE.md",
}


def commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group by its full words, in the order of `--help`."""
    for key in group.list_commands(click.Context(group)):
        command = group.commands[key]
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {key}")
        elif not command.hidden:
            yield f"{name} {key}", command


def all_commands() -> dict[str, click.Command]:
    from formgen.cli import cli
    from harvest.cli import harvest

    return {**dict(commands(cli, "formgen")), **dict(commands(harvest, "harvest"))}


#: The options that are told once, over all commands.
SHARED = "workspace"
COMMON = frozenset({SHARED, "log_file"})


def in_common() -> str:
    """What nearly every command knows, and which do not."""
    without = [
        f"`{name}`"
        for name, command in all_commands().items()
        if all(one.name != SHARED for one in command.params)
    ]
    return (
        "`--help` goes with every command; so does `--workspace DIRECTORY`, the folder where the project's files live "
        f"(default: `output`), but for {' and '.join(without)}. "
        "`--log-file FILE` says where a failure of the program is written down; without it that is the workspace's folder `log/`."
    )


def described(name: str, command: click.Command) -> str:
    """One command: its usage, what it does, its options."""
    arguments = " ".join(
        (
            f"[{one.human_readable_name}{'...' if one.nargs == -1 else ''}]"
            if not one.required
            else one.human_readable_name
        )
        for one in command.params
        if isinstance(one, click.Argument)
    )
    lines = [f"## `{' '.join(part for part in (name, arguments) if part)}`", ""]
    text = (command.help or "").split("\f")[0].strip()
    lines += [re.sub(r"\s*\n(?!\n)\s*", " ", paragraph).strip() + "\n" for paragraph in text.split("\n\n")]
    lines += ["| option | meaning |", "| --- | --- |"]
    lines += [
        f"| `{_option(one)}` | {_meaning(one)} |"
        for one in command.params
        if isinstance(one, click.Option) and not one.hidden and one.name not in COMMON
    ]
    if lines[-1] == "| --- | --- |":
        del lines[-2:]
    return "\n".join(lines).rstrip()


def _option(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(click.Command('x')))}"
    return (", ".join((*option.opts, *option.secondary_opts)) + value).replace("|", "\\|")


def _meaning(option: click.Option) -> str:
    shown = option.show_default and option.default is not None and not option.is_flag
    return (option.help or "") + (f" Default: `{option.default}`." if shown else "")


def bad_input() -> str:
    """Every problem that the harvest knows, in the words that the register uses, as a table."""
    from spec.words import words

    english = words("en")
    codes = dict.fromkeys(key.split(".")[1] for key in english.templates if key.startswith("problem."))
    rows = [
        f"| `{code}` | {_said(english.templates[f'problem.{code}.fault'])} | {_said(english.templates[f'problem.{code}.remedy'])} |"
        for code in sorted(codes)
    ]
    return "\n".join(["| code | what is wrong | what to do |", "| --- | --- | --- |", *rows])


def _said(template: str) -> str:
    """A message with its placeholders as dots: the README shows what is said, not about which file."""
    many = re.sub(r"\{\w+:[^{}|]*\|([^{}|]*)\}", r"\1", template)
    return re.sub(r"\{\w+\}", "…", many).replace("|", "\\|")


def settings() -> str:
    """Every setting of formgen.toml: table by table, with its default."""
    from spec.config import Config

    lines = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for table, held in Config.model_fields.items():
        kind = held.annotation
        assert isinstance(kind, type)
        assert issubclass(kind, BaseModel)
        for key, entry in kind.model_fields.items():
            default = entry.default
            shown = "" if default in ("", None, ()) else f"`{json.dumps(default)}`"
            lines.append(f"| `{table}.{key}` | {shown} | {entry.description} |")
    return "\n".join(lines)


def template_facts() -> str:
    """What a mail template may name."""
    from formgen.mail.template import facts_as_table

    lines = ["| variable | meaning |", "| --- | --- |"]
    lines += [
        f"| {', '.join(f'`{name.strip()}`' for name in names.split(','))} | {meaning} |"
        for names, meaning in facts_as_table().items()
    ]
    return "\n".join(lines)


def folders() -> str:
    """What each folder of the program is for, in the first words of its package."""
    packages = [
        path for side in ("spec", "formgen", "harvest") for path in sorted((ROOT / side).rglob("__init__.py"))
    ]
    lines = ["| folder | what is in it |", "| --- | --- |"]
    for path in packages:
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        first = " ".join(told.split("\n\n")[0].split())
        lines.append(f"| `{path.parent.relative_to(ROOT).as_posix()}/` | {first} |")
    return "\n".join(lines)


def blocks() -> dict[str, str]:
    """Block name -> its text. `PLACES` has the document of each."""
    return {
        "commands": "\n\n".join(
            (in_common(), *(described(name, command) for name, command in all_commands().items()))
        ),
        "json": shapes.table(),
        "bad input": bad_input(),
        "settings": settings(),
        "template": template_facts(),
        "readers": matrix_words.readers(),
        "figures": figures.committed(),
        "folders": folders(),
    }


def filled() -> dict[Path, str]:
    """Each document that has blocks, with every block made anew."""
    texts = {ROOT / place: (ROOT / place).read_text(encoding="utf-8") for place in PLACES.values()}
    for name, text in blocks().items():
        document = ROOT / PLACES[name]
        pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
        if len(pattern.findall(texts[document])) != 1:
            raise ValueError(f"{PLACES[name]} needs exactly one block <!-- {name} -->")
        start, end = pattern.findall(texts[document])[0]
        before, after = pattern.split(texts[document])[0], pattern.split(texts[document])[-1]
        texts[document] = f"{before}{start}\n{text}\n\n{end}{after}"
    return texts


if __name__ == "__main__":
    for path, content in filled().items():
        path.write_text(content, encoding="utf-8")
