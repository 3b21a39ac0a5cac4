"""Walks docs/operations.md on a bare Debian of its own, started whole: systemd, PostgreSQL, nginx, PgBouncer, our units.

As root: python -m scripts.try_server [--folder FOLDER]

Needs debootstrap, systemd-nspawn (systemd-container), git, and what Debian and Python install from. Changes nothing outside
FOLDER (by default a new temporary one). Tries what is committed. A command that `page` marks must stand on the page, word
for word. Fails at the first thing that is not as the page says. Takes some ten minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = " ".join((ROOT / "docs" / "operations.md").read_text().split())
NAME, OWNERS, SITES = "www.alder-row.internal", "ownerpassword", "sitepassword"
CURL = f"curl --silent --insecure --resolve {NAME}:443:127.0.0.1"
FILLED = {
    "DATABASE_URL": f"postgresql://clinic_site:{SITES}@localhost/clinic",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": "2525",
    "EMAIL_SECURITY": "none",
    "DEFAULT_FROM_EMAIL": "desk@alder-row.internal",
    "OPERATOR_EMAIL": "bea@alder-row.internal",
}
AS_OWNER = f"read -rs OWNER <<< {OWNERS}; DATABASE_URL=postgresql://clinic_owner:$OWNER@localhost/clinic "
# A mail server that takes as long over a mail as the file DELAY says, and writes down when it got and took one.
SINK = """
import socketserver, sys, time
from pathlib import Path
delay, told = map(Path, sys.argv[1:])
class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda words: self.wfile.write(words.encode() + b"\\r\\n")
        say("220 sink")
        while verb := self.rfile.readline()[:4].upper().strip():
            if verb == b"DATA":
                say("354 go on")
                while self.rfile.readline() not in (b".\\r\\n", b""):
                    pass
                for word, wait in (("got", float(delay.read_text())), ("took", 0)):
                    with told.open("a") as file:
                        print(word, file=file)
                    time.sleep(wait)
            say("221 bye" if verb == b"QUIT" else "250 fine")
socketserver.ThreadingTCPServer(("127.0.0.1", 2525), Talk).serve_forever()
"""
QUEUE = """
from django.utils import timezone
from bookings import outbox
from bookings.models import ConsultationRequest
for row in ConsultationRequest.objects.filter(status="new").exclude(email="")[:1]:
    outbox.queue(row, "new_link", now=timezone.now())
"""


def page(command: str) -> str:
    """The command, which operations.md must have as well."""
    if " ".join(command.split()) not in PAGE:
        raise SystemExit(f"docs/operations.md does not say: {command}")
    return command


class Box:
    """A bare Debian in a folder, whose first process is systemd, with a network of its own and nobody else in it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.process: subprocess.Popen[bytes] | None = None

    def install(self) -> None:
        if not (self.root / "usr").exists():
            more = "systemd,systemd-sysv,dbus,ca-certificates,adduser,procps,curl,openssl"
            command = ["debootstrap", "--variant=minbase", f"--include={more}", "bookworm", str(self.root)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for file in ("/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"):
            shutil.copyfile(file, self.root / file[1:])
        (self.root / "etc/apt/apt.conf.d/99yes").write_text('APT::Get::Assume-Yes "true";\n')

    def start(self) -> None:
        command = (
            f"systemd-nspawn --boot --register=no --keep-unit --private-network --console=pipe -D {self.root}"
        )
        self.process = subprocess.Popen(
            command.split(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            start_new_session=True,
        )
        while not self._children():
            time.sleep(0.1)
        self.until("systemctl is-system-running", "running")

    def _children(self) -> list[str]:
        """The number of the process that is the first one in the box."""
        assert self.process is not None
        task = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        return Path(task).read_text().split()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def run(self, command: str, *, network: bool = False, check: bool = True, typed: str = "") -> str:
        """What root's command says. With `network` it runs in this machine's network, where the registries are."""
        into = [
            "nsenter",
            "-t",
            self._children()[0],
            "-m",
            "-p",
            "-u",
            "-i",
            "-C",
            *([] if network else ["-n"]),
        ]
        clean = [
            "env",
            "-i",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG=C.UTF-8",
        ]
        more = ["DEBIAN_FRONTEND=noninteractive", "PIP_CERT=/etc/ssl/certs/ca-certificates.crt"]
        done = subprocess.run(
            [*into, *clean, *more, "bash", "-c", command],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise SystemExit(f"{command}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def as_user(self, name: str, command: str, *, network: bool = False, typed: str = "") -> str:
        shell = "su -s /bin/bash -w PIP_CERT - " + name
        return self.run(f"{shell} -c {_quoted(command)}", network=network, typed=typed)

    def clinic(self, command: str, *, network: bool = False) -> str:
        return self.as_user("clinic", f"test -d .venv && . .venv/bin/activate; {command}", network=network)

    def postgres(self, command: str, typed: str = "") -> str:
        return self.as_user("postgres", command, typed=typed)

    def until(self, command: str, wanted: str, patience: float = 90) -> float:
        """Ask until the answer holds `wanted`; return how many seconds that took."""
        begun = time.monotonic()
        while wanted not in (said := self.run(command, check=False)):
            if time.monotonic() > begun + patience:
                raise SystemExit(f"{command} never said {wanted}, but:\n{said}")
            time.sleep(0.2)
        return time.monotonic() - begun

    def status(self, path: str) -> str:
        return f"{CURL} -o /dev/null -w '%{{http_code}}' https://{NAME}{path}"


def _quoted(command: str) -> str:
    return "'" + command.replace("'", "'\\''") + "'"


# --- First time, step by step ---------------------------------------------------------------------------------------------


def account_and_code(box: Box) -> None:
    box.run("apt-get update", network=True)
    box.run(page("apt-get install git python3-venv postgresql nginx"), network=True)
    box.run(page("adduser --system --group --home /srv/clinic clinic"))
    page("su -s /bin/bash - clinic")
    bundle = box.root / "opt" / "clinic.bundle"
    subprocess.run(["git", "bundle", "create", "--quiet", str(bundle), "HEAD"], cwd=ROOT, check=True)
    bundle.chmod(0o644)
    box.clinic(page("git clone ADDRESS .").replace("ADDRESS", "--quiet /opt/clinic.bundle"))
    box.clinic(page("python3 -m venv .venv"))
    box.clinic(page(".venv/bin/pip install --require-hashes -r requirements.txt"), network=True)
    for server in ("postgresql", "nginx"):
        box.until(f"systemctl show -p ActiveState {server}", "=active")


def database_and_settings(box: Box) -> None:
    for role, password in (("clinic_owner", OWNERS), ("clinic_site", SITES)):
        box.postgres(page(f"createuser --pwprompt {role}"), typed=f"{password}\n{password}\n")
    box.postgres(page("createdb --owner=clinic_owner clinic"))
    wrote = page("python scripts/write_env.py --production www.example.org")
    box.clinic(wrote.replace("www.example.org", NAME))
    for name, value in FILLED.items():
        box.clinic(f"sed -i -E 's#^(\\# )?{name}=.*#{name}={value}#' .env")
    box.clinic(AS_OWNER + page("python manage.py migrate"))
    box.clinic("python manage.py migrate")
    box.clinic(page("python manage.py collectstatic --noinput"))
    box.clinic(page("python manage.py errorpages"))
    box.clinic("export FIRST_PASSWORD=a-long-first-password; python manage.py firstuser")
    (box.root / "opt" / "sink.py").write_text(SINK)
    (box.root / "opt" / "delay").write_text("0")
    box.run("systemd-run --unit=sink python3 /opt/sink.py /opt/delay /opt/mails")
    box.until(
        "su -s /bin/bash - clinic -c '.venv/bin/python manage.py testmail you@alder-row.internal'",
        "took a test mail",
    )
    found = box.clinic(page("python manage.py check --deploy --database default"))
    assert "no issues" in found, found


def units_and_proxy(box: Box) -> None:
    box.run(f"cd /srv/clinic; {page('install -m 644 deploy/systemd/* /etc/systemd/system/')}")
    box.run(page("systemctl daemon-reload"))
    box.run(page("systemctl enable --now clinic-site clinic-worker clinic-backup.timer clinic-doctor.timer"))
    box.run(page("systemctl start clinic-backup"))
    live = f"/etc/letsencrypt/live/{NAME}"
    box.run(
        f"mkdir -p {live}; openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN={NAME} "
        f"-keyout {live}/privkey.pem -out {live}/fullchain.pem"
    )
    for line in (
        "install -D -m 644 deploy/nginx/clinic.conf /etc/nginx/conf.d/clinic.conf",
        "install -D -m 644 deploy/nginx/headers.conf /etc/nginx/clinic/headers.conf",
        r"sed -i 's/www\.example\.org/your.name/' /etc/nginx/conf.d/clinic.conf",
        "rm -f /etc/nginx/sites-enabled/default",
        "nginx -t && systemctl reload nginx",
    ):
        box.run(f"cd /srv/clinic; {page(line).replace('your.name', NAME)}")
    box.until(box.status("/readyz"), "200")
    said = box.run(f"{CURL} https://{NAME}/readyz")
    assert '"worker": "ok"' in said and '"migrations": "ok"' in said, said
    told = box.clinic(page("python manage.py doctor"))
    assert told.strip().endswith("All is well."), told
    box.clinic("python manage.py demo --yes --requests 12")
    print("First time: every step as it stands. check and doctor find nothing.")


# --- what goes on then ----------------------------------------------------------------------------------------------------


def the_site_reaches_no_further(box: Box) -> None:
    tried = "/srv/clinic/clinic/x /srv/clinic/.env /etc/x /var/backups/clinic/x /srv/clinic/var/x"
    pid = box.run("systemctl show -p MainPID --value clinic-site").strip()
    as_it = f"nsenter -t {pid} -m setpriv --reuid=clinic --regid=clinic --clear-groups"
    script = f'for file in {tried}; do if echo >> "$file"; then echo "may $file"; fi; done 2>/dev/null'
    may = re.findall(r"may (\S+)", box.run(f"{as_it} bash -c {_quoted(script)}", check=False))
    box.run("rm -f /srv/clinic/var/x")
    assert may == ["/srv/clinic/var/x"], may
    print("The site may write to var alone.")


def a_stop_waits_for_the_mail_in_hand(box: Box) -> None:
    (box.root / "opt" / "delay").write_text("15")
    (box.root / "opt" / "queue.py").write_text(QUEUE)
    box.run("rm -f /opt/mails")
    box.clinic("python manage.py shell --verbosity 0 < /opt/queue.py")
    box.until("cat /opt/mails", "got")
    begun = time.monotonic()
    box.run("systemctl stop clinic-worker")
    took = time.monotonic() - begun
    mails = Counter(box.run("cat /opt/mails").split())
    (box.root / "opt" / "delay").write_text("0")
    box.run("systemctl start clinic-worker")
    assert took > 5 and mails["got"] == mails["took"], (took, mails)
    print(f"A worker that is stopped over a mail finishes it: the stop took {took:.0f} s.")


def what_is_killed_comes_back(box: Box) -> None:
    box.run("systemctl kill --signal=KILL clinic-site clinic-worker")
    site = box.until(box.status("/treatments/"), "200")
    worker = box.until("systemctl show -p ActiveState clinic-worker", "=active")
    print(f"Killed, the site answers again after {site:.0f} s, the worker after {worker:.0f} s more.")


def a_killed_backup_leaves_nothing(box: Box) -> None:
    held = "BEGIN; LOCK TABLE bookings_event IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(20);"
    box.run(f"systemd-run --unit=lock --uid=postgres psql clinic -c {_quoted(held)}")
    box.run("systemctl start --no-block clinic-backup")
    box.until("ls -A /var/backups/clinic", ".partial")
    box.run("systemctl kill --signal=KILL clinic-backup; systemctl stop lock", check=False)
    box.until("systemctl is-failed clinic-backup", "failed")
    assert ".partial" in box.run("ls -A /var/backups/clinic")
    box.run("systemctl start clinic-backup")
    assert ".partial" not in box.run("ls -A /var/backups/clinic")
    print("A backup that was killed is cleaned up by the next one.")


def under_traffic(box: Box, what: Callable[[], object]) -> Counter[str]:
    """Do it while somebody reads without a pause; return what they were answered."""
    reading = f"while test ! -e /opt/enough; do {box.status('/treatments/')}; echo; done > /opt/answers"
    (box.root / "opt" / "reading").write_text(reading)
    box.run("rm -f /opt/enough; systemd-run --unit=reader bash /opt/reading")
    time.sleep(2)
    what()
    time.sleep(8)
    box.run("touch /opt/enough")
    box.until("systemctl is-active reader", "inactive")
    return Counter(box.run("cat /opt/answers").split())


def a_reload_refuses_nobody(box: Box) -> None:
    answers = under_traffic(box, lambda: box.run("systemctl reload clinic-site"))
    assert set(answers) == {"200"}, answers
    print(f"systemctl reload under traffic: {dict(answers)}.")


def a_backup_is_put_back(box: Box) -> None:
    box.run(page("systemctl stop clinic-site clinic-worker clinic-backup.timer clinic-doctor.timer"))
    box.postgres(page("psql -c 'ALTER DATABASE clinic RENAME TO clinic_aside'"))
    box.postgres("createdb --owner=clinic_owner clinic")
    newest = box.run("ls -d /var/backups/clinic/clinic-* | tail -1").strip()
    key = page('python -c "import secrets; print(secrets.token_urlsafe(48))"')
    box.clinic(f'sed -i "s#^LINK_KEY=.*#LINK_KEY=$({key})#" .env')
    told = box.clinic(AS_OWNER + page("python manage.py restore BACKUP").replace("BACKUP", newest))
    assert "migrate` once as clinic_site" in told, told
    box.clinic("python manage.py migrate")
    found = box.clinic("python manage.py check --deploy --database default")
    assert "clinic.W" not in found, found
    box.clinic(page("python manage.py rotatekeys --check"))
    box.run("systemctl start clinic-site clinic-worker clinic-backup.timer clinic-doctor.timer")
    box.until(box.status("/readyz"), "200")
    assert '"mail": "held"' in box.run(f"{CURL} https://{NAME}/readyz")
    box.clinic("python manage.py mail --set-aside --release")
    print("A backup put back by the page, with two roles: the site works with its own rights alone.")


def through_the_pooler(box: Box) -> None:
    box.run(page("apt-get install pgbouncer"), network=True)
    box.run(
        f"cd /srv/clinic; {page('install -o postgres -m 640 deploy/pgbouncer.ini /etc/pgbouncer/pgbouncer.ini')}"
    )
    box.run(f'echo \'"clinic_site" "{SITES}"\' > /etc/pgbouncer/userlist.txt')
    box.run(page("systemctl restart pgbouncer"))
    box.clinic("grep ^DATABASE_URL= .env > .env.direct; chmod 600 .env.direct")
    box.clinic("sed -i 's#@localhost/clinic#@127.0.0.1:6432/clinic#' .env")
    box.run("systemctl restart clinic-site clinic-worker")
    box.until(box.status("/treatments/"), "200")
    box.postgres(page("psql -h /var/run/postgresql -p 6432 -U pgbouncer pgbouncer -c RECONNECT"))
    counted = "psql -h /var/run/postgresql -p 6432 -U pgbouncer pgbouncer -At -c 'SHOW CLIENTS' | grep -c clinic_site"
    before = int(box.postgres(counted))
    box.run("systemctl stop pgbouncer; systemctl start clinic-backup && systemctl start pgbouncer")
    print(
        f"Through PgBouncer: {before} connections of the site's. The backup goes past it: it was made without."
    )


def it_comes_up_by_itself(box: Box) -> None:
    box.stop()
    box.start()
    box.run("systemd-run --unit=sink python3 /opt/sink.py /opt/delay /opt/mails")
    took = box.until(box.status("/treatments/"), "200")
    box.until("systemctl show -p ActiveState clinic-worker", "=active")
    print(f"Started anew, it serves after {took:.0f} s, and nobody did anything.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Walks docs/operations.md on a bare Debian of its own.")
    parser.add_argument(
        "--folder", type=Path, help="where the box is made; one that is there is used as it is"
    )
    asked = parser.parse_args()
    if os.geteuid():
        parser.error("only root may start a system of its own")
    with tempfile.TemporaryDirectory() as made:
        box = Box(asked.folder or Path(made))
        box.root.parent.mkdir(exist_ok=True)
        box.install()
        try:
            box.start()
            for step in (
                account_and_code,
                database_and_settings,
                units_and_proxy,
                the_site_reaches_no_further,
                a_stop_waits_for_the_mail_in_hand,
                what_is_killed_comes_back,
                a_killed_backup_leaves_nothing,
                a_reload_refuses_nobody,
                a_backup_is_put_back,
                through_the_pooler,
                it_comes_up_by_itself,
            ):
                step(box)
                sys.stdout.flush()
        finally:
            box.stop()


if __name__ == "__main__":
    main()
