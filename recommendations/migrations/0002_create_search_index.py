"""Each database keeps its own full-text index over the search documents.

SQLite's triggers are lost when a later migration rebuilds that table: such a migration has to run
`create_index` again.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE recommendations_search USING fts5(
        words, bigrams,
        content='recommendations_searchdocument', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER recommendations_search_insert
    AFTER INSERT ON recommendations_searchdocument BEGIN
        INSERT INTO recommendations_search (rowid, words, bigrams)
        VALUES (new.id, new.words, new.bigrams);
    END
    """,
    """
    CREATE TRIGGER recommendations_search_delete
    AFTER DELETE ON recommendations_searchdocument BEGIN
        INSERT INTO recommendations_search (recommendations_search, rowid, words, bigrams)
        VALUES ('delete', old.id, old.words, old.bigrams);
    END
    """,
    """
    CREATE TRIGGER recommendations_search_update
    AFTER UPDATE ON recommendations_searchdocument BEGIN
        INSERT INTO recommendations_search (recommendations_search, rowid, words, bigrams)
        VALUES ('delete', old.id, old.words, old.bigrams);
        INSERT INTO recommendations_search (rowid, words, bigrams)
        VALUES (new.id, new.words, new.bigrams);
    END
    """,
    "INSERT INTO recommendations_search (recommendations_search) VALUES ('rebuild')",
]
SQLITE_REVERSE = [
    "DROP TRIGGER IF EXISTS recommendations_search_insert",
    "DROP TRIGGER IF EXISTS recommendations_search_delete",
    "DROP TRIGGER IF EXISTS recommendations_search_update",
    "DROP TABLE IF EXISTS recommendations_search",
]
POSTGRESQL = [
    "CREATE INDEX recommendations_search_words ON recommendations_searchdocument"
    " USING gin (to_tsvector('english', words))",
    "CREATE INDEX recommendations_search_bigrams ON recommendations_searchdocument"
    " USING gin (to_tsvector('simple', bigrams))",
]
POSTGRESQL_REVERSE = [
    "DROP INDEX IF EXISTS recommendations_search_words",
    "DROP INDEX IF EXISTS recommendations_search_bigrams",
]


def create_index(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL_REVERSE if is_postgresql else SQLITE_REVERSE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_create_models")]

    operations = [migrations.RunPython(create_index, drop_index)]
