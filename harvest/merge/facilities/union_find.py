"""Union-find over small integers, with pairs that must stay apart."""

from __future__ import annotations

from collections import defaultdict


class Unions:
    """Sets that only grow. `forbid` keeps two elements' sets apart from then on."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._apart: dict[int, set[int]] = defaultdict(set)

    def root(self, element: int) -> int:
        """The smallest element of the set."""
        path = []
        while (parent := self._parent.get(element, element)) != element:
            path.append(element)
            element = parent
        for step in path:
            self._parent[step] = element
        return element

    def joined(self, one: int, two: int) -> bool:
        """Whether both are in one set."""
        return self.root(one) == self.root(two)

    def apart(self, one: int, two: int) -> bool:
        """Whether both sets must stay apart."""
        return self.root(two) in {self.root(other) for other in self._apart.get(self.root(one), ())}

    def join(self, one: int, two: int) -> bool:
        """Make one set of both; False where that is forbidden."""
        one, two = sorted((self.root(one), self.root(two)))
        if one == two:
            return True
        if self.apart(one, two):
            return False
        self._parent[two] = one
        if two in self._apart:
            self._apart[one] |= self._apart.pop(two)
        return True

    def forbid(self, one: int, two: int) -> bool:
        """Keep both sets apart; False where they are one already."""
        one, two = self.root(one), self.root(two)
        if one == two:
            return False
        self._apart[one].add(two)
        self._apart[two].add(one)
        return True
