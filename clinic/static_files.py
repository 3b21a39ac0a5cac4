"""Our own files in production: under names that change with their content, collected by `collectstatic`."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

log = logging.getLogger(__name__)

_said: set[str] = set()
# What is said in quotes and what an address holds stays as it is; blanks and comments only part words.
_BLANK = r"(?:\s|(?>/\*.*?\*/))"  # atomic: a comment ends where it ends, whatever follows
_STYLE = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^)"']*\))"""
    rf"|{_BLANK}*(?:;{_BLANK}*)*([{{}};]){_BLANK}*|{_BLANK}+",
    re.DOTALL,
)


def smaller(style: str) -> str:
    """The same rules without comments, and without the blanks that only people need."""
    return _STYLE.sub(lambda found: found[1] or found[2] or " ", style).strip()


def _is_ours(name: str) -> bool:
    """Whether it is a stylesheet of `static/`. Those of Django's own pages stay as they came."""
    return name.endswith(".css") and "/" not in name


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A page whose stylesheet was not collected still comes, only unstyled: above all an error page.

    Our stylesheets are collected without comments and blanks: a seventh of what they weigh, compressed.
    `check --deploy` finds what is missing (clinic.E004), and the log names each file once.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Put together once: as long as this process lives, the list of what was collected stays as it was read."""
        if force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]

    def file_hash(self, name: str | None, content: Any = None) -> str:
        """Of what is served. The list of all files has no name."""
        return str(super().file_hash(name, _served(name or "", content)))

    def _save(self, name: str, content: Any) -> str:
        return str(super()._save(name, _served(name, content)))

    def stored_name(self, name: str) -> str:
        """The name with its digest; the plain one for a file that was not collected."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            # WhiteNoise asks for "jquery.js" too, because "jquery.init.js" looks like that name with a digest.
            if name not in _said and finders.find(name):
                _said.add(name)
                log.error("%s is not collected: run manage.py collectstatic and start the site anew", name)
            return name


def _served(name: str, content: Any) -> Any:
    """The file as browsers get it."""
    if content is None or not _is_ours(name):
        return content
    content.seek(0)
    return ContentFile(smaller(content.read().decode()).encode())
