"""A made-up record of any size, for measuring and trying out: the same seed makes the same rows."""
