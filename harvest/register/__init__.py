"""The register as a workbook: what it shows (view), how it is written, updated and read back, and its exports."""
