"""A real Dovecot on loopback, unprivileged, in a folder of its own, with TLS; for the tests of IMAP."""

from __future__ import annotations

import datetime as dt
import getpass
import grp
import ipaddress
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = 'geheim ä"\\'
_USERS = 40

#: What every version takes.
_COMMON = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
listen = 127.0.0.1
ssl = required
first_valid_uid = 1
mail_max_userip_connections = 50
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""
_UNTIL_2_3 = (
    _COMMON
    + """
protocols = imap
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
mail_location = maildir:{home}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
"""
)
#: Dovecot 2.4 reads no older configuration: it wants the version in the first line, and many settings have other names.
_FROM_2_4 = (
    """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
"""
    + _COMMON
    + """
protocols {{
  imap = yes
}}
ssl_server_cert_file = {home}/cert.pem
ssl_server_key_file = {home}/key.pem
mail_driver = maildir
mail_path = {home}/mail/%{{user}}
passdb passwd-file {{
  default_password_scheme = PLAIN
  passwd_file_path = {home}/users
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {home}
  }}
}}
"""
)


@dataclass(frozen=True)
class Mailbox:
    """A mailbox on a running server; mails are put straight into its Maildir."""

    user: str
    port: int
    ca_file: Path
    maildir: Path

    def deliver(self, name: str, mail: bytes, folder: str = "") -> Path:
        """A mail as it would arrive; `folder` is a Maildir++ subfolder such as `.Archiv`."""
        place = self.maildir / folder
        for room in ("cur", "new", "tmp"):
            (place / room).mkdir(parents=True, exist_ok=True)
        path = place / "new" / name
        path.write_bytes(mail)
        give(self.maildir)
        return path

    def flags(self) -> list[str]:
        """The flags of every mail, from the names that Dovecot gives them (S is seen)."""
        names = [path.name for room in ("cur", "new") for path in self.maildir.rglob(f"{room}/*")]
        return sorted(name.partition(":2,")[2] for name in names)


@contextmanager
def running() -> Iterator[Iterator[Mailbox]]:
    """Mailboxes that nobody has used yet.

    Raises AssertionError where Dovecot is not installed: the tests must not pass by not running.
    """
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    assert program, "Dovecot is missing: apt-get install dovecot-imapd"
    home = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        port = _free_port()
        _certificate(home)
        user, uid, gid = _owner()
        users = [f"stelle{number}@amt.example" for number in range(_USERS)]
        (home / "users").write_text(
            "".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in users), encoding="utf-8"
        )
        group = grp.getgrgid(gid).gr_name
        template = _FROM_2_4 if _version(program) >= (2, 4) else _UNTIL_2_3
        config = template.format(home=home, user=user, group=group, uid=uid, gid=gid, port=port)
        (home / "dovecot.conf").write_text(config, encoding="utf-8")
        for name in users:
            (home / "mail" / name).mkdir(parents=True)
        give(home)
        as_owner: Any = {"user": uid, "group": gid, "extra_groups": []} if os.getuid() == 0 else {}
        process = subprocess.Popen(
            [program, "-F", "-c", str(home / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **as_owner,
        )
        try:
            _wait(port, process, home)
            yield (Mailbox(name, port, home / "cert.pem", home / "mail" / name) for name in users)
        finally:
            process.terminate()
            process.communicate(timeout=10)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _version(program: str) -> tuple[int, int]:
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    major, minor = said.split(".")[:2]
    return int(major), int(minor)


def _owner() -> tuple[str, int, int]:
    """Who runs the server: this user; nobody where this is root, for Dovecot serves no mail as root."""
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_name, nobody.pw_uid, nobody.pw_gid
    return getpass.getuser(), os.getuid(), os.getgid()


def give(place: Path) -> None:
    """Let the server own what was put there; nothing to do where it runs as this user."""
    owner = _owner()
    if os.getuid() == 0:
        for path in (place, *place.rglob("*")):
            # Dovecot renames and removes its own files meanwhile
            try:
                os.chown(path, owner[1], owner[2])
            except FileNotFoundError:
                continue


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], home: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, f"{process.stderr and process.stderr.read()!r}\n{_log(home)}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(_log(home))


def _log(home: Path) -> str:
    log = home / "dovecot.log"
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else "no log"


def _certificate(home: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (home / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
