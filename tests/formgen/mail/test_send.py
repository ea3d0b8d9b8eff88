"""Each mail at most once, whatever the server does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from formgen.mail.login import password_for
from formgen.mail.sentlog import SentLog, State, Step, read_log
from spec.names import find_code
from spec.storage.locks import only_mailer
from tests.formgen.mail.conftest import PARTNERS, SPEC, Desk
from tests.formgen.mail.server import Running, serving

Drafted = Callable[..., Desk]
ADDRESSES = sorted(row[2] for row in PARTNERS)


def test_every_partner_gets_one_mail_and_none_a_second(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES
    said = desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES
    assert "0 E-Mails gesendet" in said
    desk("mail", "drafts")
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES


@pytest.mark.parametrize("days", [-400, -1, 400])
def test_a_clock_that_jumps_between_two_calls_sends_nothing_twice(
    drafted: Drafted, server: Running, days: int
) -> None:
    """The log's lines count in their order, whatever times they bear."""
    desk = drafted(server)
    server.post.replies["dot"] = ["250 ok", "DROP"]
    desk("mail", "send", "--yes", code=1)
    sent = sorted(server.post.to)
    desk.clock.now += timedelta(days=days)

    desk("mail", "drafts")
    assert "Ungewiss" in desk("mail", "send", "--yes", code=1)

    assert sorted(server.post.to) == sent
    desk("mail", "send", "--yes", "--retry-uncertain")
    desk.clock.now -= timedelta(days=2 * days)
    # the last line says sent, though it is older by its time than the one that says uncertain
    desk("mail", "drafts")
    assert "0 E-Mails gesendet" in desk("mail", "send", "--yes", "--retry-uncertain")


def test_a_mail_that_arrives_is_no_draft_and_carries_the_form(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    desk("mail", "send", "--yes")
    mail = next(one for one in server.post.mails() if "a@eins.example" in one["To"])
    assert mail["X-Unsent"] is None
    assert mail["X-Uniform-Type-Identifier"] is None
    assert mail["Date"].datetime == desk.clock.now
    assert mail["Message-ID"].endswith("@amt.example>")
    assert find_code(mail["Subject"]) == desk.codes("2026")["Träger A"]
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "Träger A.pdf"
    (built,) = desk.workspace.forms.glob("*/Träger A.pdf")
    assert attached.get_content() == built.read_bytes()


def test_dry_run_tells_all_and_sends_nothing(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    said = desk("mail", "send", "--dry-run")
    assert all(address in said for address in ADDRESSES)
    assert server.post.steps == []
    assert desk.log() == []


def test_it_asks_before_it_sends(drafted: Drafted, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = drafted(server)
    monkeypatch.setattr("click.prompt", lambda *_args, **_more: "nein")
    desk("mail", "send", code=1)
    assert server.post.taken == []


def test_the_pace_is_kept_by_a_clock_that_nobody_sets(drafted: Drafted, server: Running) -> None:
    desk = drafted(server, smtp="pace = 5\ntimeout = 1")
    desk("mail", "send", "--yes")
    assert [round(pause) for pause in desk.clock.slept] == [5, 5]


@pytest.mark.parametrize("step", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_before_the_dot_is_made_anew(
    drafted: Drafted, server: Running, step: str
) -> None:
    desk = drafted(server)
    server.post.replies[step] = ["DROP"]
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES
    assert [step["state"] for step in desk.log()].count("sending") == 3


def test_a_connection_that_breaks_within_the_content_never_doubles_a_mail(
    drafted: Drafted, server: Running
) -> None:
    desk = drafted(server)
    server.post.replies["content"] = ["DROP"]
    # how much of the mail the network took before it noticed is chance: then nobody knows, and nothing is sent twice
    desk("mail", "send", "--yes", code=None)
    open_ = [one for one in desk.json("round", "status", code=None)["partners"] if one["sent"] == "sending"]
    assert len(server.post.taken) + len(open_) == 3
    assert len(set(server.post.to)) == len(server.post.to)


@pytest.mark.parametrize("step", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_stalls_is_given_up_for_now(drafted: Drafted, server: Running, step: str) -> None:
    desk = drafted(server, smtp="pace = 0\ntimeout = 0.3")
    server.post.replies[step] = ["STALL"]
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES


@pytest.mark.parametrize("how", ["DROP", "STALL"])
@pytest.mark.parametrize("taken", [True, False])
def test_after_the_dot_only_a_person_knows(
    drafted: Drafted, server: Running, how: str, *, taken: bool
) -> None:
    desk = drafted(server, smtp="pace = 0\ntimeout = 0.5")
    server.post.keep_dropped = taken
    server.post.replies["dot"] = [how]
    said = desk("mail", "send", "--yes", code=1)
    assert "Ungewiss" in said
    before = list(server.post.to)
    assert len(before) == (3 if taken and how == "DROP" else 2)
    desk("mail", "send", "--yes", code=1)
    assert server.post.to == before
    assert [one["sent"] for one in desk.json("round", "status", code=1)["partners"]].count("sending") == 1
    desk("mail", "send", "--yes", "--retry-uncertain")
    assert len(server.post.to) == len(before) + 1


def test_a_reminder_of_which_nobody_knows_is_not_followed_by_another_one(
    drafted: Drafted, server: Running
) -> None:
    desk = drafted(server, smtp="pace = 0\ntimeout = 1\nretries = 0")
    desk("mail", "sent", "--all", "--yes")
    desk.clock.now += timedelta(days=30)
    desk("mail", "remind")
    server.post.replies["dot"] = ["DROP"]
    desk("mail", "send", "--yes", code=1)
    assert "Kein neuer Entwurf nötig." in desk("mail", "remind")
    desk.clock.now += timedelta(days=8)
    assert len(desk.json("mail", "remind")["drafts"]) == 3


def test_names_stand_in_their_order(desk: Desk) -> None:
    desk.settings()
    desk("round", "new", "2026", "--spec", SPEC)
    names = ["Zebra", "amt", "Mitte", "Berg", "Tal", "Insel"]
    desk(
        "mail", "drafts", "--recipients", desk.partners(*((name, "", f"{name}@x.example") for name in names))
    )
    said = desk("mail", "send", "--dry-run").splitlines()
    assert [line.split()[2] for line in said[:-1]] == ["amt", "Berg", "Insel", "Mitte", "Tal", "Zebra"]


def test_a_person_may_say_that_it_arrived(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    server.post.replies["dot"] = ["DROP"]
    desk("mail", "send", "--yes", code=1)
    token = next(
        one["token"] for one in desk.json("round", "status", code=1)["partners"] if one["sent"] == "sending"
    )
    desk("mail", "sent", token)
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "dot"])
def test_a_greylisted_mail_is_tried_again_later(drafted: Drafted, server: Running, step: str) -> None:
    desk = drafted(server, smtp="pace = 0\ntimeout = 1\nretry_after = 240\nretries = 1")
    server.post.replies[step] = ["451 4.7.1 Greylisted", "451 4.7.1 Greylisted"]
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES
    assert 240 in desk.clock.slept


def test_what_is_put_off_too_often_waits_for_the_next_call(drafted: Drafted, server: Running) -> None:
    desk = drafted(server, smtp="pace = 0\ntimeout = 1\nretry_after = 1\nretries = 0")
    server.post.replies["RCPT"] = ["451 later"]
    assert "1 E-Mail wartet" in desk("mail", "send", "--yes", code=1)
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES


def test_a_refused_address_is_told_and_not_tried_again_until_its_draft_changes(
    drafted: Drafted, server: Running
) -> None:
    desk = drafted(server)
    server.post.replies["RCPT"] = ["550 5.1.1 no such user"]
    assert "endgültig abgelehnt" in desk("mail", "send", "--yes", code=1)
    desk("mail", "send", "--yes", code=1)
    assert len(server.post.taken) == 2
    desk.partners(*((name, "Frau Neu", address) for name, _, address in PARTNERS))
    desk("mail", "drafts")
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES


def test_a_refusal_is_told_also_where_the_server_is_gone_afterwards(
    drafted: Drafted, server: Running
) -> None:
    desk = drafted(server, smtp="pace = 0\ntimeout = 1\nretry_after = 1")
    server.post.replies["RCPT"] = ["550 5.1.1 no such user"]
    server.post.hooks["RCPT"] = lambda: server.post.replies.update(MAIL=["DROP"], EHLO=["DROP"] * 9)

    said = desk("mail", "send", "--yes", code=1)

    assert "endgültig abgelehnt" in said
    assert "2 E-Mails warten noch" in said
    assert server.post.taken == []


def test_a_server_that_closes_with_421_is_met_again(drafted: Drafted, server: Running) -> None:
    desk = drafted(server, smtp="pace = 0\ntimeout = 1\nretry_after = 1")
    server.post.replies["MAIL"] = ["421 closing"]
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES


def test_a_line_that_crashed_in_the_log_is_no_word_and_stays_harmless(
    drafted: Drafted, server: Running
) -> None:
    desk = drafted(server)
    desk("mail", "send", "--yes")
    path = desk.workspace.mail / "sent.jsonl"
    whole = path.read_bytes()
    cut = whole.rstrip(b"\n").rpartition(b"\n")
    path.write_bytes(cut[0] + b"\n" + cut[2][:25])
    # `sent` was cut off: the last whole word on that mail is `sending`
    desk("mail", "send", "--yes", code=1)
    assert sorted(server.post.to) == ADDRESSES
    log = read_log(desk.workspace).add(Step("2026/form-1/x", State.SENT, desk.clock.now))
    assert len(read_log(desk.workspace).steps) == len(log.steps)


def test_a_damaged_log_stops_everything(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    desk("mail", "send", "--yes")
    path = desk.workspace.mail / "sent.jsonl"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([b'{"key": 5}', *lines[1:]]))
    assert "line 1: The log of what was sent can't be read." in desk("mail", "send", "--yes", code=3)


def test_the_log_holds_neither_addresses_nor_content(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    desk("mail", "send", "--yes")
    text = (desk.workspace.mail / "sent.jsonl").read_text(encoding="ascii")
    for word in ("eins.example", "zwei.example", "Ada", "Tr", "Subject"):
        assert word not in text
    keys = {"key", "state", "at", "sha256", "code", "reason", "message_id"}
    assert all(set(json.loads(line)) <= keys for line in text.splitlines())


def test_a_login_that_is_refused_stops_before_anything(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    desk.environ["FORMGEN_SMTP_PASSWORD"] = "falsch"
    said = desk("mail", "send", "--yes", code=3)
    assert "refuses the login" in said
    assert "falsch" not in said
    assert desk.log() == []


def test_a_password_beyond_ascii_logs_in(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    desk.environ["FORMGEN_SMTP_PASSWORD"] = "größe"
    desk("mail", "send", "--yes")
    assert len(server.post.taken) == 3


def test_no_password_anywhere_says_where_to_put_it(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    desk.environ.clear()
    said = desk("mail", "send", "--yes", code=2)
    assert "FORMGEN_SMTP_PASSWORD" in said
    assert "keyring set formgen-harvest stelle@amt.example@127.0.0.1" in said


def test_a_certificate_that_nobody_vouches_for_is_refused(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    text = desk.workspace.config.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("ca_file")]
    desk.workspace.config.write_text("\n".join(kept), encoding="utf-8")
    assert "certificate can't be trusted" in desk("mail", "send", "--yes", code=3)
    assert server.post.taken == []


def test_no_password_travels_without_encryption(drafted: Drafted) -> None:
    with serving("none") as server:
        desk = drafted(server)
        assert "no encryption" in desk("mail", "send", "--yes", code=3)
        assert server.post.taken == []


def test_tls_from_the_first_byte(drafted: Drafted) -> None:
    with serving("tls") as server:
        desk = drafted(server, smtp='pace = 0\ntimeout = 2\nsecurity = "tls"')
        desk("mail", "send", "--yes")
        assert sorted(server.post.to) == ADDRESSES


def test_a_server_that_is_not_there(drafted: Drafted, server: Running) -> None:
    desk = drafted(Running(1, server.ca_file, server.post))
    assert "can't be reached" in desk("mail", "send", "--yes", code=3)


def test_a_list_that_changed_since_is_told_by_name(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    desk.partners(("Träger A", "Eva", "a@eins.example"), ("Träger B", "", "neu@zwei.example"))
    said = desk("mail", "send", "--yes", code=2)
    assert "Träger A: The list was changed since" in said
    assert (
        "Träger B: The address was b@zwei.example when this mail was drafted, now it is neu@zwei.example"
        in said
    )
    assert "Träger C: c@drei.example is not in the list any more" in said
    assert server.post.steps == []


def test_a_list_that_changed_says_which_command_writes_which_drafts_anew(desk: Desk) -> None:
    desk.settings()
    desk("round", "new", "2026", "--spec", SPEC)
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
    desk("mail", "sent", "--all", "--yes")
    desk.clock.now += timedelta(days=30)
    desk("mail", "remind")
    desk.partners(("Träger A", "Bea", "a@eins.example"), *PARTNERS[1:])
    assert "Write the drafts again: formgen mail remind." in desk("mail", "send", "--dry-run", code=2)
    desk("mail", "remind")
    assert "3 E-Mails würden gesendet" in desk("mail", "send", "--dry-run")


def test_a_draft_that_changed_since_is_not_sent(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    path = next((desk.workspace.mail / "2026").rglob("*.eml"))
    path.write_bytes(path.read_bytes().replace(b"Subject: ", b"Subject: Eilt! "))
    assert "was changed since it was written" in desk("mail", "send", "--yes", code=2)
    assert server.post.steps == []


def test_an_address_beyond_ascii_goes_by_smtputf8(desk: Desk, server: Running) -> None:
    desk.settings(server)
    desk("mail", "drafts", "--recipients", desk.partners(("Träger Ö", "Jörg", "jörg@straße.example")))
    desk("mail", "send", "--yes")
    assert server.post.to == ["jörg@xn--strae-oqa.example"]


def test_a_crash_between_the_servers_yes_and_the_log_sends_nothing_twice(
    drafted: Drafted, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = drafted(server)
    add = SentLog.add

    def crashing(log: SentLog, step: Step) -> SentLog:
        if step.state is State.SENT:
            raise KeyboardInterrupt
        return add(log, step)

    monkeypatch.setattr(SentLog, "add", crashing)
    assert "Ungewiss" in desk("mail", "send", "--yes", code=1)
    monkeypatch.undo()
    assert len(server.post.taken) == 1
    assert "Ungewiss" in desk("mail", "send", "--yes", code=1)
    assert sorted(server.post.to) == ADDRESSES


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "dot"])
def test_a_sender_that_is_killed_at_any_step_sends_nothing_twice(
    drafted: Drafted, server: Running, step: str
) -> None:
    desk = drafted(server)
    words = ["mail", "send", "--yes", "--workspace", str(desk.workspace.root)]
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; from formgen.cli import main; sys.exit(main())", *words],
        env={**os.environ, **desk.environ},
        stdout=subprocess.DEVNULL,
    ) as process:
        killed = threading.Event()

        def kill() -> None:
            process.kill()
            process.wait()
            killed.set()

        server.post.hooks[step] = kill
        assert killed.wait(60)
    uncertain = [
        key for key, state in read_log(desk.workspace).last().items() if state.state is State.SENDING
    ]
    assert len(uncertain) == (1 if step == "dot" else 0)
    desk("mail", "send", "--yes", code=1 if uncertain else 0)
    assert len(set(server.post.to)) == len(server.post.to)
    assert len(server.post.to) == 3


def interrupted(
    desk: Desk, server: Running, step: str, number: int, *, presses: tuple[float, ...] = (0,)
) -> tuple[int, str]:
    """Send in a process of its own; Ctrl+C is pressed when the server meets this step for this time.

    On Windows the console would have to send CTRL_C_EVENT; only POSIX is tried.

    Args:
        presses: how long after that, in seconds; the first of 0 is pressed while the sender waits for the answer.
    """
    words = ["mail", "send", "--yes", "--workspace", str(desk.workspace.root)]
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; from formgen.cli import main; sys.exit(main())", *words],
        env={**os.environ, **desk.environ, "FORMGEN_LANG": "de", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        met = count(1)

        def press() -> None:
            process.send_signal(signal.SIGINT)

        def meet() -> None:
            if next(met) < number:
                server.post.hooks[step] = meet
                return
            for after in presses:
                if after > 1:
                    threading.Timer(after, press).start()
                else:
                    time.sleep(after)
                    press()
            time.sleep(0.3)

        server.post.hooks[step] = meet
        out, _ = process.communicate(timeout=60)
        return process.returncode, out.decode()


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "dot"])
def test_ctrl_c_ends_sending_after_the_mail_at_hand(drafted: Drafted, server: Running, step: str) -> None:
    desk = drafted(server)

    code, said = interrupted(desk, server, step, 2)

    assert code == 1, said
    assert len(server.post.to) == 2
    assert "2 E-Mails gesendet." in said
    assert "1 E-Mail wartet noch" in said
    assert "Traceback" not in said
    states = [one.state for one in read_log(desk.workspace).last().values()]
    assert states == [State.SENT, State.SENT]
    desk("mail", "send", "--yes")
    assert sorted(server.post.to) == ADDRESSES


def test_ctrl_c_in_a_pause_ends_it_there(drafted: Drafted, server: Running) -> None:
    desk = drafted(server, smtp="pace = 50\ntimeout = 5")
    started = time.monotonic()

    code, said = interrupted(desk, server, "dot", 1, presses=(1.5,))

    assert (code, len(server.post.to)) == (1, 1), said
    assert time.monotonic() - started < 30
    assert "1 E-Mail gesendet." in said
    assert "2 E-Mails warten noch" in said


def test_ctrl_c_before_anything_was_sent_has_done_nothing(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    code, said = interrupted(desk, server, "MAIL", 1, presses=(0, 0.2))
    assert (code, server.post.to) == (3, []), said
    assert desk.log() == []
    assert "Traceback" not in said


def test_a_second_ctrl_c_after_the_dot_leaves_the_mail_uncertain(drafted: Drafted, server: Running) -> None:
    desk = drafted(server, smtp="pace = 0\ntimeout = 20")
    code, said = interrupted(desk, server, "dot", 2, presses=(0, 0.2))

    assert code == 1, said
    assert "Ungewiss" in said
    assert [one.state for one in read_log(desk.workspace).last().values()] == [State.SENT, State.SENDING]
    desk("mail", "send", "--yes", code=1)
    assert len(set(server.post.to)) == len(server.post.to)


def test_a_disk_that_is_full_right_before_the_dot_sends_nothing(
    drafted: Drafted, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = drafted(server)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("formgen.mail.sentlog.os.fsync", full)
    assert "can't be written (No space left" in desk("mail", "send", "--yes", code=3)
    assert server.post.taken == []


def test_two_senders_at_once_are_one_too_many(drafted: Drafted, server: Running) -> None:
    desk = drafted(server)
    with only_mailer(desk.workspace):
        assert "Mails are drafted or sent in this workspace just now" in desk("mail", "send", "--yes", code=3)
    assert server.post.steps == []


def test_the_keyring_is_asked_where_the_environment_is_silent() -> None:
    asked = []

    def keyring(service: str, user: str) -> str | None:
        asked.append((service, user))
        return "geheim"

    assert password_for("smtp", "u", "mail.amt.example", {}, keyring) == "geheim"
    assert asked == [("formgen-harvest", "u@mail.amt.example")]
    assert password_for("smtp", "u", "s", {"FORMGEN_SMTP_PASSWORD": "x"}, keyring) == "x"
