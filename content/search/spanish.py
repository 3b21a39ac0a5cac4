"""Spanish words that people type here, and our words for them. The reader is told that they are in English. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple


class Spanish(NamedTuple):
    """What a word is in English, and the title or menu title of the page that it leads to."""

    english: str
    page: str


# Spelt as in Spanish, with accents.
WORDS = {
    "cicatriz": Spanish("scar", "concerns"),
    "cicatrices": Spanish("scars", "concerns"),
    "cicatrices de acné": Spanish("acne scars", "concerns"),
    "marcas": Spanish("marks", "dark and red marks"),
    "marcas de acné": Spanish("acne marks", "dark and red marks"),
    "mancha": Spanish("mark", "dark and red marks"),
    "manchas": Spanish("marks", "dark and red marks"),
    "acné": Spanish("acne", "active spots"),
    "granos": Spanish("spots", "active spots"),
    "espinillas": Spanish("spots", "active spots"),
    "hoyos": Spanish("pits", "ice pick scars"),
    "agujas": Spanish("needling", "microneedling"),
    "microagujas": Spanish("microneedling", "microneedling"),
    "láser": Spanish("laser", "laser resurfacing"),
    "rellenos": Spanish("fillers", "dermal fillers"),
    "cuesta": Spanish("cost", "costs"),
    "precio": Spanish("price", "costs"),
    "precios": Spanish("prices", "costs"),
    "cita": Spanish("appointment", "consultations"),
    "urgencia": Spanish("urgent help", "urgent help"),
    "ayuda": Spanish("help", "urgent help"),
}
_WORD = re.compile(r"[^\W\d_]+")


def read(query: str) -> list[tuple[str, str]]:
    """The Spanish words of the query, each once and in their order, with the English that we read.

    "acne" and "laser" without their accents are English. Longer entries win: "cicatrices de acné" is one.
    """
    rest = " ".join(_WORD.findall(query.lower()))
    found: dict[int, tuple[str, str]] = {}
    for phrase in sorted(WORDS, key=len, reverse=True):
        if match := re.search(rf"\b{phrase}\b", rest):
            found[match.start()] = (phrase, WORDS[phrase].english)
            rest = f"{rest[: match.start()]}{'_' * len(phrase)}{rest[match.end() :]}"
    return [found[place] for place in sorted(found)]
