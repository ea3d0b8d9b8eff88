"""The version of the reader, which every reading in the ledger carries.

Raised by one with every release in which any reader finds in a file what the release before did not find, or finds it
differently: the next `harvest run` then reads the originals again that an older version has read. A test holds a digest
of what the specimens say, and fails where that changes.
"""

READER_VERSION = 1
