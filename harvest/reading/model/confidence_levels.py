"""How sure each way of reconstructing a value is: what stands as `confidence` beside it. 1 is a value that was read.

| what was found | confidence |
| --- | --- |
| what a field shows, where it stores something else, or nothing | 0.5 |
| a note whose centre and most of which lies in the field | 0.95 |
| a note whose centre lies in the field, but which reaches beyond it | 0.85 |
| several notes over one field, joined from top to bottom | at most 0.8 |
| a note that only covers a part of the field, and no other as much | 0.7 |
| Fill & Sign text that begins in the field | 0.9 |
| printed text that begins in the field and stays there | 0.9 |
| printed text that runs on below the field, or was cut off on paper | 0.75 |
| several printed runs in one field | 0.6 |
| a mark in the box for "nothing here", printed | 0.85 |
| a scan | what the character recognition says, at most 0.9; below 0.5 nothing was read |
| a field that the picture shows in part | as a scan, at most 0.5 |
| a field of which an earlier recognition says the same | 0.9 |
| what an earlier recognition says where ours says something else | at most 0.7, and 0.1 more than ours |
| what it says where ours says nothing | 0.5 |
| text that somebody typed onto a scan, in a field that is empty there | 0.6 |
| a mark in the box for "nothing here", scanned or drawn | 0.6 |
| a box for "nothing here" that shows another state than it stores | 0: a person is asked |
| letters that a program turned into outlines | as a scan; below 0.7 nothing was read |
| any text that something is drawn over | at most 0.5 |
| nothing, where the copy had words when it was sent | 0.9 |
"""

from __future__ import annotations

NOTE_WITHIN = 0.95
NOTE_REACHES_BEYOND = 0.85
NOTES_JOINED = 0.8
NOTE_BY_OVERLAP = 0.7
FILL_SIGN = 0.9
PRINTED = 0.9
PRINTED_OVERFLOW = 0.75
PRINTED_RUNS = 0.6
PRINTED_MARK = 0.85
SCANNED_AT_MOST = 0.9
#: Scrawls give characters, too, but none to trust.
SCANNED_AT_LEAST = 0.5
CUT_OFF = 0.5
SCANNED_ALIKE = 0.9
SCANNED_BEFORE = 0.7
TYPED_ON_SCAN = 0.6
SCANNED_MARK = 0.6
CONTRADICTING = 0.0
SHOWN_ONLY = 0.5
#: The strokes of a pen look like letters, too, and are as black as print.
OUTLINES_AT_LEAST = 0.7
DRAWN_OVER = 0.5
REMOVED = 0.9

#: Shares of a note that lie in a field: from when on it counts as in it, and from when on it is worth a guess.
MOSTLY = 0.6
LEAST_OVERLAP = 0.3
