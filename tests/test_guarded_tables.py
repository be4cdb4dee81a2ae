"""The files of what the guarded tables are say what the migrations make.

`KEEP_TABLES=1 python -m pytest tests/test_guarded_tables.py` writes the one of the database that
it runs on. After a migration of such a table: on SQLite and on PostgreSQL.
"""

import json
import os

import pytest

from recommendations.integrity import schema

pytestmark = pytest.mark.django_db


def test_files_say_what_the_migrations_make() -> None:
    found = schema.described()
    if os.environ.get("KEEP_TABLES"):
        from django.db import connection

        file = schema.FILES / f"{connection.vendor}.json"
        file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert schema.kept() == found
    assert list(schema.differences()) == []
