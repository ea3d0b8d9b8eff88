"""Mails to partners: drafts, which are pure, and sending, the only place of formgen that talks to a network."""
