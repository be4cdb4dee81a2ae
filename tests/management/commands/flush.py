from django.core.management.base import BaseCommand

from tests.as_migrated import as_migrated


class Command(BaseCommand):
    """Stands for Django's, which empties every table and which the guards refuse."""

    # As Django's test cases give them.
    stealth_options = (
        "allow_cascade",
        "database",
        "inhibit_post_migrate",
        "interactive",
        "reset_sequences",
    )

    def handle(self, **options) -> None:
        as_migrated.put_back()
