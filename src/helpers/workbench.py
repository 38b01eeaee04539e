"""The workbench's desk: answers a choice as a scenario file would be answered, saves it, and has
its report made.

Takes what is picked in the widgets of `present/explorer`, gives views to show, a scenario file, a
report made by the command line in a process of its own; never computes or draws.
"""

import datetime
import io
import subprocess
import sys
import threading
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.cases import estimate_basis
from helpers.cases import scenarios as files
from helpers.cases.estimates import population_for, shares_counted
from helpers.cases.scenario_file import ScenarioFile
from helpers.contracts.files import bytes_in, slug
from helpers.contracts.numbers import LIMITS
from helpers.contracts.text import from_json, visible
from helpers.errors import BusyError, WorkbookError
from helpers.model.exact import decimal_of
from helpers.model.redistribution import Move, PlanError, Refusal
from helpers.model.scenario import PLACES, run
from helpers.present.desk import Choice, DeskError, Made, Told
from helpers.present.explorer import Explorer
from helpers.present.page import Page
from helpers.present.topics.estimates import note_views
from helpers.present.topics.scenarios import tried_views, unanswered
from helpers.present.views import View
from helpers.sources.scenarios import scenario_files
from helpers.tables import Place, Workbook

DRAFT, SOURCE = "Utkast", "Arbetsbänken"
LONGEST = 100  # letters of a name
COMMAND = [sys.executable, "-P", "-c", "from helpers.cli import main; main()", "report"]
WRONG_NAME = (
    "Inget sparades. Ge scenariot ett namn med minst en bokstav eller siffra och högst {antal}"
    " tecken."
)
NO_SHARES = "Inget sparades. Andelstalen för {plats} saknas här, så scenariot kan inte räknas."
THERE = (
    "Inget sparades. Filen {fil} finns redan. Välj ett annat namn, eller kryssa i att den ska"
    " ersättas."
)
NOT_SAVED = "Inget sparades. Programmets eget besked:"
BUSY = "Rapporten gjordes inte: en annan körning skriver i samma mapp. Försök igen om en stund."
NOT_MADE = "Rapporten gjordes inte. Programmets eget besked:"
NOT_OPENED = "Inget öppnades. Programmets eget besked:"
BEYOND = (
    "Inget öppnades. I {fil} står sådant som reglagen inte kan visa: {delar}. Räkna filen på"
    " kommandoraden, eller gör länets rapport med den."
)

BEYOND_WIDGETS = (  # in the order that `_beyond` looks for them
    "anknytning i delar av procent (anknytning)",
    "flera möjliga antal barn (fordelning)",
    "ett annat sätt att räkna resten av landet (ovriga_landet)",
    "barn placerade före året (placerade_fore)",
    "barn placerade i hela landet före året (placerade_riket)",
    "antagna andelstal (andelstal)",
    "flyttar av delar av ett andelstal (flytt)",
    "godkännanden av andra än dem som tar emot (godkant)",
    "ett minsta andelstal (minsta_andelstal)",
    "annan kapacitet än platser (kapacitet)",
    "tecken som inte syns i namnet eller anteckningen (anteckning)",
)


def open_workbench(
    data: Workbook,
    page: Page,
    lan: str,
    ar: int,
    prognoser: Sequence[int],
    estimate: bool = True,
) -> Explorer:
    """Return the workbench, to display its `box`: a county and a year, the first forecast beside
    the others; with estimates of the shares that are not published, unless told otherwise.

    What it reads is not noted: no widget reaches the page that a report is.
    """
    most = int(LIMITS["compared"].most)
    beside = tuple(prognoser) if len(prognoser) <= most else tuple(prognoser[1 : most + 1])
    own, tried = data.with_own_record(), page.aside()
    tried.catalogue = own.catalogue
    return Explorer(
        tried, own.county_names, Choice(lan, ar, prognoser[0], beside), Desk(own, estimate=estimate)
    )


class Known(NamedTuple):
    """A county, its shares (‰) and the population of all municipalities, as known for a year."""

    place: Place
    shares: pd.DataFrame
    people: pd.Series


class Desk:
    """What the widgets need done, with the workbook's tables.

    Args:
        data: The workbook.
        today: The day that a file is dated; by default the day it is saved.
        estimate: Whether shares that are not published are estimated.
    """

    def __init__(
        self, data: Workbook, today: datetime.date | None = None, estimate: bool = True
    ) -> None:
        self.data, self.today, self.estimate = data, today, estimate
        # a slider asks for the same county and year again and again
        self.known = cache(self._known)
        self.ratios = files.ratios_of(data)

    @property
    def handed_over_from(self) -> int | None:
        """The first year in which a share may be handed over; None is never."""
        return self.data.rules.first_handed_over

    def municipalities(self, lan: str) -> Mapping[str, str]:
        """Return kommunkod → name of a county's municipalities."""
        codes = self.data.county(lan).kommunkoder
        return {kod: self.data.municipality(kod).namn for kod in codes}

    def answer(self, choice: Choice, spread: bool = False) -> tuple[View, ...]:
        """Return what a choice gives, with how the cases spread if asked for; without shares, that
        sentence alone.

        Raises:
            PlanError: the plan breaks a rule.
        """
        known = self.known(choice.lan, choice.ar)
        if known.shares.empty and choice.moves:
            raise PlanError([Refusal("unknown_share", choice.moves[-1].giver)])
        if known.shares.empty:
            return (unanswered(known.place),)
        scenario = files.as_model(self.data, self._as_file(choice, DRAFT))
        result = run(scenario, known.shares, known.people, self.ratios)
        basis = estimate_basis(self.data, known.place, choice.ar, known.shares)
        tried = tried_views(known.place, result, choice.prognoser, spread)
        return (*tried[:1], *note_views(known.place, known.shares, basis), *tried[1:])

    def share_years(self, choice: Choice) -> Sequence[int]:
        """Return the years that a choice's shares are of; none where they are not known."""
        shares = self.known(choice.lan, choice.ar).shares
        return [] if shares.empty else sorted(set(shares["andelstal_ar"].astype(int)))

    def scenarios(self, lan: str, ar: int) -> Sequence[str]:
        """Return the names of a county's sound scenario files of a year."""
        home = self.data.county(lan)
        sound = [(one.name, one.scenario) for one in files.scenarios_in(self.data) if one.scenario]
        return [name for name, one in sound if one.ar == ar and self.data.county(one.lan) == home]

    def open(self, name: str) -> Choice:
        """Return what a scenario file says.

        Raises:
            DeskError: it cannot be read, or says what the widgets cannot show. PlanError: its plan
                breaks a rule.
        """
        try:
            scenario = files.load_scenario(self.data, name)
            broken = files.refusals_of(self.data, scenario, self.estimate)
        except WorkbookError as error:
            raise DeskError(NOT_OPENED, str(error)) from None
        if beyond := _beyond(scenario):
            raise DeskError(BEYOND, fil=f"{name}.yaml", delar=beyond)
        if broken:
            raise PlanError(broken)
        return Choice(
            lan=self.data.county(scenario.lan).lansbokstav,
            ar=scenario.ar,
            prognos=scenario.prognos_ekb,
            made=scenario.prognos_gjord,
            attachment=scenario.anknytning,
            moves=tuple(Move(move.fran, move.till) for move in scenario.flytt),
            places={
                (row.kommunkod, row.slag): row.antal
                for row in scenario.kapacitet
                if row.antal is not None
            },
            name=scenario.namn,
            note=scenario.anteckning,
        )

    def save(self, choice: Choice, replace: bool = False) -> str:
        """Write the choice to `data/scenarios/`, whole or not at all; return the file.

        Raises:
            DeskError: it has no name, its file is there, or it cannot be written. PlanError: the
                plan breaks a rule.
        """
        if not slug(choice.name) or len(choice.name) > LONGEST:
            raise DeskError(WRONG_NAME, antal=str(LONGEST))
        known = self.known(choice.lan, choice.ar)
        if known.shares.empty:
            raise DeskError(NO_SHARES, plats=known.place.namn)
        name, scenario = slug(choice.name), self._as_file(choice, choice.name)
        if broken := files.refusals_of(self.data, scenario, self.estimate):
            raise PlanError(broken)
        if not replace and name in {path.stem for path in scenario_files(self.data.catalogue.root)}:
            raise DeskError(THERE, fil=f"{name}.yaml")
        try:
            return str(files.save(self.data, scenario, replace))
        except (WorkbookError, OSError) as error:
            raise DeskError(NOT_SAVED, str(error)) from None

    def render(self, choice: Choice, sprak: str, told: Told) -> None:
        """Have the county's report made of a saved choice, in a process of its own; tell when it
        has ended.
        """
        threading.Thread(target=lambda: told(self.report(choice, sprak)), daemon=True).start()

    def report(self, choice: Choice, sprak: str) -> Made | DeskError:
        """Make the county's report of a saved choice, and return it, or why it is not made."""
        given = {
            "lan": choice.lan,
            "ar": choice.ar,
            "scenario": slug(choice.name),
            "prognoser-ekb": "; ".join(map(str, choice.prognoser)),
            "uppskattade-andelstal": "ja" if self.estimate else "nej",
            "sprak": sprak,
            "data": self.data.catalogue.root,
        }
        options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
        ran = subprocess.run(
            [*COMMAND, *options, "--json"], capture_output=True, encoding="utf-8", check=False
        )
        if ran.returncode:
            return (
                DeskError(BUSY)
                if ran.returncode == BusyError.exit_code
                else DeskError(NOT_MADE, ran.stderr.strip())
            )
        try:
            path = Path(from_json(ran.stdout)["page"])
            return Made(path.as_posix(), _packed(path))
        except (OSError, ValueError) as error:
            return DeskError(NOT_MADE, str(error))

    def _known(self, lan: str, ar: int) -> Known:
        """What a county's scenarios of a year rest on; no rows where no share is known."""
        place = self.data.county(lan)
        shares = shares_counted(self.data, place, ar, self.estimate)
        if not shares.empty:
            any_forecast = int(LIMITS["forecast"].least)  # the shares do not depend on it
            shares = files.shares_for(
                self.data, self._as_file(Choice(lan, ar, any_forecast), DRAFT), self.estimate
            )
        return Known(place, shares, population_for(self.data, ar)[1])

    def _as_file(self, choice: Choice, name: str) -> ScenarioFile:
        """What is picked, as a file says it; who picks a receiver supposes that it has agreed."""
        today = self.today or datetime.date.today()
        moves = [{"fran": move.giver, "till": move.receiver} for move in choice.moves]
        told = {"datum": today, "kalla": SOURCE}
        values = {
            "namn": name,
            "lan": choice.lan,
            "ar": choice.ar,
            "prognos_ekb": choice.prognos,
            "prognos_gjord": choice.made,
            "anknytning": choice.attachment,
            "flytt": moves,
            "godkant": list(choice.agreed),
            "kapacitet": [
                {"kommunkod": kod, "slag": slag, "antal": antal, **told}
                for (kod, slag), antal in choice.places.items()
            ],
            "anteckning": choice.note,
            "datum": today,
        }
        return ScenarioFile.model_validate(values)


def _beyond(scenario: ScenarioFile) -> list[str]:
    """What a file says that the widgets cannot show, in Swedish; saved from them it would be
    lost.
    """
    percent = decimal_of(scenario.anknytning) * 100
    found = (
        percent % 1 != 0,
        bool(scenario.fordelning),
        scenario.ovriga_landet != "folkmangd",
        bool(scenario.placerade_fore),
        scenario.placerade_riket is not None,
        bool(scenario.andelstal),
        any(move.andelstal is not None for move in scenario.flytt),
        bool(set(scenario.godkant) - {move.till for move in scenario.flytt}),
        scenario.minsta_andelstal > 0,
        any(row.slag not in PLACES for row in scenario.kapacitet),
        any(visible(text, layout=True) != text for text in (scenario.namn, scenario.anteckning)),
    )
    return [what for what, said in zip(BEYOND_WIDGETS, found, strict=True) if said]


def _packed(page: Path) -> bytes:
    """Return a report, the pages that belong to it, its figures and its calendar as a ZIP file,
    alike each time.
    """
    beside = [page.with_suffix(ending) for ending in (".json", ".ics")]
    own = [page, *sorted(page.with_suffix("").glob("*.html"))]
    own[1:1] = [file for file in beside if file.is_file()]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in own:
            place = zipfile.ZipInfo(file.relative_to(page.parent).as_posix())
            archive.writestr(place, bytes_in(file), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
