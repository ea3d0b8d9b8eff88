"""A page as a whole: what stands on it beyond its fields, and how it differs from the drawing that was sent."""
