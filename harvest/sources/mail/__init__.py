"""Mails and what they carry: MIME, Outlook's formats, mailbox files."""
