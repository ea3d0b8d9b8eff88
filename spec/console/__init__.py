"""What both command lines share: how they end, and the language in which they speak."""
