"""Pages that everybody reads: as strangers get them, and drawn anew."""

from __future__ import annotations

from benchmarks.load import Target, get
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, ratio, row

# With a cookie that it does not know, a reader may be somebody, and the page is drawn for them.
_NO_STRANGER = "benchmark=1"
READY = Goal(at_least=0.5, aim=0.8)
TREATMENT = "/treatments/microneedling/"


def measure(place: Place) -> list[Row]:
    """Against `const`, in answers a second and in processor time; also as browsers ask for them, compressed."""
    pages = {"treatment page": TREATMENT, "home": "/"}
    site = place.site()
    targets = [place.floor("const"), place.floor("page"), place.floor("row")]
    for name, path in pages.items():
        targets.append(Target(name, site, [get(path)]))
    targets.append(Target("treatment page, compressed", site, [get(TREATMENT, Accept_Encoding="gzip, br")]))
    targets.append(Target("uncached", site, [get(TREATMENT, Cookie=_NO_STRANGER)]))
    found = place.measure(*targets)
    const, page = found["const"], found["page"]
    rows = [
        row("floor const: CPU an answer", const.processor, "ms"),
        row("floor page: CPU an answer", page.processor, "ms"),
        row("floor row: CPU an answer", found["row"].processor, "ms"),
        ratio("floor const: answers a second against page", const.rates, page.rates),
        ratio("floor page: CPU against const", page.processor, const.processor),
    ]
    for name in (*pages, "treatment page, compressed"):
        rows += [
            ratio(
                f"{name}, anonymous: answers a second against const", found[name].rates, const.rates, READY
            ),
            ratio(f"{name}, anonymous: CPU against const", found[name].processor, const.processor),
            row(f"{name}, anonymous: CPU an answer", found[name].processor, "ms"),
        ]
    uncached = found["uncached"]
    return [
        *rows,
        ratio(
            "treatment page, uncached: answers a second against page",
            uncached.rates,
            page.rates,
            Goal(at_least=0.4, aim=0.6),
        ),
        ratio("treatment page, uncached: CPU against page", uncached.processor, page.processor),
        row("treatment page, uncached: CPU an answer", uncached.processor, "ms"),
    ]
