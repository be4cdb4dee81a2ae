"""Nothing hides in signals: the modules that connect receivers are named, and write no record."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMPORT = re.compile(
    r"^\s*from (?:allauth|django\.(?:core|db|dispatch|test|contrib))[\w.]* import .*", re.MULTILINE
)
SIGNAL = re.compile(r"\bsignals\b|\breceiver\b|\brequest_(?:started|finished)\b|\buser_logged_")
# Roles are kept in step and older databases brought up after a migration, translations and the row
# of the site looked up anew for each request, which server a request reads is forgotten after it, a
# connection to a file that was replaced is closed before it, and what the pages of django-allauth
# change leaves its line in the log.
MAY_CONNECT = {
    "alliance/replica.py",
    "alliance/sign_in_acts.py",
    "alliance/sqlite_file.py",
    "recommendations/apps.py",
    "recommendations/addressee_groups.py",
    "recommendations/site_row.py",
    "recommendations/text/languages.py",
}


def test_receivers_are_connected_in_the_named_modules_alone():
    connecting = {
        path.relative_to(ROOT).as_posix()
        for folder in ("alliance", "recommendations")
        for path in (ROOT / folder).rglob("*.py")
        if any(SIGNAL.search(line) for line in IMPORT.findall(path.read_text(encoding="utf-8")))
    }
    assert connecting == MAY_CONNECT
