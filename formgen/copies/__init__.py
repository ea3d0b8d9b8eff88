"""Copies of the blank for recipients: the blank's bytes, and one appended section with what differs."""
