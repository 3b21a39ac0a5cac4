"""Measures a running site with Lighthouse, as a phone sees it: five runs a page, medians, and a word on what falls short.

python tools/lighthouse.py http://127.0.0.1:8000

It starts no site. Run one whose clinic is no demonstration (admin, "Clinic", demo off): a demonstration asks search engines
to stay away, which Lighthouse counts as a fault. Needs Node 18 or newer and a Chromium; npx takes Lighthouse from npm, in
the version below, into its own store. Nothing of it is part of the site.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

# The last that runs on Node 20.
LIGHTHOUSE = "lighthouse@12.8.2"
PAGES = (
    "/",
    "/concerns/rolling/",
    "/treatments/laser-resurfacing/",
    "/treatments/",
    "/guide/",
    "/costs/",
)
# The least that a median may be.
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-software-rasterizer"
SECONDS = 180
# Chromium sometimes records no trace of a page on a busy machine; Lighthouse then asks to be run again.
TRIES = 4


def report(url: str) -> dict[str, Any]:
    """One run's report. Raises subprocess.CalledProcessError or TimeoutExpired where Lighthouse gives up."""
    command = [
        *("npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", "--output-path=stdout"),
        *(f"--only-categories={','.join(LEAST)}", f"--chrome-flags={CHROME}"),
    ]
    chrome = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome") or ""
    done = subprocess.run(
        command,
        env=os.environ | {"CHROME_PATH": chrome},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(url: str) -> dict[str, Any]:
    """One run's report, at the latest of TRIES. Raises what `report` raised at the last."""
    for _ in range(TRIES - 1):
        try:
            return report(url)
        except subprocess.CalledProcessError:
            continue
    return report(url)


def scores(found: dict[str, Any]) -> dict[str, float]:
    """Of 100, by category."""
    categories: dict[str, dict[str, float]] = found["categories"]
    return {name: 100 * (categories[name]["score"] or 0) for name in LEAST}


def faults(found: dict[str, Any]) -> Iterator[str]:
    """What keeps the page from 100 outside performance, by the name of the audit."""
    audits: dict[str, dict[str, Any]] = found["audits"]
    for category in ("accessibility", "best-practices", "seo"):
        refs = found["categories"][category]["auditRefs"]
        for ref in refs:
            audit = audits[ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] != 1:
                yield f"{category}: {audit['title']} ({ref['id']})"


def is_hidden(url: str) -> bool:
    """Whether the page asks search engines to stay away."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return b'name="robots" content="noindex"' in answer.read()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("site", help="for example http://127.0.0.1:8000")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument(
        "--page", action="append", help="only this one, for example /costs/; may be given again"
    )
    asked = arguments.parse_args()
    site = asked.site.rstrip("/")
    if is_hidden(f"{site}/"):
        print("This site is a demonstration and asks search engines to stay away. Turn `demo` off first.")
        return 2
    print(f"{'page':34}" + "".join(f"{name:>16}" for name in LEAST))
    failed = False
    for path in asked.page or PAGES:
        try:
            runs = [measured(f"{site}{path}") for _ in range(asked.runs)]
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"{path:34}Lighthouse gave up: {str(error.stderr or error).strip()[-400:]}", flush=True)
            failed = True
            continue
        medians = {name: statistics.median(scores(run)[name] for run in runs) for name in LEAST}
        print(f"{path:34}" + "".join(f"{medians[name]:16.0f}" for name in LEAST), flush=True)
        failed |= any(medians[name] < least for name, least in LEAST.items())
        for fault in sorted({fault for run in runs for fault in faults(run)}):
            print(f"    {fault}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
