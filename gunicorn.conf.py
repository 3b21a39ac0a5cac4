"""How gunicorn serves the site, in a trial and in production. The settings that are read here stand in the README."""

from __future__ import annotations

import os
from pathlib import Path

from clinic import environment
from clinic.access_log import FORMATS, AccessLog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

env = environment.read(Path(__file__).resolve().parent)
_port = env.number("PORT", 8000, least=1, most=65535)

wsgi_app = "clinic.wsgi"
bind = env.text("BIND", f"127.0.0.1:{_port}")
workers = env.number("WEB_WORKERS", 2, least=1, most=100)
threads = 4
timeout = 60
graceful_timeout = 10
accesslog = "-" if env.switch("ACCESS_LOG", True) else None
access_log_format = FORMATS[env.choice("LOG_FORMAT", "line", ("line", "json"))]
logger_class = AccessLog
loglevel = env.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error", "critical"))
control_socket_disable = True  # it would sit in the user's home, one for all sites
