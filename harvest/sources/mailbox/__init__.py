"""A mailbox on an IMAP server: read, never touched."""
