"""Why a file cannot be imported, in a sentence that says what to do."""

from django.utils.translation import gettext as _

LARGEST_FILE = 20 * 1024 * 1024


class ImportProblem(Exception):
    """The file is refused; nothing was written."""


def too_large() -> ImportProblem:
    return ImportProblem(
        _("The file has more than %(n)d MB. Take the pictures out, or import it in parts.")
        % {"n": LARGEST_FILE // 1024 // 1024}
    )
