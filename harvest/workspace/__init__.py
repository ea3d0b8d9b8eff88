"""The workspace while a command works in it: editions, ledger, originals and the register's file together."""
