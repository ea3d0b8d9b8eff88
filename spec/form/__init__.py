"""The form as data: read from TOML, checked, every fault told with its place."""
