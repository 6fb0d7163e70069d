"""The signs of codes that people type: Crockford's alphabet, forgiving reading, and a check sign."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which are read as others
ALIKE = str.maketrans("OIL", "011")
SPACE = re.compile(r"[\s\-\u2010-\u2015]")
LENGTH = 12  # signs of a code on paper before its check sign: 60 random bits


def draw() -> str:
    """Return a new code for paper: random signs and their check sign."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return drawn + check_sign(drawn)


def check_sign(code: str) -> str:
    """Return the sign that makes the code's Luhn sum a multiple of 32; it shows any one mistyped sign."""
    total = 0
    for place, sign in enumerate(reversed(code)):
        value = ALPHABET.index(sign) * (2 - place % 2)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def plain(typed: str) -> str:
    """Return the code as it is stored: without spaces and hyphens, in capitals, O as 0, I and L as 1."""
    return SPACE.sub("", typed).upper().translate(ALIKE)


def is_whole(code: str) -> bool:
    """Return whether the plain code has the length, the alphabet and the check sign of one on paper."""
    known = len(code) == LENGTH + 1 and all(sign in ALPHABET for sign in code)
    return known and check_sign(code[:-1]) == code[-1]


def grouped(code: str) -> str:
    """Return the code as it is printed: 7K4M-Q2XD-9TRA-9."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def spelled(number: int, length: int) -> str:
    """Return the number in that many signs, for a code that is computed."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
