"""Our own files in production: under names that change with their content, collected by `collectstatic`."""

from __future__ import annotations

import logging

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

log = logging.getLogger(__name__)

_said: set[str] = set()


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A page whose stylesheet was not collected still comes, only unstyled: above all an error page.

    `check --deploy` finds what is missing (clinic.E004), and the log names each file once.
    """

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
