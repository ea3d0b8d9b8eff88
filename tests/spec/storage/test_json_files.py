"""Files between the two commands: read as their shape, or refused in the words of whoever asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from spec.errors import (
    EXIT_NOTHING_DONE,
    EXIT_WRONG_CALL,
    FormgenHarvestError,
    NothingDoneError,
    WrongInputError,
)
from spec.storage.json_files import read_json, read_json_if_any
from spec.wire import PartnersFile

EMPTY = PartnersFile()
FAULT = "This can't be read ({reason})."
REMEDY = "Restore it."
Reader = Callable[..., PartnersFile | None]
READERS = [read_json, read_json_if_any]


def read(
    reader: Reader, path: Path, error: type[FormgenHarvestError] = NothingDoneError
) -> PartnersFile | None:
    return reader(path, PartnersFile.model_validate_json, error, FAULT, REMEDY)


@pytest.mark.parametrize("reader", READERS)
def test_what_was_written_is_read(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "partners.json"
    path.write_text(EMPTY.to_json(), encoding="utf-8")
    assert read(reader, path) == EMPTY


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"new": 1}', b"\xff\xfe", b"[" * 300])
def test_another_shape_is_refused_with_place_fault_and_remedy(
    reader: Reader, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "partners.json"
    path.write_bytes(content)
    with pytest.raises(NothingDoneError) as caught:
        read(reader, path)
    assert str(caught.value) == f"{path}: This can't be read (ValidationError). Restore it."


@pytest.mark.parametrize("reader", READERS)
def test_what_the_system_refuses_is_told_in_its_words(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(NothingDoneError) as caught:
        read(reader, tmp_path)
    assert isinstance(caught.value.__cause__, OSError)
    assert str(caught.value.__cause__.strerror) in str(caught.value)


@pytest.mark.parametrize(
    ("error", "code"), [(WrongInputError, EXIT_WRONG_CALL), (NothingDoneError, EXIT_NOTHING_DONE)]
)
def test_a_file_that_is_not_there_is_an_error_of_the_callers_kind(
    error: type[FormgenHarvestError], code: int, tmp_path: Path
) -> None:
    with pytest.raises(error) as caught:
        read(read_json, tmp_path / "none.json", error)
    assert caught.value.exit_code == code


def test_a_file_that_need_not_be_there_is_none(tmp_path: Path) -> None:
    assert read(read_json_if_any, tmp_path / "none.json") is None
