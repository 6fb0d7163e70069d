import pytest
from limits import RateLimitItemPerMinute
from starlette.requests import Request

from panels.errors import LimitError
from server.limits import Limits

TWO = RateLimitItemPerMinute(2)


def request(peer: str | None, forwarded: str = "") -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})


def test_the_third_of_two_is_refused_with_the_seconds_to_wait() -> None:
    limits = Limits("secret", 0)
    for _ in range(2):
        limits.hit(TWO, "aino")
    with pytest.raises(LimitError) as refused:
        limits.hit(TWO, "aino")
    assert 1 <= refused.value.wait <= 60
    limits.hit(TWO, "nils")


def test_nothing_is_counted_when_switched_off() -> None:
    limits = Limits("secret", 0, switched_on=False)
    for _ in range(9):
        limits.hit(TWO, "aino")


def test_without_proxies_a_forged_header_changes_nothing() -> None:
    limits = Limits("secret", 0)
    assert {limits.address(request("192.0.2.1", f"198.51.100.{n}")) for n in range(100)} == {
        limits.address(request("192.0.2.1"))
    }


def test_behind_one_proxy_the_address_that_it_saw_counts() -> None:
    limits = Limits("secret", 1)
    first = limits.address(request("127.0.0.1", "203.0.113.9, 192.0.2.1"))
    assert first == limits.address(request("127.0.0.1", "192.0.2.1"))
    assert first != limits.address(request("127.0.0.1", "192.0.2.2"))
    assert limits.address(request("192.0.2.1")) == first, "without the header the socket's own"


def test_behind_two_proxies_a_short_header_names_the_socket() -> None:
    limits = Limits("secret", 2)
    assert limits.address(request("192.0.2.7", "192.0.2.1")) == limits.address(request("192.0.2.7"))


def test_one_household_with_ipv6_is_one_address() -> None:
    limits = Limits("secret", 0)
    assert limits.address(request("2001:db8::1")) == limits.address(request("2001:db8::ffff"))
    assert limits.address(request("2001:db8::1")) != limits.address(request("2001:db8:0:1::1"))


def test_a_key_names_nobody() -> None:
    limits = Limits("secret", 0)
    assert "192.0.2.1" not in limits.address(request("192.0.2.1"))
    assert limits.address(request(None)) == limits.address(request(None))
