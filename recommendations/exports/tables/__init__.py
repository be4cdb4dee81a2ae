"""The record as tables of typed rows, for whatever takes data out of it."""
