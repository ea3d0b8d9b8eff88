"""Every English text in the code that may reach a screen, found in the syntax tree."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
#: Calls whose first argument is said; what stands in a call's other arguments are its values.
SAYS = {"said", "Said", "tell", "wrong_call", "UsageError"}
#: Parameters, of whatever function or class, that hold a text for a person.
SPOKEN = {"fault", "remedy"}
_SENTENCE = re.compile(r"[A-Z“{'`].* .*[.?]", re.DOTALL)
_SQL = re.compile(r"(SELECT|INSERT|UPDATE|DELETE|PRAGMA)\b|.* (IS|=) \?$", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """An English text and where it stands; `whole` is false for one that was put together by hand."""

    text: str
    place: str
    whole: bool = True


@cache
def texts() -> tuple[Text, ...]:
    """All of them."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _modules()}
    spoken = _with_spoken_parameters(trees.values())
    return tuple(
        Text(text, f"{path.relative_to(ROOT).as_posix()}:{line}", whole)
        for path, tree in trees.items()
        for text, line, whole in _texts(tree, spoken)
    )


@cache
def constants() -> frozenset[str]:
    """Every str that the code spells at all; a text in the catalogue that is none of these is said nowhere."""
    return frozenset(
        node.value
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def helps() -> tuple[Text, ...]:
    """What `--help` says of every command, paragraph by paragraph, and of every option."""
    from formgen.cli import cli
    from harvest.cli import harvest

    return tuple(dict.fromkeys([*_helps(cli, "formgen"), *_helps(harvest, "harvest")]))


def _helps(command: click.Command, name: str) -> Iterator[Text]:
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield Text(" ".join(paragraph.split()), name)
    for param in command.params:
        if isinstance(param, click.Option):
            yield Text(param.help or "", f"{name} {param.opts[0]}")
    if isinstance(command, click.Group):
        for key, one in command.commands.items():
            yield from _helps(one, f"{name} {key}")


def metavars() -> set[str]:
    """The words in capitals that usage lines show."""
    from formgen.cli import cli
    from harvest.cli import harvest

    def of(command: click.Command) -> Iterator[str]:
        context = click.Context(command)
        yield " ".join(command.collect_usage_pieces(context))
        for param in command.params:
            if not (isinstance(param, click.Option) and param.is_flag):
                yield param.make_metavar(context)
        if isinstance(command, click.Group):
            for one in command.commands.values():
                yield from of(one)

    shown = " ".join((*of(cli), *of(harvest)))
    return set(re.findall(r"[A-Z]+(?:-[A-Z]+)*", shown))


def _modules() -> list[Path]:
    return [
        path for package in ("spec", "formgen", "harvest") for path in sorted((ROOT / package).rglob("*.py"))
    ]


def _with_spoken_parameters(trees: Iterable[ast.Module]) -> dict[str, list[str]]:
    """Name of a function or class -> its parameters in order, where one of them is spoken."""
    found: dict[str, list[str]] = {}
    errors = {"FormgenHarvestError"}
    classes = [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)
    ]
    for _ in range(4):  # errors of errors
        errors |= {
            node.name
            for node in classes
            if isinstance(node, ast.ClassDef)
            and errors & {base.id for base in node.bases if isinstance(base, ast.Name)}
        }
    for node in classes:
        if isinstance(node, ast.FunctionDef):
            names = [one.arg for one in (*node.args.args, *node.args.kwonlyargs) if one.arg != "self"]
        else:
            names = [
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            ]
        if SPOKEN & set(names):
            found[node.name] = names
    return found | {name: ["place", "fault", "remedy"] for name in errors}


def _texts(tree: ast.Module, spoken: dict[str, list[str]]) -> Iterator[tuple[str, int, bool]]:
    skipped = set(_documentation(tree))
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _sentence(node.value):
            yield node.value, node.lineno, True
        elif isinstance(node, ast.JoinedStr):
            spelt = "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in node.values)
            if _sentence(spelt):
                yield spelt, node.lineno, False
            skipped |= {id(one) for one in node.values}
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rsplit(".", 1)[-1]
            if name == "add" and "faults" not in ast.unparse(node.func):
                continue  # sets and archives have one, too
            given = node.args[:1] if name in SAYS else []
            if name in spoken and len(node.args) + len(node.keywords) > _last(spoken[name]):
                given = [one for key, one in zip(spoken[name], node.args, strict=False) if key in SPOKEN]
                given += [one.value for one in node.keywords if one.arg in SPOKEN]
            for argument in given:
                yield from _of_argument(argument)


def _last(parameters: list[str]) -> int:
    return max(parameters.index(name) for name in SPOKEN & set(parameters))


def _sentence(text: str) -> bool:
    return _SENTENCE.fullmatch(text) is not None and _SQL.match(text) is None


def _of_argument(node: ast.expr) -> Iterator[tuple[str, int, bool]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, node.lineno, True
    elif isinstance(node, ast.IfExp):
        yield from _of_argument(node.body)
        yield from _of_argument(node.orelse)
    elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and "'" in ast.unparse(node)):
        yield ast.unparse(node), node.lineno, False


def _documentation(tree: ast.Module) -> Iterator[int]:
    """Docstrings, and what only the README or a reader of the code sees."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr):
                yield id(first.value)
        if isinstance(node, ast.Expr):
            yield id(node.value)
        if isinstance(node, ast.keyword) and node.arg in {"description", "help", "metadata"}:
            yield from (id(one) for one in ast.walk(node))
