"""From a spreadsheet to rows of text, and what they say. Nothing here knows the database."""
