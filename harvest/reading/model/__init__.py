"""What the readers hand to each other: raw fields, the editions' geometry, transforms, limits, errors. Pure."""
