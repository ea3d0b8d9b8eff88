"""A person's data found and taken out; returns that are older than the office keeps them."""
