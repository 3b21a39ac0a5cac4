"""A mail to somebody who has no e-mail is read out on the phone: what only a reader can use is left out."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings


def test_what_is_read_out_on_the_phone_speaks_of_no_mail_no_link_and_no_page() -> None:
    """Each template marks what only a reader can use; so a new sentence about the page is marked too, or this fails."""
    inmost = re.compile(r"{% if ([^%]*) %}((?:(?!{% (?:if|endif)).)*){% endif %}", re.DOTALL)
    for path in Path(settings.BASE_DIR, "templates", "emails").glob("*.txt"):
        if path.stem in ("foot", "foot_staff", "staff_alert", "test"):
            continue
        # The line of a button goes with its link.
        words = re.sub(r"^= .*$", "", path.read_text(), flags=re.MULTILINE)
        while inmost.search(words):
            words = inmost.sub(lambda found: "" if "not aloud" in found[1] else found[2], words)
        said = re.sub(r"{[{%].*?[}%]}", "", words)
        assert not re.search(r"\b(?:links?|pages?|e?-?mails?)\b", said, re.IGNORECASE), path.name
