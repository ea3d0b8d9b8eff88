"""How much one document may ask for. Far above any form of ours, far below what hurts."""

from __future__ import annotations

#: Bytes of the file itself.
BYTES = 256 * 1024 * 1024
PAGES = 2_000
#: Form fields and widgets, whoever's they are.
FIELDS = 200_000
#: Characters of one value; the longest sensible answer has a few thousand.
CHARACTERS = 1_000_000
#: Levels of a field tree or page tree; ours have one.
DEPTH = 64
#: What one stream may inflate to.
STREAM = 512 * 1024 * 1024
#: Characters of a note that a problem quotes: long enough that nobody has to open the file for most of them.
QUOTED = 300
#: Objects of one page's content, form XObjects inside each other, corners of one clip.
OBJECTS = 200_000
FORM_DEPTH = 12
CLIP_STEPS = 64
#: Pictures of one page of which is asked whether they hide what was drawn before.
COVERING = 200
#: Pixels of one page of a file that is a picture: four times a page of A4 at 600 dots to an inch.
PICTURE_PIXELS = 120_000_000
#: Bytes of one appearance that is compared with its field's value, and of all that are looked into.
APPEARANCE_BYTES = 1024 * 1024
APPEARANCES_BYTES = 64 * 1024 * 1024
#: Longest side of a page as a picture.
PIXELS = 5_000
#: Fields of other names that are told one by one.
FOREIGN = 500
#: Pages without fields that are looked at as pictures while none of the file is known to be ours.
STRANGE = 40
#: Pages that are recognised as pictures, twice the longest form, or twice the longest known one if that is more; and how
#: many of them one counts for whose recognition failed, since that took long.
PICTURED = 60
#: Seconds that all pages of one document take which are looked at as they show, and while none of it is known to be ours;
#: what is left is told. A page that is a picture takes two or three.
#: Of them for recognising one page's characters; one on which that is too short counts as failed.
SECONDS = 600.0
PAGE_SECONDS = 40.0
STRANGE_SECONDS = 120.0
FAILED = 20
#: A cell cut out of a scan, as a picture: pixels across and down, bytes; and bytes of all those of one document.
PICTURE_SIZE = (480, 320)
PICTURE_BYTES = 24 * 1024
PICTURES_BYTES = 8 * 1024 * 1024
