"""The merged state that the ledger stands for, and what it is computed from. Reads, never writes."""
