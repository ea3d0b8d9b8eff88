#!/bin/sh
# A mail with two PDF attachments, one of them without a file name, read by four libraries for Python.
#
# Expected by most: Content-Disposition: attachment makes an attachment; without a name it gets a stand-in of its type.
# Seen: imap-tools 1.16.0 leaves the nameless one out of .attachments without a word. mail-parser 4.8.0 invents a name anew at
# each reading, ten random letters and ".txt" for a PDF, so that the same mail gives other names each time. eml_parser 4.4.0
# calls it "part-001", without a suffix. The standard library's iter_attachments() gives it, with None for a name.
# Scanners and fax gateways send such mails; look at the parts, not at the list of attachments.
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q imap-tools==1.16.0 mail-parser==4.8.0 eml_parser==4.4.0 >"$home/pip.log" 2>&1 || { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import email
import sys
from email import policy
from email.message import EmailMessage

import eml_parser
import mailparser
from imap_tools import MailMessage

mail = EmailMessage()
mail["From"], mail["To"], mail["Subject"] = "scanner@example.org", "office@example.org", "Scan"
mail.set_content("two pages")
mail.add_attachment(b"%PDF-1.7 one", maintype="application", subtype="pdf", filename="page.pdf")
mail.add_attachment(b"%PDF-1.7 two", maintype="application", subtype="pdf")
raw = mail.as_bytes()


def by_mail_parser():
    return [part["filename"] for part in mailparser.parse_from_bytes(raw).attachments]


found = {
    "imap-tools": [part.filename for part in MailMessage.from_bytes(raw).attachments],
    "mail-parser": by_mail_parser(),
    "eml_parser": [part["filename"] for part in eml_parser.EmlParser().decode_email_bytes(raw)["attachment"]],
    "email": [part.get_filename() for part in email.message_from_bytes(raw, policy=policy.default).iter_attachments()],
}
for library, names in found.items():
    print(f"{library:12}", names)
invented, again = found.pop("mail-parser")[1], by_mail_parser()[1]
print("mail-parser, once more:", again)
sys.exit(
    found != {"imap-tools": ["page.pdf"], "eml_parser": ["page.pdf", "part-001"], "email": ["page.pdf", None]}
    or not invented.endswith(".txt")
    or invented == again
)
PY
"$home/venv/bin/python" try.py
