"""An office with a small form, a list of partners, and a clock that a test sets."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from formgen.cli import main
from formgen.mail.surroundings import Surroundings
from spec.workspace import Workspace
from tests.formgen.mail.server import PASSWORD, USER, Running, serving

ZONE = dt.timezone(dt.timedelta(hours=1))
SPEC = Path(__file__).parents[2] / "spec/forms/equipment_survey.toml"


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: dt.datetime = dt.datetime(2026, 10, 1, 9, 0, tzinfo=ZONE)
    ticks: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ticks += seconds


@dataclass
class Desk:
    """The office's commands in this process, by a clock of our own."""

    workspace: Workspace
    capsys: pytest.CaptureFixture[str]
    clock: Clock = field(default_factory=Clock)
    environ: dict[str, str] = field(default_factory=lambda: {"FORMGEN_SMTP_PASSWORD": PASSWORD})

    def __call__(self, *words: str | Path, code: int | None = 0) -> str:
        """What a command says, on both streams; it must end with this code (None: with 0 or 1)."""
        self.capsys.readouterr()
        found = main([*map(str, words), "--workspace", str(self.workspace.root)], self.around())
        said = self.capsys.readouterr()
        assert found == code or (code is None and found in {0, 1}), said.out + said.err
        return said.out + said.err

    def around(self) -> Surroundings:
        """What the commands find: the test's clock, its variables, and nobody's keyring."""
        return Surroundings(
            lambda: self.clock.now, lambda: self.clock.ticks, self.clock.sleep, self.environ, lambda *_: None
        )

    def json(self, *words: str | Path, code: int | None = 0) -> Any:
        return json.loads(self(*words, "--json", code=code))

    def settings(self, server: Running | None = None, **more: str) -> None:
        """Write formgen.toml; `more` are further lines by table."""
        lines = ["[office]", 'name = "Koordination Süd"', f'sender = "{USER}"', more.get("office", "")]
        if server is not None:
            lines += ["[smtp]", 'server = "127.0.0.1"', f"port = {server.port}", f'user = "{USER}"']
            lines += [f'ca_file = "{server.ca_file.as_posix()}"', more.get("smtp", "pace = 0\ntimeout = 1")]
        self.workspace.root.mkdir(parents=True, exist_ok=True)
        self.workspace.config.write_text("\n".join(lines), encoding="utf-8")

    def partners(self, *rows: Sequence[str], name: str = "partner.csv") -> Path:
        """A list: organisation, person, address."""
        self.workspace.root.mkdir(parents=True, exist_ok=True)
        path = self.workspace.root / name
        lines = ["Organisation;Ansprechperson;E-Mail;Sprache"]
        lines += [";".join([*row, *[""] * (4 - len(row))]) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return path

    def log(self) -> list[dict[str, Any]]:
        path = self.workspace.mail / "sent.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]

    @property
    def tokens(self) -> dict[str, str]:
        body = json.loads(self.workspace.recipients.read_text(encoding="utf-8"))
        return {one["organisation"]: one["token"] for one in body["recipients"]}

    def codes(self, name: str) -> dict[str, str]:
        """Organisation -> the code of its copy for this round."""
        body = json.loads(self.workspace.recipients.read_text(encoding="utf-8"))
        return {
            one["organisation"]: next(code for code, made_for in one["codes"].items() if made_for == name)
            for one in body["recipients"]
        }


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(Workspace(tmp_path / "büro"), capsys)


@pytest.fixture
def server() -> Iterator[Running]:
    with serving() as running:
        yield running


PARTNERS = (
    ("Träger A", "Ada", "a@eins.example"),
    ("Träger B", "", "b@zwei.example"),
    ("Träger C", "", "c@drei.example"),
)


@pytest.fixture
def drafted(desk: Desk) -> Callable[..., Desk]:
    """An office whose drafts are written, ready to send through a server."""

    def make(server: Running | None = None, **more: str) -> Desk:
        desk.settings(server, **more)
        desk("round", "new", "2026", "--due", "2026-12-15", "--spec", SPEC)
        desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
        return desk

    return make
