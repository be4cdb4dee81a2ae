from importlib import import_module

from django.apps import apps
from django.core.management.commands import flush
from django.db import connections

from recommendations import triggers

# Rows that a migration ships, which a new database has and a flushed one would lack.
SHIPPED = import_module("recommendations.migrations.0019_list_hosts").begin_list


class Command(flush.Command):
    """Takes the triggers away for as long as the rows are removed, and puts back what ships."""

    def handle(self, **options) -> None:
        connection = connections[options["database"]]
        triggers.remove(connection)
        try:
            super().handle(**options)
            with connection.schema_editor() as editor:
                SHIPPED(apps, editor)
        finally:
            triggers.install(connection)
