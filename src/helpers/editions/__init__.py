"""Editions and parameters: which reports, year, forecasts and language an edition means.

Takes a YAML file and a table of places, gives a checked plan; never runs anything.

`parameters.py` has every parameter, its limits and its words; `edition.py` reads an edition's file
and makes the jobs that it asks for.
"""
