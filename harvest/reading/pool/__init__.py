"""The worker processes in which strangers' documents are read."""
