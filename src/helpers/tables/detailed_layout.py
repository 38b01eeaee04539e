"""Detailed reception tables of millions of rows: checked block by block, kept as Parquet, read by
column.

A row tells how many persons of one age group, sex and citizenship a municipality received in a
month.
"""

KIND, MONTHS = "kommunmottagna_detalj", "kommunmottagna_manad"
KEY = ("kommunkod", "ar", "manad", "aldersgrupp", "kon", "medborgarskap")
SWEDISH = {"år": "ar", "månad": "manad", "åldersgrupp": "aldersgrupp", "kön": "kon"}
COLUMNS = (*KEY, "antal", "sekretess")
