#!/bin/sh
# Names of people from Azerbaijan, whose alphabet has the letter schwa, as three transliterators write them in ASCII.
#
# Expected by most: letters become letters, at worst with a mark lost; a name stays a name that can be searched or sorted.
# Seen: Unidecode 1.4.0 and text-unidecode 1.3 write the letter (small and capital) as "@", as phonetic notation does, so that
# a name looks like a mail address; python-slugify 9.2.0, which stands on text-unidecode, then drops it: one name loses its
# first letter, another falls into single letters, and different names can meet. anyascii 0.3.3 writes "e".
# Who compares, searches or names files by such a text needs a table of its own for this letter.
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q Unidecode==1.4.0 text-unidecode==1.3 python-slugify==9.2.0 anyascii==0.3.3 >"$home/pip.log" 2>&1 || { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import sys

import anyascii
import slugify
import text_unidecode
import unidecode

NAMES = ("\u018fliyev", "N\u0259c\u0259f", "M\u0259mm\u0259dov")
found = {
    "Unidecode": [unidecode.unidecode(name) for name in NAMES],
    "text-unidecode": [text_unidecode.unidecode(name) for name in NAMES],
    "python-slugify": [slugify.slugify(name) for name in NAMES],
    "anyascii": [anyascii.anyascii(name) for name in NAMES],
}
for library, names in found.items():
    print(f"{library:15}", *names)
at_signs = ["@liyev", "N@c@f", "M@mm@dov"]
sys.exit(
    found
    != {
        "Unidecode": at_signs,
        "text-unidecode": at_signs,
        "python-slugify": ["liyev", "n-c-f", "m-mm-dov"],
        "anyascii": ["Eliyev", "Necef", "Memmedov"],
    }
)
PY
"$home/venv/bin/python" try.py
