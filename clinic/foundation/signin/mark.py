"""Whom a form of the desk was made for: a signed value beside its token, in every form that posts.

A session ends and a browser changes hands while a form is open. This value still says who was typing, even when every
cookie is gone. It opens nothing. Nobody but us can make one, so what carries one was sent from a page of ours, and not by
a stranger's page.

Its tag takes the place of Django's `{% csrf_token %}` (settings.TEMPLATES), so that no template can forget it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.foundation import limits

FIELD = "typist"
_SALT = "clinic.signin.mark"

register = template.Library()


def of(user: User, now: datetime) -> str:
    """The value for a form that `user` opens at `now`."""
    return signing.dumps([user.pk, int(now.timestamp())], salt=_SALT)


def whose(text: str, now: datetime) -> int | None:
    """The id of the account that the form was made for; None if the value is too old or not ours."""
    try:
        pk, made = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    return int(pk) if now.timestamp() - made <= limits.sign_in.DESK_FORM_LIFE.total_seconds() else None


class _MarkedToken(CsrfTokenNode):
    def render(self, context: Context) -> SafeString:
        token = SafeString(super().render(context))
        request: Any = context.get("request")
        # Elsewhere nobody has signed in, and asking would open a session on pages that are cached.
        if not token or request is None or not request.path.startswith(settings.DESK_PATH):
            return token
        if not request.user.is_authenticated:
            return token
        value = of(request.user, timezone.now())
        return token + format_html('<input type="hidden" name="{}" value="{}">', FIELD, value)


@register.tag
def csrf_token(parser: Parser, token: Token) -> CsrfTokenNode:
    """Django's own hidden field, and on the desk the mark beside it."""
    return _MarkedToken()
