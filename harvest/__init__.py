"""Returned PDFs -> ledger -> register."""
