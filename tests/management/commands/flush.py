from django.core.management.commands import flush
from django.db import connections

from recommendations import triggers


class Command(flush.Command):
    """Takes the triggers away for as long as the rows are removed."""

    def handle(self, **options) -> None:
        connection = connections[options["database"]]
        triggers.remove(connection)
        try:
            super().handle(**options)
        finally:
            triggers.install(connection)
