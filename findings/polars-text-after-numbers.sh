#!/bin/sh
# A column of postal codes in an Excel file: 120 numbers, then one with letters ("D-52062"), read as a table.
#
# Expected by most: the text arrives, as in pandas; or the reader fails and names the cell.
# Seen: polars 2.1.0 (read_excel, default engine, fastexcel 0.21.0) calls the column whole numbers by its first 100 rows and
# gives null for the text, without a warning. fastexcel itself, asked without polars, gives text for the whole column; so do
# polars with engine="openpyxl", pandas 3 and polars with infer_schema_length=None.
# A list that was checked by its first rows loses what is different further down.
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q polars==2.1.0 fastexcel==0.21.0 XlsxWriter==3.3.1 openpyxl==3.1.5 >"$home/pip.log" 2>&1 || { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import sys

import fastexcel
import polars
import xlsxwriter

CODE, ROW = "D-52062", 120
with xlsxwriter.Workbook("list.xlsx") as book:
    sheet = book.add_worksheet("List")
    sheet.write_row(0, 0, ["House", "Code"])
    for row in range(ROW):
        sheet.write_row(row + 1, 0, [f"House {row}", 52000 + row])
    sheet.write_row(ROW + 1, 0, ["House north", CODE])

found = {
    "polars": polars.read_excel("list.xlsx")["Code"][ROW],
    "polars, all rows looked at": polars.read_excel("list.xlsx", infer_schema_length=None)["Code"][ROW],
    "polars with openpyxl": polars.read_excel("list.xlsx", engine="openpyxl")["Code"][ROW],
    "fastexcel": fastexcel.read_excel("list.xlsx").load_sheet(0).to_polars()["Code"][ROW],
}
for library, code in found.items():
    print(f"{library:28}", code)
sys.exit(found.pop("polars") is not None or set(found.values()) != {CODE})
PY
"$home/venv/bin/python" try.py
