"""The one table of limits: how small and how large a number may be, wherever it is written."""

from typing import NamedTuple


class Limit(NamedTuple):
    """What a number may be.

    Attributes:
        least, most: The smallest and the largest value, both allowed.
        unit: What is counted, in English as the command line says it.
        decimals: How many decimals it may have; 0 is a whole number.
    """

    least: float
    most: float
    unit: str
    decimals: int = 0

    @property
    def example(self) -> int:
        """A number within the limits, to show how one is written."""
        return next(number for number in (1500, 2018, 20, 1) if self.least <= number <= self.most)


LIMITS = {
    # all of Sweden: 35 369 came in 2015, the most in one year
    "forecast": Limit(50, 40_000, "children"),
    "forecasts": Limit(1, 6, "forecasts"),  # a figure has six colours and six markers
    "compared": Limit(0, 5, "forecasts"),  # beside the one asked for
    "scenarios": Limit(2, 6, "scenarios"),  # likewise, where they are drawn
    "children": Limit(0, 40_000, "children"),  # placed, or one possible outcome of a forecast
    # of a report: the first year of the reception statistics
    "year": Limit(2008, 2030, "the year"),
    "scenario_year": Limit(2016, 2030, "the year"),  # the placement rule counts from 1 January 2016
    "lanstal": Limit(0, 100_000, "persons"),
    "share": Limit(0, 1000, "‰", 2),  # the county prints two decimals; all of Sweden is 1000
    "attachment": Limit(0, 1, "a part of one", 4),
    "attachment_percent": Limit(0, 100, "per cent"),
    "capacity": Limit(0, 1_000_000, "places, dwellings or staff"),
    "weight": Limit(0, 1000, "the weight", 4),
    "factor": Limit(0, 100_000_000, "the factor", 4),
    "data_year": Limit(1968, 2100, "the year"),  # of a published table
    "fetched_year": Limit(1970, 2100, "the year"),  # and never after this year
    "import_year": Limit(2000, 2030, "the year"),  # of an agency's file that does not say its own
    "workers": Limit(1, 256, "reports at once"),
    "timeout": Limit(1, 86_400, "seconds"),  # a day
    "kept": Limit(2, 1000, "releases"),
    "logs": Limit(1, 10_000, "logs"),
    "runs": Limit(1, 1_000_000, "runs"),
    "minutes": Limit(0.01, 10_080, "minutes", 2),  # a week
}
