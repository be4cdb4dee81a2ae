"""Status history to periods: what is derived from the published updates, and its upkeep.

`spans` are pure functions; `store` and `repeated_columns` write, for publishing and integrity.
"""
