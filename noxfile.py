"""The developer's commands, each in an environment of its own: `nox -l` lists them, `nox -s lint` runs one.

`.ci/start.py test` runs all that counts, with every engine; this is for a quick look at a part of it.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import nox

START = runpy.run_path(str(Path(__file__).parent / ".ci" / "start.py"))
nox.options.sessions = ["lint", "types"]
nox.options.reuse_existing_virtualenvs = True


def install(session: nox.Session) -> None:
    """The product and all that its developers need."""
    session.install("-e", f".[{START['EXTRAS']}]", *START["of_groups"](*START["GROUPS"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Whose each file is, style, format."""
    install(session)
    session.run("reuse", "lint", "--quiet")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    install(session)
    session.run("mypy")


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """Tests; `nox -s tests-3.13 -- tests/spec` runs some. The engines that they drive: tests/readers/install.py."""
    install(session)
    session.run("pytest", *(session.posargs or ("-n", "auto", "--dist", "worksteal")))


@nox.session
def docs(session: nox.Session) -> None:
    """The documents as pages, in docs/_build."""
    install(session)
    session.run("sphinx-build", "-W", "-b", "html", "docs", "docs/_build")


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements.lock anew: one version and its hashes of everything, on every system."""
    session.install("uv")
    words = ("--all-extras", "--all-groups", "--no-emit-project", "--no-header", "--no-annotate")
    session.run("uv", "export", "--quiet", *words, "--output-file", "requirements.lock")
