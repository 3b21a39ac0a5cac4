"""Sources of what the shipped site says: each can be opened or says why not, and none of them sells something."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from content.files import load

ROWS = yaml.safe_load((load.SHIPPED / "sources.yaml").read_text(encoding="utf-8"))
# Texts of shops, blogs and clinics that want to sell: they came with the first notes, and vouch for nothing.
_SELLERS = """
ACA ACM ALB AORG BDDP CAN COST DCO DLZ DMD DSN FDA2 FDAF H24 HBH LLO RBK S3 S4 SAF SC1 SCR SOM TCX VER WDM WHO WLK
"""
# How a title says why there is no address.
_NO_ADDRESS = re.compile(r"\b(?:we could not link|no longer open|not open|no one address)$")
SELLERS = frozenset(_SELLERS.split())


def leans_on(text: str) -> set[str]:
    """The codes in a page's list of sources and in its notes."""
    listed = re.search(r"^sources: \[(.*)\]$", text, re.MULTILINE)
    notes = " ".join(re.findall(r"\[\^([^\]]+)\]", text))
    return set(re.findall(r"\w+", f"{listed[1] if listed else ''} {notes}"))


def test_a_source_has_an_address_or_says_why_it_has_none() -> None:
    silent = [row["code"] for row in ROWS if not row["url"] and not _NO_ADDRESS.search(row["title"])]
    assert not silent


def test_no_title_speaks_to_ourselves() -> None:
    for row in ROWS:
        assert not re.search(r"\bweak\b|secondary|given to us|seed", row["title"]), row["code"]


@pytest.mark.parametrize("path", sorted((load.SHIPPED / "pages").glob("*.md")), ids=lambda path: path.stem)
def test_a_page_leans_on_nobody_who_sells(path: Path) -> None:
    known = {row["code"] for row in ROWS}
    used = leans_on(path.read_text(encoding="utf-8"))
    assert used <= known
    assert not used & SELLERS


def test_nor_do_the_matrix_and_the_treatments() -> None:
    with (load.SHIPPED / "suitability.csv").open(encoding="utf-8", newline="") as file:
        used = {code for row in csv.DictReader(file) for code in row["sources"].split()}
    for row in yaml.safe_load((load.SHIPPED / "treatments.yaml").read_text(encoding="utf-8")):
        used.update(row["sources"])
    assert not used & SELLERS
