"""A real nginx with deploy/nginx/clinic.conf, on ports and in a folder of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from tests.servers import program, running

ROOT = Path(settings.BASE_DIR)
SAMPLE = (ROOT / "deploy" / "nginx" / "clinic.conf").read_text()
HOST = "www.example.org"


@contextmanager
def nginx(folder: Path, *, plain: int, tls: int, hosts: Sequence[int]) -> Iterator[subprocess.Popen[bytes]]:
    """It listens on `plain` and `tls`, before web hosts on these ports. `folder` is around static/, media/ and all logs."""
    _certificate(folder)
    (folder / "main.conf").write_text(_written_for(folder, plain=plain, tls=tls, hosts=hosts))
    where = ["-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "main.conf")]
    with running([program("nginx"), *where], tls) as process:
        yield process


def _written_for(folder: Path, *, plain: int, tls: int, hosts: Sequence[int]) -> str:
    """The sample with this machine's ports and folders. Beside it, the log that nginx has by itself."""
    text = re.sub(r" +listen \[::\].*\n", "", SAMPLE)
    [host] = re.findall(r" +server 127\.0\.0\.1:8000 .*\n", text)
    text = text.replace(host, "".join(host.replace(":8000 ", f":{port} ") for port in hosts))
    (folder / "clinic").mkdir()
    shutil.copy(ROOT / "deploy" / "nginx" / "headers.conf", folder / "clinic")
    log = f"access_log {folder}/clinic.log clinic;"
    for old, new in {
        "listen 80 ": f"listen 127.0.0.1:{plain} ",
        "listen 443 ": f"listen 127.0.0.1:{tls} ",
        "access_log /var/log/nginx/clinic.log clinic;": f"{log} access_log {folder}/control combined;",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": f"{folder}/cert.pem",
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": f"{folder}/key.pem",
        "root /srv/clinic/var;": f"root {folder};",
        "/srv/clinic/var/media/": f"{folder}/media/",
    }.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "clinic.conf").write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temp = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    # What Debian has around it; its error log with more than it usually says.
    return (
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log info; events {{}}\n"
        f"http {{ {temp} access_log {folder}/access.log; gzip on; types {{ text/html html; text/css css; }}\n"
        f"include {folder}/clinic.conf; }}\n"
    )


def _certificate(folder: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(_PEM))
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(_PEM, form, serialization.NoEncryption()))


_PEM = serialization.Encoding.PEM


_PEM = serialization.Encoding.PEM
