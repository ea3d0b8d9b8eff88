"""Runs looked back at, taken out of account, and the whole made anew from the originals."""
