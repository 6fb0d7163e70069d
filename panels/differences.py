"""What differs between two texts, word by word."""

import re
from collections import Counter
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

TOKEN = re.compile(r"\S+[^\S\n]*|\s+")  # a word with the space behind it, or what parts paragraphs
MOST_PAIRS = 40_000  # equal words of both texts, each with each: with more, comparing could take seconds


class Kind(StrEnum):
    """Where a piece of text stands: in both texts, in the old one alone, in the new one alone."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Piece(NamedTuple):
    """Words that belong together."""

    kind: Kind
    text: str


@lru_cache(maxsize=256)
def differences(old: str, new: str) -> tuple[Piece, ...]:
    """Return both texts in the order of reading: without what is gone, the pieces are the new text.

    What is gone has a space on either side, so that no words run together.
    Texts that repeat few words very often are not compared: all of the old one is gone.
    """
    tokens = TOKEN.findall(old), TOKEN.findall(new)
    before, after = ([token.rstrip(" \t") for token in side] for side in tokens)
    counts = Counter(after)
    if sum(counts[word] for word in before) > MOST_PAIRS:
        return Piece(Kind.GONE, old), Piece(Kind.NEW, new)
    found: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        gone, kept = "".join(tokens[0][start:end]), "".join(tokens[1][new_start:new_end])
        if tag == "equal":
            found.append(Piece(Kind.SAME, kept))
            continue
        if gone:
            apart = " " if found and not found[-1].text[-1].isspace() else ""
            found.append(Piece(Kind.GONE, apart + gone + ("" if gone[-1].isspace() else " ")))
        if kept:
            found.append(Piece(Kind.NEW, kept))
    return tuple(found)
