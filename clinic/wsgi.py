"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from clinic.charset import CharsetGuard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = CharsetGuard(get_wsgi_application())
