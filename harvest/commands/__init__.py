"""What the command line and every other face call: one module for each command that has no room of its own."""
