"""The database itself refuses to rewrite the record, on SQLite and PostgreSQL alike.

The model says the same earlier and in the reader's language. This holds for `queryset.update()`,
for the admin and for SQL. An owner of the tables can drop triggers: docs/deploy.md has the roles.

A migration that alters one of GUARDED_TABLES has to wrap its operations in `around()`: SQLite
rebuilds the table, which loses its triggers and fails on those of others that read it.
"""

from .guard import NO_REPLACEMENT, PREFIX, Guard
from .installing import around, faults, install, installation, lifted, remove
from .record import (
    END_STAMP,
    GUARDED_TABLES,
    NEVER,
    NO_EDITION,
    NO_TRUNCATION,
    ONLY_NEWEST,
    ONLY_PUBLISHED,
    PARTS,
    guards,
)

__all__ = [
    "END_STAMP",
    "GUARDED_TABLES",
    "NEVER",
    "NO_EDITION",
    "NO_REPLACEMENT",
    "NO_TRUNCATION",
    "ONLY_NEWEST",
    "ONLY_PUBLISHED",
    "PARTS",
    "PREFIX",
    "Guard",
    "around",
    "faults",
    "guards",
    "install",
    "installation",
    "lifted",
    "remove",
]
