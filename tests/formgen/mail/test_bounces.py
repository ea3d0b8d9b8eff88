"""Bounces of several servers, and mails that are none."""

from __future__ import annotations

import email
from email.message import Message
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formgen.mail.bounces import Bounce, bounces_in
from spec.names import subject_code

TOKEN = "9h8wd9464"


def report(status: str, quoted: str, kind: str = "message/delivery-status") -> bytes:
    return (
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nSorry.\n'
        f"--b\nContent-Type: {kind}\n\n{status}\n--b\n{quoted}\n--b--\n"
    ).encode()


FAILED = "Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; a@eins.example\nAction: failed\nStatus: 5.1.1\n"
HEADERS = f"Content-Type: text/rfc822-headers\n\nSubject: Titel\n {subject_code(TOKEN)}\nMessage-ID: <1@amt.example>\n"
WHOLE = (
    f"Content-Type: message/rfc822\n\nMessage-ID: <1@amt.example>\nSubject: T {subject_code(TOKEN)}\n\nx\n"
)


@pytest.mark.parametrize("quoted", [HEADERS, WHOLE], ids=["headers", "whole"])
def test_headers_and_whole_mails_are_quoted(quoted: str) -> None:
    assert bounces_in(report(FAILED, quoted)) == (
        Bounce(recipient="a@eins.example", message_id="<1@amt.example>", code=TOKEN, reason="5.1.1"),
    )


def test_the_address_that_was_written_to_goes_before_the_one_it_was_forwarded_to() -> None:
    status = FAILED.replace("Action", "Original-Recipient: rfc822;b@zwei.example\nAction")
    assert bounces_in(report(status, WHOLE))[0].recipient == "b@zwei.example"


def test_each_recipient_that_failed_is_one() -> None:
    more = "\nFinal-Recipient: rfc822; b@zwei.example\nAction: delayed\n\nFinal-Recipient: rfc822; c@x.example\nAction: FAILED\n"
    found = bounces_in(report(FAILED + more, WHOLE))
    assert [(one.recipient, one.reason) for one in found] == [
        ("a@eins.example", "5.1.1"),
        ("c@x.example", "5.0.0"),
    ]


def test_a_global_notification_is_read_too() -> None:
    assert bounces_in(report(FAILED, WHOLE, "message/global-delivery-status")) != ()


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\xff\x00",
        b"Subject: x\n\nhello",
        b"Content-Type: multipart/report\n\nno parts",
        b"Content-Type: " + b"x" * 100_000,
    ],
)
def test_what_is_no_bounce_is_none(mail: bytes) -> None:
    assert bounces_in(mail) == ()


@settings(deadline=None, max_examples=150)
@given(cut=st.integers(0, 600), noise=st.binary(max_size=40))
def test_damage_raises_nothing(cut: int, noise: bytes) -> None:
    whole = report(FAILED, WHOLE)
    for bounce in bounces_in(whole[:cut] + noise + whole[cut + len(noise) :]):
        assert len(bounce.recipient) <= 320


def test_of_a_large_mail_the_report_is_read_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = list[int]()
    parse = email.message_from_bytes

    def counted(mail: bytes, **how: Any) -> Message:
        parsed.append(len(mail))
        return parse(mail, **how)

    monkeypatch.setattr(email, "message_from_bytes", counted)
    large = report(FAILED, WHOLE + "A" * 3_000_000)
    assert [one.recipient for one in bounces_in(large)] == ["a@eins.example"]
    assert bounces_in(report(FAILED, WHOLE + "\n--x\n" * 5_000)) == ()
    assert bounces_in(b"Subject: photos\n\n" + b"A" * 3_000_000) == ()
    assert parsed == [1_000_000]
