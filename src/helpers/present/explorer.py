"""The workbench for JupyterLab: widgets over one small state, answered by functions that are handed
in.

The widgets know no arithmetic, no file and no process: a change becomes a `Choice`, and a `Desk`
turns it into the views to show, a file, or a report.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ipywidgets

from helpers.contracts.numbers import LIMITS
from helpers.model.redistribution import Move, PlanError
from helpers.present.desk import PULLED, STEP, Choice, Desk, DeskError, Made
from helpers.present.page import Page
from helpers.present.topics import plans
from helpers.present.views import Figure, View
from helpers.present.widgets import (
    NumberField,
    OpenPart,
    PlacesPart,
    PlanPart,
    alert,
    field,
    made_html,
    refused_html,
    row,
    status,
    written,
)

NOT_YET = "Inget sparades. Rätta först det som står i fältet {falt}."
UNSAVED = "Spara scenariot först: rapporten görs av filen."
SAVED = "Sparat i {fil}."
NONE_THERE = (
    "Det finns inget scenario för länet och året. Välj ett annat län eller år under Prognos."
)
NOT_ALLOWED = "Inget öppnades. Planen i {fil} bryter mot en regel."
OPENED = (
    "Öppnat: {fil}. Filen ändras först om du sparar, och då skrivs författare, datum och platsernas"
    " källa om."
)
MADE = {"samma_ar": "under året", "aret_fore": "året före"}  # as a scenario file says it
UNDER_WAY = "Rapporten görs …"
HANDED_FROM = "Från och med {ar} kan en kommun lämna över hela sitt andelstal."
OTHER_YEARS = "Andelstalen är de för {years}, eftersom de för {ar} inte är kända här."
ELSEWHERE = "Arbetsbänken visar {har}. Resten av sidan gäller {sida}."


class Explorer:
    """The widgets, and what is picked (`choice`), which the answer shows; what is refused changes
    neither.

    Args:
        page: The page whose language and place the answers use.
        counties: County letters, with the names to show.
        start: The choice to begin with; a year in which no share may be handed over becomes the
            first in which one may, and that is said beside the field.
        desk: Answers, saves and renders.
    """

    def __init__(self, page: Page, counties: Mapping[str, str], start: Choice, desk: Desk) -> None:
        self.page, self.desk, self.counties = page, desk, counties
        first = desk.handed_over_from or start.ar
        self.choice = replace(
            start, ar=min(max(start.ar, first), int(LIMITS["scenario_year"].most))
        )
        self.saved: Choice | None = None
        self.answered: tuple[Choice, bool] | None = None
        self.opening = False
        self._make_pickers()
        self.plan = PlanPart(page.language, self._add, self._remove)
        self.places = PlacesPart(page.language, lambda: self.choice.places, self._put)
        self._make_file_part()
        self.scenarios = OpenPart(page.language, self._open)
        self.elsewhere, self.words, *self.drawings = (
            ipywidgets.HTML(layout={"width": "100%"}) for _ in range(5)
        )
        self.box = ipywidgets.VBox([self._tabs(), self.elsewhere, self.words, *self.drawings])
        self._offer()
        self._take(self.choice)

    def _tabs(self) -> Any:
        """The widgets in groups, so that the answer is right below them."""
        t = self.page.language.t
        groups = {
            t("Prognos"): self.pickers,
            t("Plan"): (self.plan.box,),
            t("Platser"): (self.places.box,),
            t("Spara"): (
                self.name,
                self.note,
                self.replace,
                row(self.save, self.render),
                self.result,
            ),
            t("Öppna"): (self.scenarios.box,),
        }
        return ipywidgets.Tab(
            [ipywidgets.VBox(group) for group in groups.values()], titles=tuple(groups)
        )

    def _make_pickers(self) -> None:
        start, language = self.choice, self.page.language
        t = language.t
        named = [(name, letters) for letters, name in self.counties.items()]
        made = [(t(label), key) for key, label in MADE.items()]
        self.county = field(ipywidgets.Dropdown, t("Län"), options=named, value=start.lan)
        self.year = NumberField(language, t("År"), "scenario_year", self._changed, width="18em")
        self.of_year = ipywidgets.HTML()
        self.forecast = NumberField(language, t("Prognos"), "forecast", self._changed, width="20em")
        self.slider = _slider(LIMITS["forecast"].least, PULLED, STEP)
        self.made = field(ipywidgets.Dropdown, t("Prognosen gjord"), options=made, value=start.made)
        self.compared = NumberField(
            language, t("Jämför med"), "forecast", self._changed, count="compared"
        )
        self.attachment = NumberField(
            language, t("Anknytning (%)"), "attachment_percent", self._changed, width="20em"
        )
        self.spread = field(ipywidgets.Checkbox, t("Visa hur fallen sprider sig"), value=False)
        self.numbers = (self.year, self.forecast, self.compared, self.attachment)
        self.pickers = (
            self.county,
            self.year.box,
            self.of_year,
            row(self.forecast.text, self.slider),
            self.forecast.said,
            self.made,
            self.compared.box,
            self.attachment.box,
            self.spread,
        )
        self._show(start)
        for widget in (self.county, self.made, self.spread):
            widget.observe(lambda _: self._changed(), names="value")
        self.slider.observe(lambda _: self._pulled(), names="value")

    def _show(self, choice: Choice) -> None:
        """Let the pickers show a choice, without calling any handler."""
        self.opening = True
        self.county.value, self.made.value = choice.lan, choice.made
        self.year.show(choice.ar)
        self.forecast.show(choice.prognos)
        self.compared.show(*choice.compared)
        self.attachment.show(choice.attachment_percent)
        self._slide(choice.prognos)
        self.opening = False

    def _slide(self, prognos: int) -> None:
        """Put the slider at a forecast, and make it longer for one that is beyond it."""
        before, self.opening = self.opening, True
        self.slider.max = max(PULLED, prognos)
        self.slider.value = prognos
        self.opening = before

    def _pulled(self) -> None:
        """Write in the field where the slider is; the field is what is read."""
        if not self.opening:
            self.forecast.text.value = written(self.slider.value, "forecast")

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

    def _changed(self) -> None:
        """Take what the pickers say; a field that cannot be read, or a year that the plan forbids,
        changes nothing.
        """
        if self.opening:
            return
        ar, prognos, compared, attachment = (one.read() for one in self.numbers)
        before = self.choice
        wanted = replace(
            before.in_county(self.county.value),
            ar=ar[0] if ar else before.ar,
            prognos=prognos[0] if prognos else before.prognos,
            made=self.made.value,
            compared=before.compared if compared is None else compared,
            attachment=attachment[0] / 100 if attachment else before.attachment,
        )
        reasons = self._take(wanted)
        if reasons:  # the plan forbids the year; the other fields hold without it
            self.year.say(*reasons)
            wanted = replace(wanted, ar=before.ar)
            self._take(wanted)
        self._slide(wanted.prognos)
        if wanted.lan != before.lan:
            self._offer()
        if wanted.ar != before.ar:
            self._offer_files()

    def _offer(self) -> None:
        names = self.desk.municipalities(self.choice.lan)
        self.plan.offer(names)
        self.places.offer(names)
        self._offer_files()

    def _offer_files(self) -> None:
        self.scenarios.offer(self.desk.scenarios(self.choice.lan, self.choice.ar))

    def _open(self, name: str | None) -> None:
        """Fill the widgets with what a file says; if it is refused, say why and change nothing."""
        language = self.page.language
        try:
            choice = self.desk.open(name) if name else None
        except DeskError as refused:
            self.scenarios.result.value = refused_html(refused, language)
        except PlanError as error:
            names = self.desk.municipalities(self.choice.lan)
            why = plans.reasons(error.refusals, names, language, widgets=True)
            self.scenarios.result.value = alert(language.t(NOT_ALLOWED, fil=f"{name}.yaml"), *why)
        else:
            if choice:
                self._fill(replace(choice, compared=self.choice.compared))
            told = (
                status(language.t(OPENED, fil=f"{name}.yaml"))
                if choice
                else alert(language.t(NONE_THERE))
            )
            self.scenarios.result.value = told

    def _fill(self, choice: Choice) -> None:
        """Let the widgets show a choice, and answer it once."""
        self.choice = choice
        self._show(choice)
        self.name.value, self.note.value = choice.name, choice.note
        self._offer()
        self._take(choice)

    def _add(self, move: Move) -> None:
        self.plan.say(*self._take(replace(self.choice, moves=(*self.choice.moves, move))))

    def _remove(self, move: Move) -> None:
        self._take(
            replace(self.choice, moves=tuple(kept for kept in self.choice.moves if kept != move))
        )
        self.plan.say()
        self._changed()  # a year that the plan forbade may be written in its field

    def _put(self, kommunkod: str, slag: str, antal: int | None) -> None:
        if self.choice.places.get((kommunkod, slag)) != antal:
            self._take(self.choice.with_places(kommunkod, slag, antal))

    def _take(self, choice: Choice) -> list[str]:
        """Answer a choice, the words before the drawing; if it is refused, return why and keep
        the last one.
        """
        asked = (choice, self.spread.value)
        if asked == self.answered:
            return []
        try:
            views = self.desk.answer(choice, spread=self.spread.value)
        except PlanError as error:
            names = self.desk.municipalities(choice.lan)
            return plans.reasons(error.refusals, names, self.page.language, widgets=True)
        self.choice, self.answered = choice, asked
        self.plan.show(choice.moves)
        self._say_what_it_is_of(choice)
        aside = self.page.aside()
        self.words.value = shown(aside, *(view for view in views if not isinstance(view, Figure)))
        figures = [view for view in views if isinstance(view, Figure)]
        for number, widget in enumerate(self.drawings):
            widget.value = shown(aside, *figures[number : number + 1])
        return []

    def _say_what_it_is_of(self, choice: Choice) -> None:
        """Say beside the year whose shares are used, and below the tabs where the page is of
        another place or year.
        """
        t = self.page.language.t
        years = self.desk.share_years(choice)
        first = self.desk.handed_over_from
        told = [] if first is None else [t(HANDED_FROM, ar=str(first))]
        if set(years) - {choice.ar}:
            told.append(
                t(
                    OTHER_YEARS,
                    years=self.page.language.listing([*map(str, years)]),
                    ar=str(choice.ar),
                )
            )
        self.of_year.value = status(" ".join(told))
        here = f"{self.counties[choice.lan]} {choice.ar}"
        apart = here != self.page.about
        self.elsewhere.value = status(t(ELSEWHERE, har=here, sida=self.page.about)) if apart else ""

    @property
    def named(self) -> Choice:
        """What is picked, under the name and with the note that are written."""
        return replace(self.choice, name=self.name.value.strip(), note=self.note.value.strip())

    def _save(self) -> None:
        wrong = [one.label for one in (*self.numbers, *self.places.fields.values()) if one.wrong]
        if wrong:
            self._tell(DeskError(NOT_YET, falt=wrong))
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


def _slider(least: float, most: int, step: int) -> Any:
    """Return a slider beside a field: the field is what is read, so the slider has none of its
    own.
    """
    look = {"width": "16em", "max_width": "98%"}
    return ipywidgets.IntSlider(min=int(least), max=most, step=step, readout=False, layout=look)
