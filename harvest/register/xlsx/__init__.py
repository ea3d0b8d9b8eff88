"""Office Open XML (ECMA-376): packages, parts, rows, formulas. Knows nothing of returns."""
