"""The workbench for JupyterLab: widgets over one small state, answered by functions that are handed in.

The widgets know no arithmetic, no file and no process: a change becomes a `Choice`, and a `Desk`
turns it into the views to show, a file, or a report.
"""

import base64
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import ipywidgets

from helpers.model.redistribution import Move, PlanError
from helpers.present.explorer_desk import Desk, DeskError, Made
from helpers.present.explorer_parts import OpenPart, PlacesPart, PlanPart, alert, field, row, status
from helpers.present.explorer_state import (
    FIRST_YEAR,
    HIGHEST,
    LAST_YEAR,
    LOWEST,
    MOST_COMPARED,
    STEP,
    Choice,
    read_number,
)
from helpers.present.html import words
from helpers.present.language import Language
from helpers.present.page import Page
from helpers.present.topics import refusals
from helpers.present.views import Figure, View

NO_FORECAST = "Skriv prognosen som ett antal barn, till exempel {exempel}; hittade {fel}."
TOO_MANY = "Jämför med högst {antal} prognoser; hittade {fel}."
NOT_YET = "Inget sparades. Rätta först det som står under reglagen."
UNSAVED = "Spara scenariot först: rapporten görs av filen."
SAVED = "Sparat i {fil}."
NONE_THERE = "Det finns inget scenario för länet och året. Välj ett annat län eller år under Prognos."
NOT_ALLOWED = "Inget öppnades. Planen i {fil} bryter mot en regel."
OPENED = "Öppnat: {fil}. Filen ändras först om du sparar, och då skrivs författare, datum och platsernas källa om."
MADE = {"samma_ar": "under året", "aret_fore": "året före"}  # as a scenario file says it
UNDER_WAY = "Rapporten görs …"
DONE = "Rapporten är klar: {fil}."


class Explorer:
    """The widgets, what is picked (`picked`) and the last of it that held (`choice`), which the answer shows.

    Args:
        page: The page whose language and place the answers use.
        counties: County letters, with the names to show.
        start: The choice to begin with.
        desk: Answers, saves and renders.
    """

    def __init__(self, page: Page, counties: Mapping[str, str], start: Choice, desk: Desk) -> None:
        self.page, self.desk = page, desk
        self.picked = self.choice = replace(start, ar=min(max(start.ar, FIRST_YEAR), LAST_YEAR))
        self.saved: Choice | None = None
        self.wrong: dict[str, str] = {}
        self.opening = False
        self._make_pickers(counties)
        self.plan = PlanPart(page.language, self._add, self._remove, lambda: self._say("plan"))
        self.places = PlacesPart(page.language, lambda: self.picked.places, self._put, partial(self._say, "places"))
        self._make_file_part()
        self.scenarios = OpenPart(page.language, self._open)
        self.message, self.words, *self.drawings = (ipywidgets.HTML(layout={"width": "100%"}) for _ in range(5))
        self.box = ipywidgets.VBox([self._tabs(), self.message, self.words, *self.drawings])
        self._offer()
        self._take(self.picked)

    def _tabs(self) -> Any:
        """The widgets in groups, so that the answer stands right below them."""
        t = self.page.language.t
        groups = {
            t("Prognos"): self.pickers,
            t("Plan"): (self.plan.box,),
            t("Platser"): (self.places.box,),
            t("Spara"): (self.name, self.note, self.replace, row(self.save, self.render), self.result),
            t("Öppna"): (self.scenarios.box,),
        }
        return ipywidgets.Tab([ipywidgets.VBox(group) for group in groups.values()], titles=tuple(groups))

    def _make_pickers(self, counties: Mapping[str, str]) -> None:
        start, language = self.choice, self.page.language
        t = language.t
        named = [(name, letters) for letters, name in counties.items()]
        top = max(HIGHEST // 10, start.prognos)
        others = "; ".join(language.number(prognos) for prognos in start.compared)
        self.county = field(ipywidgets.Dropdown, t("Län"), options=named, value=start.lan)
        self.year = field(ipywidgets.BoundedIntText, t("År"), "18em", min=FIRST_YEAR, max=LAST_YEAR, value=start.ar)
        self.forecast = field(ipywidgets.IntSlider, t("Prognos"), min=LOWEST, max=top, step=STEP, value=start.prognos)
        made = [(t(label), key) for key, label in MADE.items()]
        self.made = field(ipywidgets.Dropdown, t("Prognosen gjord"), options=made, value=start.made)
        self.compared = field(ipywidgets.Text, t("Jämför med"), value=others, continuous_update=False)
        self.attachment = field(ipywidgets.IntSlider, t("Anknytning (%)"), max=100, value=start.attachment_percent)
        self.spread = field(ipywidgets.Checkbox, t("Visa hur fallen sprider sig"), value=False)
        picked = (self.county, self.year, self.forecast, self.made, self.compared, self.attachment)
        self.pickers = (*picked, self.spread)
        for widget in self.pickers:
            widget.observe(self._changed, names="value")

    def _make_file_part(self) -> None:
        t = self.page.language.t
        self.name = field(ipywidgets.Text, t("Scenariots namn"), value=self.choice.name)
        self.note = field(ipywidgets.Textarea, t("Anteckning"), value=self.choice.note)
        self.replace = field(ipywidgets.Checkbox, t("Ersätt filen om den redan finns"), value=False)
        self.save = ipywidgets.Button(description=t("Spara scenario"))
        self.render = ipywidgets.Button(description=t("Rendera rapport"))
        self.result = ipywidgets.HTML()
        self.save.on_click(lambda _: self._save())
        self.render.on_click(lambda _: self._render())

    def _changed(self, _change: Mapping[str, Any]) -> None:
        """Take what the pickers say; what is no list of forecasts stays unused, with the reason beside it."""
        if self.opening:
            return
        wrong, compared = read_compared(self.compared.value, self.page.language)
        self._say("compared", wrong)
        picked = replace(
            self.picked.in_county(self.county.value),
            ar=self.year.value,
            prognos=self.forecast.value,
            made=self.made.value,
            compared=self.picked.compared if wrong else compared,
            attachment=self.attachment.value / 100,
        )
        before, self.picked = self.picked, picked
        if picked.lan != before.lan:
            self._offer()
        if picked.ar != before.ar:
            self._offer_files()
        self._take(picked)

    def _offer(self) -> None:
        names = self.desk.municipalities(self.picked.lan)
        self.plan.offer(names)
        self.places.offer(names)
        self._offer_files()

    def _offer_files(self) -> None:
        self.scenarios.offer(self.desk.scenarios(self.picked.lan, self.picked.ar))

    def _open(self, name: str | None) -> None:
        """Fill the widgets with what a file says; if it is refused, say why and change nothing."""
        language = self.page.language
        try:
            choice = self.desk.open(name) if name else None
        except DeskError as refused:
            self.scenarios.result.value = refused_html(refused, language)
        except PlanError as error:
            names = self.desk.municipalities(self.picked.lan)
            why = refusals.reasons(error.refusals, names, language)
            self.scenarios.result.value = alert(language.t(NOT_ALLOWED, fil=f"{name}.yaml"), *why)
        else:
            if choice:
                self._fill(replace(choice, compared=self.picked.compared))
            told = status(language.t(OPENED, fil=f"{name}.yaml")) if choice else alert(language.t(NONE_THERE))
            self.scenarios.result.value = told

    def _fill(self, choice: Choice) -> None:
        """Let the widgets show a choice, and answer it once."""
        self.opening, self.picked = True, choice
        self.forecast.max = max(self.forecast.max, choice.prognos)
        self.county.value, self.year.value, self.forecast.value = choice.lan, choice.ar, choice.prognos
        self.made.value, self.attachment.value = choice.made, choice.attachment_percent
        self.name.value, self.note.value, self.opening = choice.name, choice.note, False
        self._offer()
        self._take(choice)

    def _add(self, move: Move) -> None:
        wanted = replace(self.picked, moves=(*self.picked.moves, move))
        if self._take(wanted):
            self.picked = wanted

    def _remove(self, move: Move) -> None:
        self.picked = replace(self.picked, moves=tuple(kept for kept in self.picked.moves if kept != move))
        self._take(self.picked)

    def _put(self, kommunkod: str, slag: str, antal: int | None) -> None:
        if self.picked.places.get((kommunkod, slag)) != antal:
            self.picked = self.picked.with_places(kommunkod, slag, antal)
            self._take(self.picked)

    def _take(self, choice: Choice) -> bool:
        """Answer a choice, the words before the drawing; if it is refused, say why and let the last answer stand."""
        try:
            views = self.desk.answer(choice, spread=self.spread.value)
        except PlanError as error:
            names = self.desk.municipalities(choice.lan)
            self._say("plan", *refusals.reasons(error.refusals, names, self.page.language))
            self.plan.show(self.picked.moves)
            return False
        self.choice = choice
        self._say("plan")
        self.plan.show(choice.moves)
        aside = self.page.aside()
        self.words.value = shown(aside, *(view for view in views if not isinstance(view, Figure)))
        figures = [view for view in views if isinstance(view, Figure)]
        for number, widget in enumerate(self.drawings):
            widget.value = shown(aside, *figures[number : number + 1])
        return True

    def _say(self, about: str, *reasons: str) -> None:
        """Say below the widgets what is wrong with one of them; without a reason, take it back."""
        self.wrong[about] = " ".join(reasons)
        self.message.value = alert(*filter(None, self.wrong.values()))

    @property
    def named(self) -> Choice:
        """What is picked, under the name and with the note that are written."""
        return replace(self.picked, name=self.name.value.strip(), note=self.note.value.strip())

    def _save(self) -> None:
        if self.picked != self.choice or self.message.value:
            self._tell(DeskError(NOT_YET))
            return
        try:
            path = self.desk.save(self.named, replace=self.replace.value)
        except DeskError as refused:
            self._tell(refused)
            return
        self.saved, self.replace.value = self.named, False
        self.result.value = status(self.page.language.t(SAVED, fil=path))
        self._offer_files()

    def _render(self) -> None:
        if self.saved is None or self.named != self.saved:
            self._tell(DeskError(UNSAVED))
            return
        self.render.disabled = True
        self.result.value = status(self.page.language.t(UNDER_WAY))
        self.desk.render(self.saved, self.page.language.code, self._tell)

    def _tell(self, outcome: Made | DeskError) -> None:
        self.render.disabled = False
        language = self.page.language
        if isinstance(outcome, DeskError):
            self.result.value = refused_html(outcome, language)
        else:
            self.result.value = made_html(outcome, language)


def shown(page: Page, *views: View) -> str:
    """Return views as HTML in the notebook's own look, as wide as there is room."""
    look = 'class="jp-RenderedHTMLCommon" style="contain: inline-size; overflow-x: auto"'
    return f"<div {look}>{page.show(*views).html}</div>" if views else ""


def read_compared(text: str, language: Language) -> tuple[str, tuple[int, ...]]:
    """Return why a list of forecasts, set apart by semicolons, is not used (else ""), and the forecasts."""
    written = [part.strip() for part in text.split(";") if part.strip()]
    numbers = {part: read_number(part, 1, HIGHEST) for part in written}
    wrong = [part for part, number in numbers.items() if number is None]
    known = tuple(dict.fromkeys(number for number in numbers.values() if number is not None))
    if wrong:
        return language.t(NO_FORECAST, exempel=language.number(2300), fel=language.listing(wrong)), ()
    if len(known) > MOST_COMPARED:
        return language.t(TOO_MANY, antal=str(MOST_COMPARED), fel=str(len(known))), ()
    return "", known


def refused_html(refused: DeskError, language: Language) -> str:
    """Return why something is not done, with the programme's own words below if there are any."""
    detail = f'<pre lang="en">{escape(refused.detail)}</pre>' if refused.detail else ""
    return alert(language.t(refused.text, **words(refused.values, language))) + detail


def made_html(made: Made, language: Language) -> str:
    """Return where the report lies, and a link that holds the page itself: JupyterLab need not serve its folder."""
    data = base64.b64encode(made.page).decode()
    name = escape(made.path.rpartition("/")[2])
    link = f'<a href="data:text/html;base64,{data}" download="{name}">{escape(language.t("Hämta rapporten"))}</a>'
    return f'{status(language.t(DONE, fil=made.path))}<p class="jp-RenderedHTMLCommon">{link}</p>'
