"""A register that people worked in, read back: which sheets, columns and rows are ours, and what stands there."""
