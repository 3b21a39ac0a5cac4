"""What gunicorn serves in a benchmark: the site, and in every answer which of the web processes gave it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from clinic.wsgi import application as site

_PID = ("X-Worker", str(os.getpid()))


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Called by gunicorn."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, _PID], *more)

    answer: Iterable[bytes] = site(environ, start)
    return answer
