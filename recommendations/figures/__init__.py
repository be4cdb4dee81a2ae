"""Every number and list of a page, made of the rows that a viewpoint sees."""
