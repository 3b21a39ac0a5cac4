"""A real PgBouncer with deploy/pgbouncer.ini, on a port and in a folder of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from psycopg2.extensions import parse_dsn

from tests.servers import free_port, program, running


@contextmanager
def pooler(url: str, folder: Path, *, connections: int) -> Iterator[str]:
    """PgBouncer as deploy/pgbouncer.ini has it, in front of the database at `url`, with so many connections to it."""
    path, port, server = program("pgbouncer"), free_port(), parse_dsn(url)
    text = (Path(settings.BASE_DIR) / "deploy" / "pgbouncer.ini").read_text()
    place = " ".join(f"{name}={value}" for name, value in server.items() if value)
    for line, here in {
        "clinic = .*": f"site = {place}",
        "listen_port = .*": f"listen_port = {port}",
        "unix_socket_dir = .*": "unix_socket_dir =",
        "auth_type = .*": "auth_type = any",
        "auth_file = .*": "",
        "default_pool_size = .*": f"default_pool_size = {connections}",
        "logfile = .*": "",
        "pidfile = .*": "",
    }.items():
        text, found = re.subn(rf"(?m)^{line}$", here, text)
        assert found == 1, line
    file = folder / "pgbouncer.ini"
    file.write_text(text)
    # It refuses to be root, and must be able to reach the server's socket.
    owner = os.stat(server["host"]).st_uid if server.get("host", "").startswith("/") else 65534
    somebody = {"user": owner or 65534} if os.geteuid() == 0 else {}
    with running([path, "-q", str(file)], port, **somebody):
        yield f"postgresql://site:@127.0.0.1:{port}/site"
