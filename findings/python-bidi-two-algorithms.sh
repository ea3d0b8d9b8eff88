#!/bin/sh
# python-bidi 0.6.12 brings two functions of the same name: bidi.get_display and bidi.algorithm.get_display.
#
# Expected by most: one is the other by its older path; both bring a line of Arabic into the order in which it is drawn, by the
# Unicode Bidirectional Algorithm, with the brackets turned (rule L4).
# Seen: they are two implementations and differ wherever a bracket stands. bidi.get_display (in Rust) pairs brackets (rule N0)
# and does not turn them; bidi.algorithm.get_display (in Python) turns them, and does not pair them, so that a Latin word in
# brackets within Arabic loses one to the wrong side. Neither is what a reader of PDF files shows for such a line.
# Without brackets both agree.
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q python-bidi==0.6.12 >"$home/pip.log" 2>&1 || { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import sys

from bidi import get_display as by_rust
from bidi.algorithm import get_display as by_python

HOUSE, CLINIC, ROOM = "\u0628\u064a\u062a", "\u0639\u064a\u0627\u062f\u0629", "\u063a\u0631\u0641\u0629"
LINES = (f"{HOUSE} ({ROOM}) 12", f"{CLINIC} [A1] 030", f"{HOUSE} {ROOM} 12")
seen = []
for line in LINES:
    one, other = by_rust(line), by_python(line)
    # only the signs and the digits, since terminals turn Arabic themselves
    signs = ["".join(letter for letter in shown if letter.isascii() and letter != " ") for shown in (one, other)]
    seen.append((*signs, one == other))
    print("in Rust:", signs[0], " in Python:", signs[1], " the same:", one == other)
sys.exit(seen != [("12)(", "12()", False), ("030]A1[", "A1]030]", False), ("12", "12", True)])
PY
"$home/venv/bin/python" try.py
