"""What a returned PDF says: every method's findings side by side.

`read` reads one document here and now; `harvest.reading.pool.pool.read_all` reads many, each where it can
do no harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harvest.model import Reading
    from harvest.reading.model.edition_geometry import Drawings
    from spec.wire import EditionFile

__all__ = ["read"]


def read(
    data: bytes,
    editions: Mapping[str, EditionFile],
    passwords: Sequence[str] = (),
    drawings: Drawings | None = None,
) -> Reading:
    """What one document says. Never raises for what the document is; every failure is a Problem.

    Hostile documents can still crash, hang or starve the process: see `harvest.reading.pool.pool`.
    """
    # Imported late: the worker processes of the pool import this package, but not the form's model.
    from harvest.reading.assemble import assemble  # noqa: PLC0415
    from harvest.reading.extract import extract  # noqa: PLC0415
    from harvest.reading.model.edition_geometry import Blanks  # noqa: PLC0415

    return assemble(extract(data, passwords, Blanks.of(editions.values(), drawings)), editions)
