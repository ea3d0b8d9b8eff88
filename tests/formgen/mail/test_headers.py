"""Whatever stands in a list or a template: it arrives as it was, and never as another header."""

from __future__ import annotations

import email
import email.policy
from email.header import decode_header, make_header
from email.message import EmailMessage

from hypothesis import example, given, settings
from hypothesis import strategies as st

from formgen.mail.addresses import mail_address
from formgen.mail.compose import Attachment, Envelope, compose, message_id, ready_to_send
from formgen.mail.template import MailText
from tests.formgen.mail.conftest import Clock

#: Letters of any script and the signs that headers are made of; no control characters, those are refused.
LINES = st.text(
    st.one_of(
        st.sampled_from(list(" ,;:<>@\"'\\()[]=?_.-*%&")),
        st.characters(categories=["L", "Nd", "P", "S", "Mn"]),
    ),
    min_size=1,
    max_size=120,
)


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def plain(text: str) -> str:
    """White space as headers keep it."""
    return " ".join(text.split())


def shown(data: bytes, header: str) -> str:
    """A header as RFC 2047 says; the standard library's newer parser puts spaces between encoded words of names."""
    raw = str(email.message_from_bytes(data, policy=email.policy.compat32)[header])
    return str(make_header(decode_header(raw)))


def quoted(name: str) -> str:
    backslashed = name.replace("\\", "\\\\").replace('"', '\\"')
    return plain(f'"{backslashed}"')


@settings(deadline=None, max_examples=200)
@example(name=" ", subject="x", text="x")
@given(name=LINES, subject=LINES, text=LINES)
def test_names_subjects_and_texts_arrive(name: str, subject: str, text: str) -> None:
    sender = mail_address("stelle@amt.example", name, "x")
    to = mail_address("a@eins.example", name, "x")
    data = compose(
        Envelope(sender, to, sender),
        MailText(subject, text, f"<p>{text}</p>"),
        Attachment("x.pdf", b"%PDF"),
        "k",
    )
    sent = ready_to_send(data, message_id("k", sender), Clock().now)
    for raw in (data, sent):
        assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
        mail = parsed(raw)
        assert [address.addr_spec for address in mail["To"].addresses] == ["a@eins.example"]
        assert [address.addr_spec for address in mail["From"].addresses] == ["stelle@amt.example"]
        shown_to = plain(shown(raw, "To").removesuffix(" <a@eins.example>"))
        assert shown_to in ({plain(name), quoted(name)} if name.strip() else {"a@eins.example"})
        assert plain(shown(raw, "Subject")) == plain(subject)
        body = mail.get_body(("plain",))
        assert body is not None
        assert body.get_content().rstrip("\r\n") == text
        assert {key.lower() for key in mail.keys()} <= {  # noqa: SIM118 - a mail is no mapping of unique keys
            "x-unsent", "x-uniform-type-identifier", "from", "to", "subject", "mime-version", "content-type",
            "date", "message-id",
        }  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(name=LINES)
def test_attachment_names_arrive(name: str) -> None:
    address = mail_address("a@eins.example", "", "x")
    data = compose(
        Envelope(address, address, address), MailText("x", "x", "x"), Attachment(f"{name}.pdf", b""), "k"
    )
    (attached,) = parsed(data).iter_attachments()
    assert plain(attached.get_filename() or "") == plain(f"{name}.pdf")
    assert data.isascii()
