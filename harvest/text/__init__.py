"""Text as partners meant it: character sets, cleaning, passwords as bytes. Pure."""
