"""gunicorn's log lines, without saying who asked or what their address carried."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from clinic import request_id
from clinic.logs import Json, Line, PrivateFilter, mask, moment, one_line

# By the value of LOG_FORMAT.
FORMATS = {"line": "%(t)s %(id)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms", "json": "%(json)s"}


class AccessLog(Logger):
    """Gives a format only the moment, the request's number, the method, the masked path, the status, the size and the time
    it took: the rest is personal.
    """

    # gunicorn's own doubles quotation marks, which would break JSON. Nothing here needs it: see `atoms`.
    atoms_wrapper_class = dict

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(PrivateFilter())
        for handler in self.error_log.handlers:
            handler.setFormatter(Json() if cfg.access_log_format == FORMATS["json"] else Line())

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        status = resp.status if isinstance(resp.status, str) else resp.status.decode("ascii")
        path = environ.get("PATH_INFO", "-").encode("latin-1").decode(errors="replace")
        known = {
            "t": moment(time.time()),
            "id": environ.get(request_id.ENVIRON, request_id.NONE),
            "m": environ.get("REQUEST_METHOD", "-"),
            "U": mask(one_line(path)),
            "s": status.split(None, 1)[0],
            "B": getattr(resp, "sent", 0) or 0,
            "M": int(request_time.total_seconds() * 1000),
        }
        return known | {"json": json.dumps({name: known[atom] for name, atom in _NAMES.items()})}


_NAMES = {"at": "t", "request": "id", "method": "m", "path": "U", "status": "s", "bytes": "B", "ms": "M"}
