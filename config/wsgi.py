"""The web application, as gunicorn loads it."""

import os

from django.core.wsgi import get_wsgi_application

from config.patience import lose_patience
from config.room import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

lose_patience()
application = with_room(get_wsgi_application())
