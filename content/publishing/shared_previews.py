"""Links that show a draft for a day to somebody without an account. A link names one version, and is signed, not stored."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core import signing

from clinic.foundation.mailed_links import token_in
from content import limits
from content.models import Version
from content.models.version import OF

# Not a module's name but a part of links that are out: another salt would close them.
_SALT = "content.publishing.shared"
# Content, moment and signature, as django.core.signing writes them.
_TOKEN = r"[A-Za-z0-9_-]+:[A-Za-z0-9_-]+:[A-Za-z0-9_-]{43}"


def token(version: Version, now: datetime) -> str:
    """What a link to this version carries. It opens until `now` and SHARED_PREVIEW_LIFE."""
    return signing.dumps([version.pk, int((now + limits.SHARED_PREVIEW_LIFE).timestamp())], salt=_SALT)


def opened(token: str, now: datetime) -> tuple[Version, datetime] | None:
    """The version and the moment when the link ends. None if it ended, was not ours, or its version is gone or discarded.

    What a mail program added around the token does not matter.
    """
    try:
        pk, until = signing.loads(token_in(token, _TOKEN), salt=_SALT)
    except signing.BadSignature:
        return None
    ends = datetime.fromtimestamp(until, UTC)
    if ends <= now:
        return None
    version = Version.objects.kept().select_related(*OF, "cell__concern", "approved_by").filter(pk=pk).first()
    return (version, ends) if version else None
