"""What the box for "nothing here" says where its value and what it shows need not agree (ISO 32000-1, 12.7.4.2.3). Pure.

`/AS` is what everybody saw, `/V` what was stored. Programs that know no states write any word to `/V` (pdftk's "Nein") and
leave `/AS` off; others write a state that the box has no appearance for, so that nobody sees a tick.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from harvest.reading.model import confidence_levels

OFF = "/Off"


class State(NamedTuple):
    """The state that says most, and how sure it is that it is meant: 0 where a person has to be asked."""

    text: str
    confidence: float


def state_of(
    shown: str | None, stored: str | None, appearances: Callable[[], Collection[str] | None]
) -> State | None:
    """The state of a checkbox; None where nothing is said of it.

    Args:
        shown, stored: `/AS` and `/V`, names with their slash; None where the key is missing.
        appearances: gives the states that the box can show, None where it has no appearances of its own; asked
            only where something says that it is ticked.
    """
    said = [state for state in (shown, stored) if state is not None]
    if not said:
        return None
    on = [state for state in said if not _is_off(state)]
    if not on:
        return State(OFF, 1.0)
    if len(on) < len(said) or len({state.lstrip("/") for state in on}) > 1:
        return State(on[0], confidence_levels.CONTRADICTING)
    looks = appearances()
    visible = looks is None or on[0].lstrip("/") in {state.lstrip("/") for state in looks}
    return State(on[0], 1.0 if visible else confidence_levels.CONTRADICTING)


def _is_off(state: str) -> bool:
    return state.strip() in {OFF, "Off", ""}
