"""Words of Django's own admin that its Japanese sets with spaces, or says otherwise than ours."""

from django.utils.translation import gettext_noop

WORDS = (
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("Select %s"),
    gettext_noop("Add %s"),
    gettext_noop("Change %s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Delete?"),
    gettext_noop("user"),
    gettext_noop("users"),
)
