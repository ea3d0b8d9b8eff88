"""Drafts: what they hold, that they are the same each time, and what is refused before anything is written."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from formgen.mail.addresses import mail_address, same_address
from formgen.mail.compose import Attachment, Envelope, compose
from formgen.mail.template import Facts, MailText, UnreadFile, default_template, facts_as_table, template_of
from spec.errors import WrongInputError
from spec.names import find_code, new_token, subject_code
from tests.formgen.mail.conftest import PARTNERS, Desk

TOKEN = "7q4k93xbg"


def opened(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def drafts(desk: Desk) -> dict[str, EmailMessage]:
    return {path.stem: opened(path) for path in sorted(desk.workspace.mail.glob("*/form-1/*.eml"))}


def test_a_draft_opens_as_one_with_the_personal_form(desk: Desk) -> None:
    desk.settings(office='reply_to = "antwort@amt.example"')
    desk("round", "new", "2026", "--due", "2026-12-15")
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
    found = drafts(desk)
    assert sorted(found) == ["Träger A", "Träger B", "Träger C"]
    mail = found["Träger A"]
    assert mail["X-Unsent"] == "1"
    assert (mail["From"], mail["To"]) == ("Koordination Süd <stelle@amt.example>", "Ada <a@eins.example>")
    assert mail["Reply-To"] == "Koordination Süd <antwort@amt.example>"
    assert find_code(mail["Subject"]) == desk.codes("2026")["Träger A"]
    plain, marked = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert marked is not None
    assert "Guten Tag Ada," in plain.get_content()
    assert "15.12.2026" in plain.get_content()
    assert '<html lang="de">' in marked.get_content()
    (attached,) = mail.iter_attachments()
    (built,) = desk.workspace.forms.glob("*/Träger A.pdf")
    assert attached.get_filename() == "Träger A.pdf"
    assert attached.get_content() == built.read_bytes()


def test_names_beyond_ascii_are_spelt_as_rfc_2231_says(desk: Desk) -> None:
    desk.settings()
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
    raw = next(desk.workspace.mail.rglob("Träger A.eml")).read_bytes()
    assert raw.isascii()
    assert b"filename*=utf-8''Tr%C3%A4ger%20A.pdf" in raw
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_the_same_input_gives_the_same_bytes(desk: Desk) -> None:
    desk.settings()
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
    before = {path: path.read_bytes() for path in desk.workspace.mail.rglob("*") if path.is_file()}
    desk("mail", "drafts")
    assert {path: path.read_bytes() for path in desk.workspace.mail.rglob("*") if path.is_file()} == before


def test_a_partner_who_left_the_list_has_no_draft_any_more(desk: Desk) -> None:
    desk.settings()
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS[:2]))
    assert sorted(drafts(desk)) == ["Träger A", "Träger B"]


def test_a_copy_or_draft_that_is_made_anew_leaves_the_earlier_one(desk: Desk) -> None:
    desk.settings()
    form_path, mail_path = "forms/*/Träger A.pdf", "mail/*/form-1/Träger A.eml"
    list_ = desk.partners(*PARTNERS)
    seen: dict[str, list[bytes]] = {form_path: [], mail_path: []}
    for offers in ("", "lieferung", "einkauf"):
        lines = list_.read_text(encoding="utf-8-sig").splitlines()
        head = "Organisation;Ansprechperson;E-Mail;Sprache;Bemerkung"
        person = f"Ada {offers}".strip()
        lines = [head, *(line.replace("Ada", person) + ";" for line in lines[1:])]
        changed = list_.with_name(f"partner{offers}.csv")
        changed.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        desk("mail", "drafts", "--recipients", changed)
        for pattern, those in seen.items():
            (path,) = desk.workspace.root.glob(pattern)
            those.append(path.read_bytes())
    for pattern, folder in ((form_path, "forms/*/earlier/*.pdf"), (mail_path, "mail/*/earlier/*.eml")):
        kept = [path.read_bytes() for path in desk.workspace.root.glob(folder)]
        now = seen[pattern][-1]
        assert len(set(seen[pattern])) > 1
        assert set(seen[pattern]) - {now} <= set(kept), pattern


def test_a_partner_is_written_to_in_their_language(desk: Desk) -> None:
    desk.settings()
    desk("mail", "drafts", "--recipients", desk.partners(("Trust", "Ann", "ann@trust.example", "en")))
    body = drafts(desk)["Trust"].get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Dear Ann,")


def test_without_a_round_one_is_opened_for_the_year(desk: Desk) -> None:
    desk.settings()
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
    assert (desk.workspace.rounds / "2026.json").exists()


def test_a_template_with_an_unknown_variable_is_named_with_its_line(desk: Desk, tmp_path: Path) -> None:
    desk.settings()
    template = tmp_path / "eigene.j2"
    template.write_text(
        "{% block subject %}A{% endblock %}\n{% block text %}\nHallo {{ anrede }}\n{{ persn }}\n{% endblock %}\n",
        encoding="utf-8",
    )
    said = desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS), "--template", template, code=2)
    assert "eigene.j2, line 3: There is no variable `anrede`." in said
    assert "eigene.j2, line 4: There is no variable `persn`. Did you mean `person`?" in said
    assert not list(desk.workspace.root.rglob("*.eml"))
    assert not desk.workspace.forms.exists()


@pytest.mark.parametrize("text", ["Hallo {{ person }", "{% if person %}Hallo"])
def test_a_template_that_is_none_is_told_in_the_readers_language(
    desk: Desk, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMGEN_LANG", "de")
    desk.settings()
    template = tmp_path / "eigene.j2"
    template.write_text(text, encoding="utf-8")
    said = desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS), "--template", template, code=2)
    assert "eigene.j2, Zeile 1: So lässt sich die Vorlage nicht lesen (" in said
    assert "Prüfen Sie hier und darüber die geschweiften Klammern" in said
    assert ".." not in said.replace("...", "")


def test_the_offices_own_template_is_found(desk: Desk) -> None:
    desk.settings()
    own = desk.workspace.root / "templates/form.de.j2"
    own.parent.mkdir(parents=True)
    own.write_text(
        "{% block subject %}Neu {{ code }}{% endblock %}{% block text %}Hallo <{{ person }}>{% endblock %}"
        "{% block html %}<p>{{ person }}</p>{% endblock %}",
        encoding="utf-8",
    )
    desk("mail", "drafts", "--recipients", desk.partners(("T", "<b>Ada</b>", "a@eins.example")))
    mail = drafts(desk)["T"]
    plain, marked = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert marked is not None
    assert plain.get_content().strip() == "Hallo <<b>Ada</b>>"
    assert "<p>&lt;b&gt;Ada&lt;/b&gt;</p>" in marked.get_content()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("{{ office.__class__.__mro__ }}", "unsafe"),
        ("{{ problems.append(1) }}", "no attribute"),
        ("{% include 'etc' %}", "can't take in other files"),
        ("{% if %}", "Expected an expression"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{% for i in range(10000000) %}{% endfor %}", "Range too big"),
    ],
)
def test_a_template_can_do_no_harm(body: str, fault: str) -> None:
    text = "{% block subject %}A{% endblock %}\n{% block text %}\n" + body + "\n{% endblock %}"
    with pytest.raises(WrongInputError, match=r"t\.j2, line 3: .*" + fault):
        template_of(text, "t.j2", "de").say(FACTS)


FACTS = Facts(
    organisation="Träger <Süd>",
    person="",
    office="Amt",
    reply_to="a@amt.example",
    title="Titel",
    round="2026",
    due="",
    code=subject_code(TOKEN),
    attachment="x.pdf",
    categories=("Eins",),
    answered=("Eins",),
    nil=("Zwei",),
    missing=("Drei",),
    problems=(UnreadFile("x.pdf", "Kaputt.", "Noch einmal."),),
)


@pytest.mark.parametrize("kind", ["form", "reminder", "receipt"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_products_templates_say_all(kind: str, language: str) -> None:
    said = default_template(kind, language).say(FACTS)
    assert subject_code(TOKEN) in said.subject
    assert "Amt" in said.text
    assert "{" not in said.text
    assert "&lt;Süd&gt;" in said.html or kind == "receipt"


def test_every_fact_is_documented() -> None:
    told = {name.strip() for names in facts_as_table() for name in names.split(",")}
    assert told == set(Facts.__dataclass_fields__)


@pytest.mark.parametrize("text", ["A\nBcc: x@y.example", "A\rB", "A\x00", "A\u2028B"])
def test_no_line_break_reaches_a_header(text: str) -> None:
    with pytest.raises(WrongInputError, match="header"):
        mail_address("a@eins.example", text, "Träger")
    with pytest.raises(WrongInputError, match="header"):
        mail_address(f"a@eins.example{text}", "", "Träger")
    address = mail_address("a@eins.example", "", "Träger")
    with pytest.raises(WrongInputError, match="header"):
        compose(Envelope(address, address, address), MailText(text, "x", "x"), None, "k")
    with pytest.raises(WrongInputError, match="header"):
        compose(Envelope(address, address, address), MailText("x", "x", "x"), Attachment(text, b""), "k")


def test_a_subject_of_several_lines_is_refused() -> None:
    template = template_of("{% block subject %}a\nb{% endblock %}{% block text %}{% endblock %}", "t", "de")
    with pytest.raises(WrongInputError, match="a line break"):
        template.say(FACTS)


def test_domains_are_spelt_in_ascii_as_idna_2008_says() -> None:
    assert mail_address("a@straße.example", "", "x").bare == "a@xn--strae-oqa.example"
    assert mail_address("a@BÜCHER.example", "", "x").bare == "a@xn--bcher-kva.example"
    with pytest.raises(WrongInputError, match="can't exist"):
        mail_address("a@-ü-.example", "", "x")
    assert same_address("A@Bücher.example", "a@xn--bcher-kva.EXAMPLE")


def test_recipients_without_an_address_are_told(desk: Desk) -> None:
    desk.settings()
    said = desk("mail", "drafts", "--recipients", desk.partners(("A", "", ""), ("B", "", "kein")), code=2)
    assert "row 2" in said
    assert "row 3" in said


def test_without_a_sender_nothing_is_drafted(desk: Desk) -> None:
    said = desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS), code=2)
    assert "formgen.toml, office.sender" in said


def test_codes_survive_answers_and_forwards() -> None:
    token, other = new_token(), new_token()
    assert find_code(f"AW: WG: Titel {subject_code(token).upper()} (Rückfrage)") == token
    assert find_code(f"Titel {subject_code(token)} {subject_code(other)}") is None
    assert find_code("Titel [#abcdefghj]") is None
