"""Editions and parameters: which reports, year, forecasts and language an edition means.

Takes a YAML file and a table of places, gives a checked plan; never runs anything.
"""
