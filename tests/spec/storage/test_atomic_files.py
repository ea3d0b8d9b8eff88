"""Files that appear whole or not at all: also where Windows holds one for a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.storage.atomic_files import take_name, write_text

HELD = 32  # another program uses the file


class _Refusal(PermissionError):
    """What Windows raises."""

    def __init__(self, code: int) -> None:
        super().__init__(13, "in use")
        self.winerror = code


def refusing(monkeypatch: pytest.MonkeyPatch, times: int, code: int) -> list[float]:
    """The name is refused so often; the list takes the waits."""
    plain, left, waits = Path.replace, [code] * times, list[float]()

    def replace(self: Path, target: Path) -> Path:
        if left:
            raise _Refusal(left.pop())
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr("spec.storage.atomic_files.time.sleep", waits.append)
    return waits


def test_a_file_that_is_held_for_a_moment_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = refusing(monkeypatch, times=3, code=HELD)
    write_text(tmp_path / "a.json", "neu")
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "neu"
    assert len(waits) == 3


def test_a_file_that_stays_held_is_refused_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = refusing(monkeypatch, times=99, code=HELD)
    draft, place = tmp_path / "draft", tmp_path / "place"
    draft.write_text("neu", encoding="utf-8")
    place.write_text("alt", encoding="utf-8")
    with pytest.raises(PermissionError):
        take_name(draft, place)
    assert (place.read_text(encoding="utf-8"), draft.exists()) == ("alt", True)
    assert 1 < sum(waits) < 3


def test_a_folder_that_may_not_be_written_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = refusing(monkeypatch, times=1, code=0)
    (tmp_path / "draft").write_text("neu", encoding="utf-8")
    with pytest.raises(PermissionError):
        take_name(tmp_path / "draft", tmp_path / "place")
    assert waits == []
