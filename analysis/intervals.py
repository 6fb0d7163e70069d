"""Give 90 % intervals of shares and of their differences."""

import numpy as np
from numpy.typing import NDArray

_Z = 1.6449

Floats = NDArray[np.float64]


def wilson(count: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the Wilson 90 % interval of count/n; 0 and 1 where n is 0 (Wilson 1927).

    (count + z²/2 ± z·√(count·(n − count)/n + z²/4)) / (n + z²), z = 1.6449.
    """
    square = _Z**2
    variance = count * (n - count) / np.maximum(n, 1)
    reach = _Z * np.sqrt(variance + square / 4)
    middle = count + square / 2
    # At 0 and at n the ends are 0 and 1 exactly; rounding could put them a hair outside.
    return np.maximum((middle - reach) / (n + square), 0.0), np.minimum((middle + reach) / (n + square), 1.0)


def newcombe_low(first: Floats, first_n: Floats, second: Floats, second_n: Floats) -> Floats:
    """Return the lower end of the 90 % interval of first/first_n − second/second_n; −1 where an n is 0.

    x₁ − x₂ − √((x₁ − l₁)² + (u₂ − x₂)²), l and u the Wilson ends (Newcombe 1998, method 10).
    """
    one, other = first / np.maximum(first_n, 1), second / np.maximum(second_n, 1)
    low, high = wilson(first, first_n)[0], wilson(second, second_n)[1]
    ends = one - other - np.sqrt((one - low) ** 2 + (high - other) ** 2)
    held: Floats = np.where((first_n > 0) & (second_n > 0), ends, -1.0)
    return held
