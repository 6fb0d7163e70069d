"""How often one browser or address may ask: windows in memory, keys that name nobody."""

import hashlib
import hmac
import ipaddress
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from panels.errors import LimitError

VOTES = RateLimitItemPerMinute(300)
WRITES = RateLimitItemPerMinute(60)
PAGES = RateLimitItemPerMinute(300)
GUESTS = RateLimitItemPerMinute(100, 60)  # new guests from one address in an hour
EMBEDS = RateLimitItemPerMinute(10, 60)  # pages from one address that ask for a panel in an hour
PAGES_OF_ADDRESS = RateLimitItemPerMinute(1200)


class Limits:
    """Counts what a browser and an address ask for."""

    def __init__(self, secret: str, proxies: int, *, switched_on: bool = True) -> None:
        """Start with empty windows."""
        self.secret, self.proxies, self.switched_on = secret.encode(), proxies, switched_on
        self.windows = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, limit: RateLimitItemPerMinute, *whose: str) -> None:
        """Count one more; raise LimitError with the seconds to wait if that is too many."""
        if self.switched_on and not self.windows.hit(limit, *whose):
            reset = self.windows.get_window_stats(limit, *whose).reset_time
            raise LimitError(max(1.0, reset - time.time()))

    def address(self, request: Request) -> str:
        """Return a key of the asking address, another one each day."""
        day = time.strftime("%Y-%m-%d", time.gmtime())
        found = network(self.trusted(request))
        return hmac.new(self.secret, f"{day} {found}".encode(), hashlib.sha256).hexdigest()[:32]

    def trusted(self, request: Request) -> str:
        """Return the address that the last trusted proxy saw; the socket's own without proxies."""
        peer = request.client.host if request.client else ""
        hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
        return hops[-self.proxies] if 0 < self.proxies <= len(hops) and hops[-self.proxies] else peer


def network(address: str) -> str:
    """Return the address; of IPv6 the /64 that one household has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return address if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
