"""What the register shows: its sheets and columns as plain data. Pure."""
