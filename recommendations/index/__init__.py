"""The index beside the database: which rows have what, and which words stand in them.

It says counts, hits and their order in a few milliseconds, where SQL reads every row. It is one
SQLite file of a machine, shared by its processes, whichever database the record is in; it holds
nothing that the database does not, and is made anew whenever it is missing, damaged or of another
release (docs/decisions/0007-index.md).
"""
