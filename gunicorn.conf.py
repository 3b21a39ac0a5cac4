"""How gunicorn serves the site, in a trial and in production. PORT, WEB_WORKERS and BIND may be set in the environment."""

from __future__ import annotations

import os

from clinic.access_log import FORMAT, AccessLog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

wsgi_app = "clinic.wsgi"
bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 60
graceful_timeout = 10
accesslog = "-" if os.environ.get("ACCESS_LOG", "yes") == "yes" else None
access_log_format = FORMAT
logger_class = AccessLog
loglevel = os.environ.get("LOG_LEVEL", "info")
control_socket_disable = True  # it would sit in the user's home, one for all sites
