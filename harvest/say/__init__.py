"""What the commands return, printed for a person."""
