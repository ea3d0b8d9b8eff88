"""The version that the ledger and the register record."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def _installed() -> str:
    try:
        return version("formgen-harvest")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+source"


VERSION = _installed()
