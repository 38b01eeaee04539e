"""What a division of the next year's länstal holds."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Divided:
    """A county's known länstal for the year after a report's, divided by stated keys.

    Attributes:
        ar, to_ar: The report's year, and the year divided. people_ar: that of the population.
        lanstal: Persons; None where it is not known, and then there is nothing else.
        table: kommunkod, kommun, before (kommuntal of `ar`, persons), tabell (its source), harledd (before is a
            derived 0), by_decision, by_people (whole persons that sum to the länstal), others (persons not placed,
            unrounded); a column is NA where it cannot be known.
        favoured: method, smaller, larger (persons beyond their exact part), by population.
        volume, placed: The nation's persons expected to settle in `to_ar`, and those to be placed.
        volume_table: The published table of the volume.
        people_tables, received_tables: Those of the population that divides, and of the reception that gives others.
    """

    ar: int
    to_ar: int
    people_ar: int = 0
    lanstal: int | None = None
    table: pd.DataFrame | None = None
    favoured: pd.DataFrame | None = None
    volume: int | None = None
    placed: int | None = None
    volume_table: str = ""
    people_tables: tuple[str, ...] = ()
    received_tables: tuple[str, ...] = ()
