"""The project's settings as a service has them, but on this machine, and made anew each time."""

import os

os.environ["DEBUG"] = "0"
os.environ["ALLIANCE_TRYOUT"] = "1"

from alliance.settings import *
from alliance.settings import CACHES

# What is measured is how a page is made, not how a kept one is given again.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
