"""formgen.toml: every fault told by line, secrets refused, defaults without a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.config import Config, config_of, load_config
from spec.errors import WrongInputError
from spec.workspace import Workspace


def faults(text: str) -> str:
    with pytest.raises(WrongInputError) as caught:
        config_of(text)
    return "\n".join(map(str, caught.value.faults))


def test_without_a_file_every_setting_has_its_default(tmp_path: Path) -> None:
    assert load_config(Workspace(tmp_path)) == Config()


def test_a_whole_file() -> None:
    config = config_of(
        '[office]\nname = "Amt"\nsender = "a@amt.example"\n[smtp]\nserver = "mail.amt.example"\nsecurity = "tls"\n'
        '[mailbox]\nserver = "imap.amt.example"\nuser = "a"\n[retention]\nyears = 3\n[paths]\nreturns = ["scans"]\n'
    )
    assert config.smtp.port_used == 465
    assert config.office.answers_to == "a@amt.example"
    assert config.paths.returns == ("scans",)


@pytest.mark.parametrize(
    "line",
    [
        '[smtp]\npassword = "x"',
        '[mailbox]\nKennwort = "x"',
        'token = "x"',
        '[smtp]\napi_key = "x"',
        "[x]\npasswort = 1",
    ],
)
def test_a_secret_is_refused_and_told_where_it_belongs(line: str) -> None:
    said = faults(line)
    assert "Secrets do not stand in this file" in said
    assert "PASSWORD" in said
    assert "keyring set formgen-harvest" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[smtp]\nsequrity = 'tls'",
            "formgen.toml, line 2, smtp.sequrity: There is no setting `sequrity`. Did you mean",
        ),
        ("[smtp]\nport = 0", "line 2, smtp.port: `port` must be at least 1"),
        ("[smtp]\nport = '25'", "must be a whole number"),
        ("[smtp]\nsecurity = 'none'", "Write 'starttls' or 'tls'"),
        ("[office]\nsender = 'Amt <a@b>'", "is no e-mail address"),
        ('[office]\nname = "a\\nb"', "holds a line break"),
        ("[smtp]\nserver = 'https://x'", "is no server's name"),
        ("[smtp]\npace = -1", "must be at least 0"),
        ("[smtp\n", "not valid TOML"),
    ],
)
def test_every_fault_has_place_and_remedy(text: str, said: str) -> None:
    assert said in faults(text)


def test_all_faults_at_once() -> None:
    said = faults("[smtp]\nport = 0\nsecurity = 1\n[office]\nlanguage = 'fr'\n")
    assert said.count("\n") == 2


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "formgen.toml").write_bytes(b"[office]\nname = '\xfc'\n")
    with pytest.raises(WrongInputError, match="line 2: The file is not UTF-8"):
        load_config(Workspace(tmp_path))
