"""The project's settings with what the suite needs to be quick and to stand alone."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "for-tests-only")
os.environ["ALLIANCE_TRYOUT"] = "1"
os.environ["DEBUG"] = "0"

from alliance.settings import *
from alliance.settings import CACHES, DATABASES, INSTALLED_APPS, STORAGES

# It has a `flush` that may empty the record: each test with real transactions ends with one.
INSTALLED_APPS += ["tests"]
# As where a provider is set: tests name theirs later.
INSTALLED_APPS += ["allauth.socialaccount.providers.openid_connect"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Static files straight from the apps: no collectstatic before the suite.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# A test changes rows past publishing, which nothing tells a page that is kept.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

# The index of each process of the suite; what is not committed is indexed in memory.
INDEX_DIR = Path(tempfile.gettempdir()) / f"alliance-tests-index-{os.getpid()}"
DATA_DIR = Path(tempfile.gettempdir()) / f"alliance-tests-data-{os.getpid()}"
# No test asks the net, and none leaves a copy of a page where those of a trial are.
CAPTURE = False
STORAGES["captures"] = {
    "BACKEND": "alliance.private_storage.PrivateStorage",
    "OPTIONS": {"location": DATA_DIR / "captures"},
}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because the threads of a live server and of the concurrency tests each have a
    # connection of their own; one a process, because suites run beside each other.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"alliance-tests-{os.getpid()}.sqlite3")
    }
else:
    # Room for the threads of a concurrency test beside those that a live server left behind.
    DATABASES["default"]["OPTIONS"]["pool"] |= {"max_size": 12, "timeout": 60}
    # Nothing has to outlive the server, and each commit waited for the disk.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
