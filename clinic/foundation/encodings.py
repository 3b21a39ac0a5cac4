"""Which ways of compressing an answer a browser says that it can read (RFC 9110, 12.5.3)."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def readable(accepts: str, ours: tuple[str, ...]) -> str:
    """The first of `ours` that the header Accept-Encoding does not rule out; "" for none: it goes as it is."""
    weights = dict(_weighed(part) for part in accepts.lower().split(","))
    return next((name for name in ours if weights.get(name, weights.get("*", 0.0)) > 0), "")


def _weighed(part: str) -> tuple[str, float]:
    """A name with its weight: "gzip;q=0" is one that must not be sent. What cannot be read as a weight rules out, too."""
    name, _, weight = (piece.strip() for piece in part.partition(";"))
    if not weight:
        return name, 1.0
    try:
        return name, float(weight.removeprefix("q").strip().removeprefix("="))
    except ValueError:
        return name, 0.0
