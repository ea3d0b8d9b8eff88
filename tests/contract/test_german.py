"""On a German computer everything that appears on a screen is German, whoever says it, and nothing else changes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from spec.console.screen import VARIABLE
from tests.contract.conftest import Office
from tests.contract.readme import all_commands

#: Words that no German sentence has. Options and commands in backquotes or quotes keep their names.
ENGLISH = re.compile(
    r"\b(the|this|is|are|of|to|and|with|there|which|must|can't|such|missing|usage|error|default|says)\b"
)
#: What belongs to the call, not to the sentence.
NAMES = re.compile(
    r"--[a-z-]+|`[^`]*`|'[^']*'|\[[a-z|]+\]|[\w./-]*\.(toml|json|xlsx|pdf|sqlite)\b|\boutput\b"
)


def said(command: str, *words: str | Path, language: str = "de", **environment: str) -> tuple[int, str]:
    """Exit code, and all that a process of its own printed."""
    program = f"import sys; from {command}.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=120,
        env={**os.environ, VARIABLE: language, **environment},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def english(text: str) -> set[str]:
    return {found[0] for found in ENGLISH.finditer(NAMES.sub(" ", text).lower())}


@pytest.mark.parametrize("name", ["formgen", "harvest", "formgen mail", *all_commands()])
def test_every_help_page_is_german(name: str) -> None:
    command, *words = name.split()
    code, text = said(command, *words, "--help")
    assert code == 0
    assert text.startswith(f"Aufruf: {name} ")
    assert "Diese Hilfe zeigen." in text
    assert english(text) == set()


FAULTS: dict[str, tuple[tuple[str, ...], int, str]] = {
    "no form": (("harvest", "run", "--workspace", "{tmp}/leer"), 3, "Es gibt noch kein Formular"),
    "no file": (("formgen", "check", "{tmp}/nix.toml"), 2, "Diese Datei gibt es nicht. Prüfen Sie Name und Ordner."),
    "faulty spec": (("formgen", "check", "{tmp}/form.toml"), 2, "Zeile 1, title: `title` muss Text sein, ist aber eine Zahl."),
    "faulty settings": (("formgen", "round", "status", "--workspace", "{tmp}"), 2, "formgen.toml, Zeile 2, office.sender"),
    "faulty list": (("formgen", "build", "--workspace", "{tmp}/w", "--recipients", "{tmp}/liste.csv"), 2, "Zeile 2, Spalte 'E-Mail'"),
    "unknown option": (("harvest", "run", "--nix"), 2, "Fehler: Die Option '--nix' gibt es nicht."),
    "unknown command": (("formgen", "biuld"), 2, "Fehler: Den Befehl 'biuld' gibt es nicht. Meinten Sie 'build'?"),
    "no argument": (("harvest", "why"), 2, "Fehler: Es fehlt die Angabe 'EINTRAG'."),
    "no value": (("formgen", "round", "new", "x", "--due"), 2, "Nach der Option '--due' fehlt eine Angabe."),
    "no date": (("formgen", "round", "new", "x", "--due", "morgen"), 2, "'morgen' ist kein Datum"),
    "no choice": (("harvest", "export", "--format", "doc"), 2, "zur Wahl stehen"),
    "no number": (("harvest", "undo", "eins"), 2, "'eins' ist keine ganze Zahl."),
    "too much": (("formgen", "build", "x"), 2, "Das steht zu viel im Aufruf: x"),
    "not so": (("formgen", "build", "--dry-run"), 2, "Nennen Sie ihre Liste mit --recipients DATEI."),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_goes_wrong_is_told_in_german(case: str, tmp_path: Path) -> None:
    words, code, told = FAULTS[case]
    (tmp_path / "form.toml").write_text("title = 3\nfoo = [\n]\n", encoding="utf-8")
    (tmp_path / "formgen.toml").write_text('[office]\nsender = "x"\npassword = "y"\n', encoding="utf-8")
    (tmp_path / "liste.csv").write_text("Organisation;E-Mail\nA;a@@b\n;\n", encoding="utf-8")
    command, *rest = (word.replace("{tmp}", tmp_path.as_posix()) for word in words)
    found, text = said(command, *rest)
    assert found == code
    assert told in text
    assert english(text.replace(tmp_path.as_posix(), "")) == set()


def test_the_register_is_open(office: Office) -> None:
    office.harvest("run")
    office.workspace.register.with_name("~$register.xlsx").write_bytes(b"\5Elena")
    code, text = said("harvest", "run", "--workspace", office.workspace.root)
    assert code == 3
    assert "Das Register ist offen (Elena). Schließen Sie es" in text
    assert english(text.replace(office.workspace.root.as_posix(), "")) == set()


def test_what_goes_well_is_told_in_german_or_english_and_json_in_neither(office: Office) -> None:
    root = office.workspace.root
    code, german = said("harvest", "run", "--workspace", root)
    assert (code, "Register: 0 Einträge" in german) == (0, True)
    english_ = said("harvest", "status", "--workspace", root, language="en")[1]
    assert "Nothing has come back yet." in english_
    assert "Das Formular „" in said("formgen", "build", "--workspace", root)[1]
    for command in (
        ("harvest", "run", "--json"),
        ("harvest", "status", "--json"),
        ("formgen", "check", "--json"),
    ):
        where = ("--workspace", str(root)) if command[0] == "harvest" else ()
        shown = [json.loads(said(*command, *where, language=language)[1]) for language in ("de", "en", "C")]
        assert shown[0] == shown[1] == shown[2]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp850"])
@pytest.mark.parametrize("command", ["formgen", "harvest"])
def test_a_console_that_lacks_letters_stops_nothing(command: str, encoding: str) -> None:
    assert said(command, "--help", PYTHONIOENCODING=encoding)[0] == 0
    assert said(command, "größe“�", PYTHONIOENCODING=encoding)[0] == 2


def test_a_computer_without_a_language_gets_the_forms_words_and_english_errors(office: Office) -> None:
    root = office.workspace.root
    assert "Register: 0 Einträge" in said("harvest", "run", "--workspace", root, language="C")[1]
    assert "There is no such entry." in said("harvest", "why", "x", "--workspace", root, language="C")[1]
