"""What a first visit weighs as it travels: the page, compressed, and everything it makes a browser load.

Everything that the page and its stylesheet name is counted, also what a browser leaves for later or for a wider window.
Pictures that a clinic uploads are rows of their own: they are as heavy as what it uploads.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import brotli
import html5lib

from benchmarks.client import Connection
from benchmarks.load import NotMeasured, get
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, row
from benchmarks.site import Site

PAGES = {"home": "/", "treatment page": "/treatments/microneedling/"}
_LOADS = (("link", "href"), ("script", "src"), ("img", "src"), ("use", "href"), ("source", "srcset"))
_UNPACK = {b"br": brotli.decompress, b"gzip": gzip.decompress}
_UPLOADS = "/pictures/"
_RELS = {"stylesheet", "icon", "preload", "modulepreload"}


@dataclass(frozen=True)
class Visit:
    """Bodies only: headers are much the same for every site. `scripts` are those of JavaScript.

    `uploads` are the kilobytes of each picture that the clinic has uploaded; nothing else counts them.
    """

    kilobytes: float
    requests: int
    scripts: int
    uploads: tuple[float, ...]


def measure(place: Place) -> list[Row]:
    """Public pages. A goal in bytes and one in requests: whichever of the pages is heavier has to keep it."""
    visits = {name: first_visit(place.site(), path) for name, path in PAGES.items()}
    rows = []
    for name, visit in visits.items():
        rows += [
            row(
                f"{name}, first visit, compressed: weight", [visit.kilobytes], "KB", Goal(at_most=30, aim=20)
            ),
            row(f"{name}, first visit: requests", [visit.requests], "", Goal(at_most=4, aim=3)),
            row(f"{name}, first visit: scripts", [visit.scripts], "", Goal(at_most=0)),
            row(f"{name}, first visit: pictures of the clinic's own", [len(visit.uploads)], ""),
            row(f"{name}, first visit: their weight", [sum(visit.uploads)], "KB"),
        ]
    return rows


def first_visit(site: Site, path: str, cookie: str = "") -> Visit:
    """Load it as a browser with an empty cache does. Raises NotMeasured if anything is not there."""
    size, page = _load(site, path, cookie)
    sizes, uploads, scripts, waiting, met = [size], list[float](), 0, [*_loads(page, path)], set()
    while waiting:
        name, address = waiting.pop()
        if address in met:
            continue
        met.add(address)
        size, body = _load(site, address, cookie)
        if address.startswith(_UPLOADS):
            uploads.append(size / 1000)
            continue
        sizes.append(size)
        scripts += name == "script"
        if name == "link":
            found = re.findall(r"""url\(["']?([^"')]+)["']?\)""", body.decode("utf-8", "replace"))
            waiting += [("url", urljoin(address, one)) for one in found if not one.startswith(("data:", "#"))]
    return Visit(sum(sizes) / 1000, len(sizes), scripts, tuple(uploads))


def _load(site: Site, path: str, cookie: str) -> tuple[int, bytes]:
    """How many bytes its body is as it travels, and what it says."""
    given = {"Accept_Encoding": "gzip, br"} | ({"Cookie": cookie} if cookie else {})
    status, head, body = Connection(site.port).answer(get(path, **given).encode())
    if status != 200:
        raise NotMeasured(f"{path} was answered with {status}")
    if b"transfer-encoding: chunked" in head.lower():
        raise NotMeasured(f"{path} came in chunks, whose marks would be counted")
    unpack = next(
        (how for name, how in _UNPACK.items() if b"content-encoding: " + name in head.lower()), bytes
    )
    return len(body), unpack(body)


def _loads(page: bytes, path: str) -> Iterator[tuple[str, str]]:
    """The element and the address of everything of ours that a browser loads with the page."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    for name, attribute in _LOADS:
        for element in root.iter(name):
            address = element.get(attribute, "").partition("#")[0]
            is_loaded = name != "link" or _RELS & set(element.get("rel", "").split())
            if address and is_loaded and not urlsplit(address).netloc:
                yield name, urljoin(path, address)
