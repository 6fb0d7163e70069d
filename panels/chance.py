"""Orders that favour nobody: another for each reader, the same on every reload."""

from collections.abc import Iterable
from hashlib import blake2b

from panels.members import Visitor

DAY = 86_400


def shuffled(numbers: Iterable[int], visitor: Visitor) -> list[int]:
    """Return the numbers in the visitor's own order; for somebody unknown it is another one each day."""
    whose = visitor.member or visitor.person or visitor.login or f"day {visitor.now // DAY}"
    return sorted(numbers, key=lambda number: blake2b(f"{visitor.panel}:{whose}:{number}".encode()).digest())
