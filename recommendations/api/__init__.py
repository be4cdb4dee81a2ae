"""The record for programs, at /api/v1/: rows of the tables, by the filters of the list."""
