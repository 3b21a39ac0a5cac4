"""The site as production runs it, behind a proxy that ends https, with the floors' addresses beside its own.

Keys of no value: nothing real is ever kept in a benchmark's database. Everything else is the site's own settings.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["ENV_FILE"] = os.devnull
os.environ["MODE"] = "production"
os.environ["SECRET_KEY"] = "only-for-benchmarks-only-for-benchmarks-only-for-benchmarks-0123"
os.environ["FIELD_KEYS"] = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
os.environ["LINK_KEY"] = "only-for-benchmarks-link-key-only-for-benchmarks-0123"
os.environ["ALLOWED_HOSTS"] = "bench.example.org"
os.environ["SITE_URL"] = "https://bench.example.org"
os.environ["PROXY_HOPS"] = "1"
os.environ["SECOND_FACTOR"] = "no"
os.environ["EMAIL_RATE"] = "0"  # no limit of mails a minute
os.environ["STATIC_ROOT"] = str(Path(__file__).resolve().parent.parent / "var" / "benchmarks" / "static")
os.environ["MEDIA_ROOT"] = str(Path(__file__).resolve().parent.parent / "var" / "benchmarks" / "media")

from clinic.settings import *  # noqa: F403  (the environment must be set first; this is Django's way to extend)
from clinic.settings import INSTALLED_APPS as OF_THE_SITE

INSTALLED_APPS = [*OF_THE_SITE, "benchmarks"]  # for the floors' template
ROOT_URLCONF = "benchmarks.urls"
