"""The client's address is what our own proxies vouch for, and nothing that a client writes."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from clinic.foundation.network import client_address, network_of


def address(forwarded: str | None, remote: str = "10.0.0.1") -> str:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


def test_without_a_proxy_the_header_counts_for_nothing(settings: Settings) -> None:
    settings.PROXY_HOPS = 0
    assert address("203.0.113.9") == "10.0.0.1"


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),  # the client wrote the first one
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # too short: it did not come through both
        (1, None, "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "unknown", "10.0.0.1"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:DB8:0:0::1", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_the_address_is_read_so_many_places_from_the_right(
    settings: Settings, hops: int, forwarded: str | None, expected: str
) -> None:
    settings.PROXY_HOPS = hops
    assert address(forwarded) == expected


def test_a_socket_without_an_address_is_unknown() -> None:
    assert address(None, remote="") == "0.0.0.0"


def test_a_network_is_a_household() -> None:
    assert network_of("203.0.113.9") == network_of("203.0.113.200") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2::3") == network_of("2001:db8:1:ffff::1") == "2001:db8:1::/48"
    assert network_of("203.0.114.9") != network_of("203.0.113.9")
