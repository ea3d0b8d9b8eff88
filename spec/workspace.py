"""Where a project's files live. Paths only; nothing here touches the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT = Path("output")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one project (docs/reference/workspace.md says what lies where)."""

    root: Path = DEFAULT

    @property
    def forms(self) -> Path:
        """One folder per edition."""
        return self.root / "forms"

    def edition(self, edition: str) -> Path:
        """The folder of one edition."""
        return self.forms / edition

    def blank(self, edition: str) -> Path:
        """An edition's blank, as it is drawn now."""
        return self.edition(edition) / "blank.pdf"

    def drawings(self, edition: str) -> Path:
        """The folder of the blank's earlier drawings, `<sha256>.pdf`; there if it was ever drawn otherwise."""
        return self.edition(edition) / "drawings"

    def earlier_copies(self, edition: str) -> Path:
        """The folder of copies that were made otherwise before, `<sha256>.pdf`: each of them may have been sent."""
        return self.edition(edition) / "earlier"

    @property
    def recipients(self) -> Path:
        """Who got a copy, and under which token."""
        return self.forms / "recipients.json"

    @property
    def config(self) -> Path:
        """The office's settings (spec/config.py)."""
        return self.root / "formgen.toml"

    @property
    def rounds(self) -> Path:
        """One file for each round."""
        return self.root / "rounds"

    @property
    def answers(self) -> Path:
        """Who has answered what, as the harvest last saw it (spec/wire.py)."""
        return self.root / "answers.json"

    @property
    def mail(self) -> Path:
        """Drafts and the log of what was sent."""
        return self.root / "mail"

    @property
    def sent(self) -> Path:
        """Every form that may have been sent, for ever (spec/storage/sent_forms.py)."""
        return self.root / "sent.json"

    @property
    def returns(self) -> Path:
        """Where people drop returned files: the default source."""
        return self.root / "returns"

    @property
    def originals(self) -> Path:
        """Every return as it came, never modified."""
        return self.root / "originals"

    @property
    def ledger(self) -> Path:
        """The SQLite file that everything is derived from."""
        return self.root / "ledger.sqlite"

    @property
    def register(self) -> Path:
        """The workbook that people work in."""
        return self.root / "register.xlsx"

    @property
    def register_json(self) -> Path:
        """The register's machine-readable twin."""
        return self.root / "register.json"

    @property
    def report(self) -> Path:
        """What a person looks at in a meeting."""
        return self.root / "report.html"

    @property
    def backups(self) -> Path:
        """Registers that were replaced, the newest 20."""
        return self.root / "backups"

    @property
    def summary(self) -> Path:
        """What the harvest counted last, so that a run without news need not count again; may always be deleted."""
        return self.root / ".summary"

    @property
    def reread(self) -> Path:
        """What a run that was interrupted had read again after an upgrade; may always be deleted."""
        return self.root / "cache" / "reread"

    @property
    def forgotten(self) -> Path:
        """Hashes of documents that were forgotten, for every ledger that comes (harvest/workspace/forgotten_hashes.py)."""
        return self.root / "forgotten"

    @property
    def cache(self) -> Path:
        """What is derived; may always be deleted."""
        return self.root / "cache"

    @property
    def lock(self) -> Path:
        """Held while a run writes."""
        return self.root / ".lock"
