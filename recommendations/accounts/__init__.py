"""People, their roles, and the mail that they get."""
