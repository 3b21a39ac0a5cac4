"""Words that a clinic's page must not, or should not, use: what they are, why, and what to write instead. Pure.

The list follows our own rules (no superlatives, no promises, no rush) and those of advertising and medicine on which they
rest: claims need evidence, nobody is hurried, a treatment is no prize, and a medicine on prescription is not advertised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_EXCERPT = 45  # letters on each side of what was found
_BEFORE = 6  # words in which a "not" still turns a claim round
_NEAR = 200  # letters of a sentence that are looked at for it


@dataclass(frozen=True)
class Claim:
    """`why` and `instead` are sentences for the editor. A `name` is one also where it is denied or asked about.

    A paragraph that also says what is in `unless` is left alone. With `about` it is one only where the paragraph names
    that, or where its words end in an "it" and the text names that elsewhere.
    """

    code: str
    pattern: re.Pattern[str]
    blocks: bool
    why: str
    instead: str
    name: bool = False
    unless: re.Pattern[str] | None = None
    about: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Found:
    """`words` as they stand in the text, and the part of the sentence around them."""

    claim: Claim
    words: str
    excerpt: str


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_SCARS = r"(?:[\w-]+ ){0,3}?(?:scars?|marks?|scarring|blemishes)\b"

CLAIMS = (
    Claim(
        "best",
        _any(
            r"(?<!at )(?<!our )(?<!your )(?<!their )(?<!his )(?<!her )best\b"
            r"(?! (?:time|times|interests?|wishes|before|practice|known|kept|left|done|seen|read)\b)"
        ),
        True,
        "No study shows that one treatment, clinic or result is the best.",
        "Say what it may help, and what the evidence is.",
    ),
    Claim(
        "painless",
        _any(r"painless(?:ly)?\b", r"pain[- ]free\b", r"no pain\b(?! relief)"),
        True,
        "Nobody can promise that for everyone.",
        "Say what it feels like and what numbs it.",
    ),
    Claim(
        "no_risk",
        _any(
            r"(?:no|zero|without|without any) risks?\b(?![- ]free| factors?| of | that | which )",
            r"risk[- ]free\b",
            r"(?:completely|totally|perfectly|absolutely|entirely) safe\b",
            r"no side[- ]effects\b",
        ),
        True,
        "Every treatment has risks.",
        "Name the main risk and how often it happens.",
    ),
    Claim(
        "guaranteed",
        _any(
            r"guarantee(?:s|d)?\b",
            r"(?:instant|permanent|lasting|perfect) results?\b",
            r"works? for (?:everyone|everybody|all)\b",
            r"always works?\b",
            r"100 ?(?:%|per ?cent) (?:effective|success\w*|safe)\b",
        ),
        True,
        "Nobody can promise a result.",
        "Say how many people improved in which study, and by how much.",
    ),
    Claim(
        "eliminate",
        _any(r"eliminat\w+", r"eradicat\w+"),
        True,
        "A true scar stays. Treatment can improve it.",
        "Write “improve”, “soften” or “make less easy to notice”.",
    ),
    Claim(
        "removal",
        _any(
            r"(?:scar|mark|acne|blemish)s?[- ]remov(?:al|ers?|ing)\b",
            rf"remov(?:e|es|ed|ing|al of) {_SCARS}",
            rf"(?:get|gets|getting) rid of {_SCARS}",
            rf"eras(?:e|es|ed|ing) {_SCARS}",
            r"clears? (?:away |up )?(?:\w+ ){0,2}?(?:scars?|scarring)\b",
        ),
        True,
        "A true scar cannot be taken away.",
        "Write “scar treatment”, or say what changes: softer, shallower, less easy to notice.",
    ),
    Claim(
        "dramatic",
        _any(r"dramatic(?:ally)?\b"),
        True,
        "It promises more than the studies show.",
        "Say by how much, for how many people, after how long.",
    ),
    Claim(
        "perfect",
        _any(r"flawless(?:ly)?\b", r"perfect skin\b", r"(?:blemish|scar)[- ]free\b"),
        True,
        "It plays on how people feel about their skin, and it is not what treatment gives.",
        "Describe the change that is likely.",
    ),
    Claim(
        "goodbye",
        _any(r"say (?:goodbye|good-bye|farewell)\b"),
        True,
        "A true scar stays.",
        "Say what can improve.",
    ),
    Claim(
        "rush",
        _any(
            r"limited (?:places|spaces|slots|appointments|availability|time|offer)\b",
            r"(?:only|just) (?:\w+ ){1,2}(?:places?|spaces?|slots?|appointments?) (?:left|remaining)\b",
            r"last chance\b",
            r"hurry\b",
            r"offers? (?:ends?|expires?|closes?)\b",
            r"(?:today|this (?:week|weekend|month)) only\b",
            r"while (?:places|stocks?|appointments) last\b",
            r"count(?:ing)?[- ]?down\b",
            r"ends (?:soon|today|tonight|tomorrow|at midnight)\b",
            r"act (?:now|fast)\b",
            r"don['’]t miss\b",
        ),
        True,
        "Nobody may be hurried into a treatment.",
        "Leave it out. People need time to think.",
    ),
    Claim(
        "prize",
        _any(r"prize draws?\b", r"giveaways?\b", r"win (?:a|one|your) (?:free )?(?:treatment|session)s?\b"),
        True,
        "A treatment must not be a prize.",
        "Leave it out.",
    ),
    Claim(
        "prescription",
        _any(
            r"(?:botox|dysport|azzalure|bocouture|xeomin|vistabel|letybo|alluzience|nuceiva|relfydess)\b",
            r"(?:roaccutane|accutane|reticutan|rizuderm|absorica|claravis)\b",
        ),
        True,
        "A medicine that needs a prescription must not be named to the public by its brand.",
        "Leave the name out. If safety needs it, use the medicine's own name, not its brand.",
        name=True,
    ),
    Claim(
        "before_after",
        _any(
            r"before[ -](?:and|&|/)[ -]after (?:photo\w*|pictures?|images?|shots?|gallery|results?)",
            r"before/after (?:photo\w*|pictures?|images?|shots?|gallery|results?)",
        ),
        True,
        "Such pictures need the person's consent, the same light and the number of visits, and must not be retouched.",
        "Say beside them that the person has agreed and that results vary, or leave them out.",
        unless=re.compile(r"\bconsent|\bagreed\b", re.IGNORECASE),
    ),
    Claim(
        "stop_medicine",
        _any(
            r"(?:do not|don['’]t|never|must not|should not) stop (?:(?:taking )?(?:it|a medicine|(?:the |your )?"
            r"(?:medicines?|tablets|capsules|isotretinoin))|taking)\b"
        ),
        True,
        "One exception cannot wait: whoever takes isotretinoin and is pregnant, or may be, must take no more of it.",
        "Say so in the same paragraph, and to call the doctor who prescribed it that day.",
        unless=re.compile(r"\bpregnan", re.IGNORECASE),
        about=re.compile(r"\bisotretinoin\b", re.IGNORECASE),
    ),
    Claim(
        "discount",
        _any(
            r"discount\w*",
            r"half[- ]price\b",
            r"\d+ ?(?:%|per ?cent) off\b",
            r"special offers?\b",
            r"two for (?:one|the price)\b",
            r"black friday\b",
        ),
        False,
        "A lower price must not be the reason to have a treatment.",
        "Show the usual price. Never let an offer run out.",
    ),
    Claim(
        "transform",
        _any(r"transform\w*"),
        False,
        "It promises more than treatment gives.",
        "Write “change” or “improve”, and by how much.",
    ),
    Claim(
        "book_now",
        _any(r"book now\b", r"book today\b"),
        False,
        "It hurries people. Here they ask first, and nothing is booked yet.",
        "Write “Request a consultation”.",
    ),
    Claim(
        "normal_skin",
        _any(r"normal(?:-looking)? skin\b"),
        False,
        "No skin is the normal one.",
        "Name it: brown and black skin, white skin, the skin around it, skin without scars.",
    ),
    Claim(
        "puffery",
        _any(
            r"miracles?\b",
            r"revolutionary\b",
            r"breakthroughs?\b",
            r"cutting[- ]edge\b",
            r"world[- ]class\b",
            r"clinically proven\b",
            r"number one\b(?! (?:cause|reason))",
        ),
        False,
        "It praises and says nothing.",
        "Say what it does and who has studied it.",
    ),
)

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+")
# What turns a claim round when it stands shortly before it, in the same part of the sentence.
_DENIED = re.compile(
    r"(?:no|not|never|nobody|no-one|nothing|none|nor|neither|cannot|avoid|beware|without|\w+n['’]t)"
)
# A warning of what others say: "If anybody tells you that the offer ends tonight, wait."
_OTHERS = re.compile(r"if (?:anybody|anyone|somebody|someone|a clinic|another clinic|they)\b", re.IGNORECASE)
_TURN = re.compile(r"[;:]|\s[–-]\s|\bbut\b|\band\b", re.IGNORECASE)
# Words that name nothing themselves: an "it" for what the text has named.
_AN_IT = re.compile(r"\b(?:it|medicines?|tablets|capsules)$", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"]([^“”\"]{1,60})[”\"]")


def found(text: str, whole: str = "") -> Iterator[Found]:
    """The claims in one paragraph without Markdown. `whole`: the text around it, which tells what an "it" means.

    Left alone are questions ("Is it painless?"), denials ("No treatment is painless"), warnings of what others say, and the
    bare words in quotation marks (what some call “painless”).
    """
    claims = [claim for claim in CLAIMS if not (claim.unless and claim.unless.search(text))]
    for sentence in _SENTENCE.split(text):
        for claim in claims:
            for match in claim.pattern.finditer(sentence):
                if _is_about(claim, match, text, whole) and (claim.name or _is_claimed(sentence, match)):
                    yield Found(claim, match[0], excerpt(sentence, match))


def excerpt(text: str, match: re.Match[str]) -> str:
    """What was found with some words on each side, "..." where more was cut off."""
    start, end = max(0, match.start() - _EXCERPT), min(len(text), match.end() + _EXCERPT)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    cut = text.find(" ", end)
    end = cut if end < len(text) and cut != -1 and cut - end < _EXCERPT else end
    return f"{'... ' if start else ''}{text[start:end].strip()}{' ...' if end < len(text) else ''}"


def _is_about(claim: Claim, match: re.Match[str], text: str, whole: str) -> bool:
    if claim.about is None or claim.about.search(text):
        return True
    return bool(_AN_IT.search(match[0]) and claim.about.search(whole))


def _is_claimed(sentence: str, match: re.Match[str]) -> bool:
    if sentence.rstrip('"”’) ').endswith("?") or _OTHERS.match(sentence):
        return False
    start = max(0, match.start() - _NEAR)
    before = _TURN.split(sentence[start : match.start()])[-1].split()[-_BEFORE:]
    if any(_DENIED.fullmatch(word.lower().strip(',(“"')) for word in before):
        return False
    near = _QUOTED.finditer(sentence, start, match.end() + _NEAR)
    quotes = (quote for quote in near if quote.start() < match.start() < quote.end())
    return not any(len(quote[1].split()) <= len(match[0].split()) + 1 for quote in quotes)
