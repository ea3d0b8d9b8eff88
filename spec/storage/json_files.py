"""The JSON files of the workspace, read as the shapes of `wire` and `answers`, or refused with place, fault and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from spec.console.said import refusal, said
from spec.errors import FormgenHarvestError

_Shape = TypeVar("_Shape")


def read_json(
    path: Path, parse: Callable[[bytes], _Shape], error: type[FormgenHarvestError], fault: str, remedy: str
) -> _Shape:
    """What the file holds.

    Args:
        path: the file.
        parse: makes the shape of its bytes, such as `EditionFile.model_validate_json`.
        error: what is raised where that can't be done.
        fault: what is wrong then; a `{reason}` in it is filled in.
        remedy: what to do about it.

    Raises:
        FormgenHarvestError: the file is not there, can't be read, or has another shape.
    """
    with _refused(path, error, fault, remedy):
        return parse(path.read_bytes())


def read_json_if_any(
    path: Path, parse: Callable[[bytes], _Shape], error: type[FormgenHarvestError], fault: str, remedy: str
) -> _Shape | None:
    """The same; None where there is no such file.

    Raises:
        FormgenHarvestError: the file can't be read, or has another shape.
    """
    with _refused(path, error, fault, remedy), suppress(FileNotFoundError):
        return parse(path.read_bytes())
    return None


@contextmanager
def _refused(path: Path, error: type[FormgenHarvestError], fault: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValidationError) as cause:
        raise error(str(path), said(fault, reason=refusal(cause)), remedy) from cause
