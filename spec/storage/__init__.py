"""Files of the workspace: written whole or not at all, locked, read with every fault named."""
