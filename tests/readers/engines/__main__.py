"""Say which engines work here: one line each; ends with 1 when one is missing."""

import sys

from tests.readers.engines import ENGINES, EngineMissing, require


def main() -> int:
    """Print every engine's version or what it lacks."""
    missing = 0
    for name in ENGINES:
        try:
            print(f"ok       {name:18} {require(name).version()}")
        except EngineMissing as lack:
            missing += 1
            print(f"MISSING  {name:18} {lack}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
