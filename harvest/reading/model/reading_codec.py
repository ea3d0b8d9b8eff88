"""Raw fields as bytes and back: what a worker process sends. JSON, since nothing in it can run code."""

from __future__ import annotations

import base64
import json
from typing import Any

from harvest.model import PICTURE_KINDS, Method, Picture, Problem, Severity
from harvest.reading.model import limits
from harvest.reading.model.raw_fields import Raw, RawField, RawPicture


def to_bytes(raw: Raw) -> bytes:
    """`raw` as JSON, without `besides`, which the worker has used up."""
    body = {
        "pages": raw.pages,
        "fields": [[f.name, f.text, f.method.value, f.page, f.box, f.confidence] for f in raw.fields],
        "ours": raw.ours,
        "foreign": raw.foreign,
        "dates": raw.dates,
        "producer": raw.producer,
        "xfa": raw.xfa,
        "seen": raw.seen,
        "left": raw.left,
        "pictures": [
            [
                one.name,
                one.page,
                one.picture.kind,
                one.picture.width,
                one.picture.height,
                _packed(one.picture),
            ]
            for one in raw.pictures
        ],
        "problems": [[p.code, p.severity.value, p.place, p.details] for p in raw.problems],
    }
    return json.dumps(body, separators=(",", ":")).encode("ascii")


def from_bytes(data: bytes) -> Raw:
    """The Raw that `to_bytes` wrote.

    Raises:
        ValueError, KeyError, TypeError: the bytes are of another shape.
    """
    body: dict[str, Any] = json.loads(data)
    modified, created = body["dates"]
    return Raw(
        pages=body["pages"],
        fields=tuple(
            RawField(
                name,
                text,
                Method(method),
                page,
                None if box is None else (box[0], box[1], box[2], box[3]),
                confidence,
            )
            for name, text, method, page, box, confidence in body["fields"]
        ),
        ours=body["ours"],
        foreign=body["foreign"],
        dates=(modified, created),
        producer=body["producer"],
        xfa=body["xfa"],
        seen=tuple((page, said) for page, said in body["seen"]),
        left=tuple(body["left"]),
        pictures=tuple(
            RawPicture(name, page, _picture(kind, width, height, packed))
            for name, page, kind, width, height, packed in body["pictures"]
        ),
        problems=tuple(
            Problem(code, Severity(severity), place, tuple((key, value) for key, value in details))
            for code, severity, place, details in body["problems"]
        ),
    )


def _packed(picture: Picture) -> str:
    return base64.b64encode(picture.data).decode("ascii")


def _picture(kind: str, width: int, height: int, packed: str) -> Picture:
    """The picture, as far as can be told without opening it: others open it, and it may come from a worker gone bad."""
    data = base64.b64decode(packed, validate=True)
    sizes = all(
        type(side) is int and 0 < side <= most
        for side, most in zip((width, height), limits.PICTURE_SIZE, strict=True)
    )
    if not (sizes and data.startswith(PICTURE_KINDS[kind]) and len(data) <= limits.PICTURE_BYTES):
        raise ValueError(f"a picture of {width} by {height} pixels and {len(data)} bytes")
    return Picture(kind, width, height, data)
