"""Where a request comes from, as far as our own proxies can vouch for it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address; "0.0.0.0" when it cannot be known (a unix socket with no proxy).

    X-Forwarded-For is written by whoever sends it, so only the entry that our outermost proxy wrote counts: the one
    settings.PROXY_HOPS from the right. With no proxy, or too short a list, it is the address of the connection.
    """
    hops: int = settings.PROXY_HOPS
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if hops and len(forwarded) >= hops:
        address = _normal(forwarded[-hops])
        if address:
            return address
    return _normal(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def network_of(address: str) -> str:
    """Return the network that one household or office shares: the /24 of an IPv4 address, the /48 of an IPv6 one."""
    parsed = ip_address(address)
    length = 48 if isinstance(parsed, IPv6Address) else 24
    return str(ip_network(f"{address}/{length}", strict=False))


def _normal(text: str) -> str | None:
    """Return an address in its one spelling: no port, brackets or zone, IPv4 inside IPv6 as IPv4; None if not one."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(parsed)
