"""Texts of the record in other languages, and the files that carry them."""
