"""The scenario explorer for JupyterLab: widgets that pick, and the reports' own views that answer.

The widgets know no arithmetic: a choice becomes a `Choice`, and the same functions as the reports'
turn it into sentences, a figure and a table.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import ipywidgets
import pandas as pd
from IPython.display import HTML, clear_output, display

from helpers.model.shares import compare_scenarios, shares_in_use
from helpers.present.language import Language
from helpers.present.page import Page
from helpers.present.topics.scenarios import answer, scenario_views
from helpers.present.views import Place, View

Respond = Callable[["Choice"], tuple[View, ...]]
LOWEST, HIGHEST, STEP = 100, 40_000, 50


@dataclass(frozen=True)
class Choice:
    """What the analyst has picked: a county and the forecasts to compare (children in Sweden)."""

    lan: str
    forecast: int
    compared: tuple[int, ...]

    @property
    def prognoser(self) -> list[int]:
        """The compared forecasts and the one on the slider, each once, lowest first."""
        return sorted({self.forecast, *self.compared})


class Data(Protocol):
    """What the explorer needs of the workbook."""

    @property
    def andelstal(self) -> pd.DataFrame: ...
    @property
    def kommuner(self) -> pd.DataFrame: ...
    def county(self, key: str, /) -> Place: ...


def respond_with(data: Data, ar: int) -> Respond:
    """Return the answer to a choice: the county's shares of that year under its forecasts."""

    def respond(choice: Choice) -> tuple[View, ...]:
        place = data.county(choice.lan)
        shares = shares_in_use(data.andelstal, data.kommuner, place.kommunkoder, ar)
        scenarios = compare_scenarios(shares, choice.prognoser)
        if scenarios.empty:
            return (answer(place, scenarios, shares),)
        return (answer(place, scenarios, shares), *scenario_views(place, scenarios, shares))

    return respond


class Explorer:
    """Three widgets over one state; every change is answered by `respond`.

    Args:
        page: The page whose language and numbering the answers use.
        lan: County letters, with the names to show.
        start: The choice to begin with.
        respond: Choice → the views to show.
    """

    def __init__(self, page: Page, lan: dict[str, str], start: Choice, respond: Respond) -> None:
        self.page, self.choice, self.respond = page, start, respond
        t = page.language.t
        self.county = ipywidgets.Dropdown(
            options=[(name, letter) for letter, name in lan.items()], value=start.lan, description=t("Län")
        )
        self.forecast = ipywidgets.IntSlider(
            value=start.forecast,
            min=LOWEST,
            max=max(HIGHEST // 10, start.forecast),
            step=STEP,
            description=t("Prognos"),
            continuous_update=False,
        )
        self.compared = ipywidgets.Text(
            value="; ".join(page.language.number(prognos) for prognos in start.compared),
            description=t("Jämför med"),
            continuous_update=False,
        )
        self.message = ipywidgets.HTML()
        self.output = ipywidgets.Output()
        for widget in (self.county, self.forecast, self.compared):
            widget.observe(self._changed, names="value")
        self._answer()

    @property
    def box(self) -> ipywidgets.VBox:
        """The widgets and their answer, to display."""
        return ipywidgets.VBox([self.county, self.forecast, self.compared, self.message, self.output])

    def _changed(self, _change: dict[str, Any]) -> None:
        written = [text.strip() for text in self.compared.value.split(";") if text.strip()]
        numbers = {text: read_forecast(text) for text in written}
        wrong = [text for text, number in numbers.items() if number is None]
        self.message.value = refusal(wrong, self.page.language) if wrong else ""
        if wrong:
            return
        compared = tuple(number for number in numbers.values() if number is not None)
        self.choice = replace(self.choice, lan=self.county.value, forecast=self.forecast.value, compared=compared)
        self._answer()

    def _answer(self) -> None:
        with self.output:
            clear_output(wait=True)
            display(HTML(self.page.aside().show(*self.respond(self.choice)).html))


def read_forecast(text: str) -> int | None:
    """Return a forecast written by hand, thousands apart or not; None if it is not a number of children.

    >>> read_forecast("2 300"), read_forecast("2,300"), read_forecast("1,5"), read_forecast("0")
    (2300, 2300, None, None)
    """
    digits = re.sub(r"\s|(?<=\d),(?=\d{3}(?!\d))", "", text)
    return int(digits) if re.fullmatch(r"[1-9]\d*", digits) and int(digits) <= HIGHEST else None


def refusal(wrong: list[str], language: Language) -> str:
    """Return why a forecast written by hand is not used, as HTML for the widget."""
    text = "Skriv prognosen som ett antal barn, till exempel {exempel}; hittade {fel}."
    return f'<p role="alert">{language.t(text, exempel=language.number(2300), fel=language.listing(wrong))}</p>'
