"""gunicorn's log lines, without who asked and without what their address carried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from clinic.logs import PrivateFilter, mask

FORMAT = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"


class AccessLog(Logger):
    """Offers a format only the method, the masked path, the status, the size and the time: the rest is personal."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(PrivateFilter())

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        status = resp.status if isinstance(resp.status, str) else resp.status.decode("ascii")
        return {
            "m": environ.get("REQUEST_METHOD", "-"),
            "U": mask(environ.get("PATH_INFO", "-")),
            "s": status.split(None, 1)[0],
            "B": getattr(resp, "sent", 0) or 0,
            "M": int(request_time.total_seconds() * 1000),
        }
