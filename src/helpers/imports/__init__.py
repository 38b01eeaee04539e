"""Figures from outside: files of agencies and answers of services, recognised, judged and made into
tables.

Takes what `sources` has read as text, gives findings and tables in published form; never guesses a
place or a year.
"""
