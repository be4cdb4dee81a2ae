"""What the database knows of its tables, by which it chooses how to answer."""

from __future__ import annotations

from django.apps import apps
from django.db import connection


def analyze() -> None:
    """Have the database look at the tables of the record, after many rows came at once.

    PostgreSQL does so by itself, a minute later or more; until then, a page of a record of 20,000
    actions took minutes. SQLite never does.
    """
    with connection.cursor() as cursor:
        for model in apps.get_app_config("recommendations").get_models(include_auto_created=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
