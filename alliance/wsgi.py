import os

from django.core.wsgi import get_wsgi_application

from .frames import with_room
from .memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")

application = with_room(get_wsgi_application())
settle()
