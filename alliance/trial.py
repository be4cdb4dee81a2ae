"""The commands of manage.py in a trial: `make run` leaves a mark, so that they need no variables.

Only manage.py looks for it, and only where nothing in the environment says in which way to run.
A service says so: without SECRET_KEY and ALLOWED_HOSTS it answers nobody. Its server processes
begin at alliance.wsgi, which knows of no mark.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import django
from django.utils import translation
from django.utils.translation import gettext as _

from recommendations.management.base import language_of_terminal

# Any of them, even an empty one, and the mark is not looked for.
SAY_HOW_TO_RUN = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "ALLIANCE_TRYOUT")
NAME = "trial"
TEXT = """\
`make run` made this directory. The commands of manage.py use it while this file is here and
the environment has none of {names}.
"""


def leave_mark(directory: Path) -> None:
    text = TEXT.format(names=", ".join(SAY_HOW_TO_RUN))
    (directory / NAME).write_text(text, encoding="utf-8")


def is_marked(directory: Path, *, environment: Mapping[str, str]) -> bool:
    is_told = any(name in environment for name in SAY_HOW_TO_RUN)
    return not is_told and (directory / NAME).is_file()


def join(directory: Path) -> None:
    """Run as a part of the trial there, if there is one, and say so."""
    if not is_marked(directory, environment=os.environ):
        return
    os.environ["ALLIANCE_TRYOUT"] = "1"
    django.setup()
    with translation.override(language_of_terminal()):
        told = _("This runs in the trial of `make run`, in %(directory)s.")
        print(told % {"directory": directory}, file=sys.stderr)
