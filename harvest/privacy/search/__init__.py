"""Where a person stands: names and their spellings, found in files of any kind, in a process of its own."""
