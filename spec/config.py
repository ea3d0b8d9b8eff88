"""`formgen.toml` in the workspace: the office's addresses, servers and habits. Secrets are never in it.

Frozen and validated at birth; every fault of the file is told at once, with line and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from spec.console.said import refusal, said
from spec.errors import Fault, WrongInputError
from spec.form.findings import Finding, finding_of
from spec.form.model import Language
from spec.form.positions import positions
from spec.form.tables import line_of, place_of, read_tables
from spec.workspace import Workspace

FILE: Final = "formgen.toml"
#: Service name under which the system's keyring is asked for `user@server`.
KEYRING_SERVICE: Final = "formgen-harvest"
#: Table -> the environment variable that holds its password.
PASSWORDS: Final[Mapping[str, str]] = {"smtp": "FORMGEN_SMTP_PASSWORD", "mailbox": "HARVEST_IMAP_PASSWORD"}

_LARGEST = 100_000
_SECRET = re.compile(r"pass(word|wort|wd|phrase)?|kennwort|secret|geheimnis|token|api[-_]?key", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")
_HOST = re.compile(r"[^\s/:@\[\]]+|[0-9a-fA-F:]+")


def _one_line(text: str) -> str:
    if any(ord(character) < 32 or character in "\x7f\u2028\u2029" for character in text):
        raise ValueError("holds a line break or a control character.", "Write it in one line.")
    return text.strip()


def _address(text: str) -> str:
    if text and not _ADDRESS.fullmatch(text):
        fault = said("{text!r} is no e-mail address.", text=text)
        raise ValueError(fault, "Write one like name@example.org.")
    return text


def _host(text: str) -> str:
    if text and not _HOST.fullmatch(text):
        fault = said("{text!r} is no server's name.", text=text)
        raise ValueError(fault, "Write the name only, like mail.example.org.")
    return text


Line = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
Address = Annotated[Line, AfterValidator(_address)]
Host = Annotated[Line, AfterValidator(_host)]
Port = Annotated[int, Field(ge=1, le=65535)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class Office(_Settings):
    """Who writes the mails."""

    name: Line = Field("", description="The office's name: signs the mails and stands beside their sender.")
    sender: Address = Field("", description="The address that mails come from.")
    reply_to: Address = Field("", description="Where answers should go; empty: to the sender.")
    language: Language = Field(
        "de", description="`de` or `en`: of mails to partners without a language of theirs."
    )

    @property
    def answers_to(self) -> str:
        """The address that partners are asked to answer to."""
        return self.reply_to or self.sender


class Smtp(_Settings):
    """The server that sends."""

    server: Host = Field("", description="Name of the mail server.")
    port: Port | None = Field(None, description="Default: 587 with `starttls`, 465 with `tls`.")
    security: Literal["starttls", "tls"] = Field(
        "starttls", description="`starttls` or `tls`; the certificate is always checked."
    )
    user: Line = Field("", description="Login; empty: none. The password stands elsewhere, see below.")
    pace: float = Field(2.0, ge=0, le=3600, description="Seconds between two mails.")
    timeout: float = Field(60.0, ge=0.1, le=600, description="Seconds to wait for an answer of the server.")
    retry_after: float = Field(
        300.0, ge=0, le=7200, description="Seconds until a mail that the server put off is tried again."
    )
    retries: int = Field(2, ge=0, le=20, description="How often it is tried again in one call.")
    ca_file: Line = Field("", description="Certificate file of an office's own authority.")

    @property
    def port_used(self) -> int:
        """The port, given or usual (RFC 6409; RFC 8314, 7.3)."""
        return self.port or (465 if self.security == "tls" else 587)


class Mailbox(_Settings):
    """The mailbox that answers and bounces come to; read over IMAP with TLS, never changed."""

    server: Host = Field("", description="Name of the IMAP server; empty: no mailbox is read.")
    port: Port = Field(993, description="IMAP over TLS.")
    user: Line = Field("", description="Login. The password stands elsewhere, see below.")
    folder: Line = Field("INBOX", description="The folder to read.")
    ca_file: Line = Field("", description="Certificate file of an office's own authority.")


class Retention(_Settings):
    """How long data of persons stay."""

    years: int = Field(
        0,
        ge=0,
        le=100,
        description="Years that returns should be kept; 0: no limit. `harvest run` and `harvest status` tell what is "
        "older; `harvest forget --expired` removes it.",
    )


class Paths(_Settings):
    """Files of the office; relative ones start in the workspace."""

    recipients: Line = Field(
        "", description="The list of partners, for commands called without `--recipients`."
    )
    templates: Line = Field("templates", description="Folder of the office's own mail templates.")
    returns: tuple[Line, ...] = Field(
        (), strict=False, description="Further files and folders that returns come to."
    )


class Config(_Settings):
    """All settings. Without a file every one has its default."""

    office: Office = Office()
    smtp: Smtp = Smtp()
    mailbox: Mailbox = Mailbox()
    retention: Retention = Retention()
    paths: Paths = Paths()


def load_config(workspace: Workspace) -> Config:
    """The workspace's settings; the defaults where there is no file.

    Raises:
        WrongInputError: the file can't be read or has faults; all of them are listed.
    """
    path = workspace.config
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return Config()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = said("{file}, line {line}", file=FILE, line=line)
        raise WrongInputError(place, "The file is not UTF-8.", "Save it with the encoding UTF-8.") from None
    except OSError as error:
        reason = refusal(error)
        raise WrongInputError(
            str(path), said("The file can't be read ({reason}).", reason=reason), "Check its permissions."
        ) from error
    if len(data) > _LARGEST:
        raise WrongInputError(
            str(path), said("The file is larger than {limit} kB.", limit=_LARGEST // 1000), "Shorten it."
        )
    return config_of(text)


def config_of(text: str, name: str = FILE) -> Config:
    """The settings that the TOML `text` spells; `name` is what faults call the file.

    Raises:
        WrongInputError: with every fault.
    """
    read = read_tables(text, name)
    faults = list(read.faults)
    if read.tables is None:
        raise WrongInputError.of(faults)
    lines = positions(read.text)
    config: Config | None = None
    findings = list(_secrets(read.tables))
    told = {finding.path for finding in findings}
    try:
        config = Config.model_validate(read.tables)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            finding = _finding(detail)
            if finding.path not in told:
                findings.append(finding)
    faults += [Fault(place_of(name, one.path, lines), one.fault, one.remedy) for one in findings]
    if config is None or faults:
        raise WrongInputError.of(sorted(faults, key=line_of))
    return config


def _finding(detail: Any) -> Finding:
    finding = finding_of(detail, Config)
    if detail["type"] == "extra_forbidden":
        return Finding(
            finding.path, said("There is no setting `{key}`.", key=finding.path[-1]), finding.remedy
        )
    return finding


def _secrets(tables: Mapping[str, Any]) -> Iterator[Finding]:
    """Passwords do not belong in a file that is backed up, shared and mailed."""
    for table, entries in tables.items():
        here = ((table, key) for key in entries) if isinstance(entries, Mapping) else ((table,),)
        for path in here:
            if _SECRET.fullmatch(str(path[-1])):
                variable = PASSWORDS.get(table, PASSWORDS["smtp"])
                yield Finding(
                    path,
                    "Secrets do not stand in this file.",
                    said(
                        "Take the line out, then set the environment variable {variable}, or run: keyring set {service} USER@SERVER. Change the password if others saw it.",
                        variable=variable,
                        service=KEYRING_SERVICE,
                    ),
                )
