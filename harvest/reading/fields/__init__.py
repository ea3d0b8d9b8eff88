"""AcroForm fields and their widgets, by four readers: values, appearances, names that tools changed."""
