"""The one typed contract: the parameters of each notebook, their limits, and the words for them and
for the reports in Swedish and English.

Of places it knows what it is given: a lookup, never a table of its own.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Protocol, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from helpers.contracts.numbers import list_within, within
from helpers.contracts.reading import Kommunkod, Lan, read
from helpers.errors import ParameterError
from helpers.report.manifest import Said, Terms


class Places(Protocol):
    """Anything that finds places; `helpers.tables.Workbook` is one.

    Both methods raise ParameterError with the nearest known code when there is none.
    """

    @property
    def lan(self) -> Any: ...
    def county(self, code: str, /) -> Any: ...
    def municipality(self, code: str, /) -> Any: ...


@dataclass(frozen=True)
class ScenarioHead:
    """A scenario's title, county and year: all that an edition needs of it."""

    title: str
    lanskod: str
    ar: int


# by file name; ParameterError if there is none, or what is wrong with it
Scenarios = Callable[[str], ScenarioHead]


def county_letters(places: Places) -> list[str]:
    """Return every county's letter, in the order of the county codes."""
    return [
        str(letter) for letter in places.lan.sort_values("lanskod", kind="stable")["lansbokstav"]
    ]


def without_repeats(values: list[Any]) -> list[Any]:
    """Refuse a list that names something twice: two identical scenarios say nothing."""
    if len(set(values)) != len(values):
        raise ValueError("each may stand once")
    return values


def _file_name(name: str | None) -> str | None:
    """Refuse a path: a report shows only scenarios that are kept with the data."""
    if name is not None and (
        not name or {"/", "\\"} & set(name) or name.endswith((".yaml", ".yml"))
    ):
        raise ValueError("write the name of a file in data/scenarios/, without folder and .yaml")
    return name


Year = Annotated[int, within("year"), Field(description="Året rapporten gäller")]
Children = Annotated[int, within("forecast")]
Forecast = Annotated[
    Children | None,
    Field(description="Antal ensamkommande barn i prognosen; None ger årets senast kända prognos"),
]
Forecasts = Annotated[
    list[Children],
    Field(description="Prognoser att jämföra, antal ensamkommande barn"),
    list_within("forecast", "forecasts"),
    AfterValidator(without_repeats),
]


def _day(text: str | None) -> str | None:
    """Refuse what is no day of the calendar."""
    try:
        found = None if text is None else datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        found = None
    if found != text:
        raise ValueError("write a day that exists, such as 2022-02-23")
    return text


Day = Annotated[
    str | None,
    Field(description="Dag som länets egna ord ses från, t.ex. 2022-02-23; None ger deras senaste"),
    AfterValidator(_day),
]
Sprak = Annotated[Literal["sv", "en"], Field(description="Rapportens språk, sv eller en")]

Estimated = Annotated[
    Literal["ja", "nej"],
    Field(description="Uppskatta andelstal som inte är publicerade, ja eller nej"),
]


ScenarioName = Annotated[
    str | None,
    Field(
        description="Scenariofil i data/scenarios, namn utan .yaml; None räknar på årets prognos"
    ),
    AfterValidator(_file_name),
]


class Contract(BaseModel):
    """What one notebook takes. Nothing else is passed on; a number may be written as text."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    notebook: ClassVar[str]


class LansrapportParameters(Contract):
    """One county's report."""

    notebook: ClassVar[str] = "10_lansrapport"
    lan: Lan = "AC"
    ar: Year = 2018
    prognos_ekb: Forecast = None
    prognoser_ekb: Forecasts = [1500, 2300]
    scenario: ScenarioName = None
    uppskattade_andelstal: Estimated = "ja"
    datum: Day = None
    sprak: Sprak = "sv"


class KommunrapportParameters(Contract):
    """One municipality's report."""

    notebook: ClassVar[str] = "11_kommunrapport"
    kommunkod: Kommunkod = "2480"
    ar: Year = 2018
    prognos_ekb: Forecast = None
    prognoser_ekb: Forecasts = [1500, 2300]
    scenario: ScenarioName = None
    uppskattade_andelstal: Estimated = "ja"
    sprak: Sprak = "sv"


class KallorParameters(Contract):
    """The overview of sources."""

    notebook: ClassVar[str] = "01_kallor"
    sprak: Sprak = "sv"


class MottagandeParameters(Contract):
    """The overview of reception."""

    notebook: ClassVar[str] = "02_mottagande"
    ar: Year = 2018
    sprak: Sprak = "sv"


class ScenarierParameters(Contract):
    """The overview of scenarios."""

    notebook: ClassVar[str] = "03_scenarier"
    lan: Lan = "AC"
    ar: Year = 2018
    prognoser_ekb: Forecasts = [1500, 2300]
    uppskattade_andelstal: Estimated = "ja"
    sprak: Sprak = "sv"


class UtfallParameters(Contract):
    """The overview of outcomes against expectations."""

    notebook: ClassVar[str] = "04_utfall"
    ar: Year = 2018
    prognos_ekb: Forecast = None
    sprak: Sprak = "sv"


class RiketParameters(Contract):
    """The overview of the whole country."""

    notebook: ClassVar[str] = "12_riket"
    ar: Year = 2018
    sprak: Sprak = "sv"


CONTRACTS: dict[str, type[Contract]] = {
    contract.notebook: contract
    for contract in (
        KallorParameters,
        MottagandeParameters,
        ScenarierParameters,
        UtfallParameters,
        RiketParameters,
        LansrapportParameters,
        KommunrapportParameters,
    )
}


@dataclass(frozen=True)
class Declaration:
    """One line of a notebook's parameters cell: `name: type = default  # help`."""

    name: str
    type: str
    default: Any
    help: str

    @property
    def annotation(self) -> str:
        """The type as papermill knows to read it: it passes over a parameter whose annotation holds
        a bar.
        """
        kind, bar, _ = self.type.partition(" | None")
        return f"Optional[{kind}]" if bar else self.type

    def __str__(self) -> str:
        written = f'"{self.annotation}"' if "Optional" in self.annotation else self.annotation
        return f"{self.name}: {written} = {_literal(self.default)}  # {self.help}"


def declarations(contract: type[Contract]) -> list[Declaration]:
    """Return the lines that the contract's notebook must declare, in order.

    >>> print(declarations(KallorParameters)[0])
    sprak: str = "sv"  # Rapportens språk, sv eller en
    """
    return [
        Declaration(name, _type_name(field.annotation), field.default, field.description or "")
        for name, field in contract.model_fields.items()
    ]


def check_parameters(
    contract: type[Contract], values: Mapping[str, object], places: Places, where: str
) -> Contract:
    """Return checked parameters whose codes also exist.

    Raises:
        ParameterError: all problems at once, unknown codes with the nearest known ones.
    """
    problems: list[str] = []
    try:
        checked: Contract | None = read(contract, values, where)
    except ParameterError as error:
        checked, problems = None, list(error.problems)
    problems += unknown_places(values, places, where, refused=problems)
    if problems or checked is None:
        raise ParameterError(*problems)
    return checked


def unknown_places(
    values: Mapping[str, object], places: Places, where: str, refused: list[str] | None = None
) -> list[str]:
    """Return one sentence per code among the values that names no place.

    Args:
        values: Parameters; only `lan` and `kommunkod` that are text are looked up.
        places: Anything that finds a county and a municipality by code.
        where: What the sentences start with.
        refused: Problems already told; a code among them is not told twice.
    """
    problems = []
    for name, find in (("lan", places.county), ("kommunkod", places.municipality)):
        value = values.get(name)
        told = any(f": {name}: " in problem for problem in refused or [])
        if not isinstance(value, str) or told:
            continue
        try:
            find(value)
        except ParameterError as error:
            problems += [f"{where}: {problem}" for problem in error.problems]
    return problems


def _type_name(annotation: Any) -> str:
    """Return an annotation as a notebook would write it.

    >>> _type_name(int | None), _type_name(list[int]), _type_name(Literal["sv", "en"])
    ('int | None', 'list[int]', 'str')
    """
    if annotation is NoneType:
        return "None"
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type_name(inner[0])
    if origin is Literal:
        return type(inner[0]).__name__
    if origin is UnionType or str(origin) == "typing.Union":
        return " | ".join(_type_name(part) for part in inner)
    if origin is list:
        return f"list[{_type_name(inner[0])}]"
    return str(annotation.__name__)


def _literal(value: object) -> str:
    """Return a default as Python source, text in double quotes as the formatter writes it."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


OVERVIEWS_SAID: dict[str, Said] = {
    "kallor": ("Källor och kontroller", "Sources and checks"),
    "mottagande": ("Mottagandet i länen", "Reception in the counties"),
    "scenarier": ("Om prognosen blir en annan", "If the forecast changes"),
    "utfall": ("Blev det som väntat?", "Did it turn out as expected?"),
    "riket": ("Fördelningen i landet", "The distribution in the country"),
}
GROUPS: dict[str, Said] = {
    "overviews": ("Översikter", "Overviews"),
    "counties": ("Län", "Counties"),
    "municipalities": ("Kommuner i {county}", "Municipalities in {county}"),
    "scenario": ("Scenario {scenario}: {group}", "Scenario {scenario}: {group}"),
}
VARIANT: Said = ("Scenario: {scenario}", "Scenario: {scenario}")
TERMS = Terms(
    parameters={
        "title": ("Titel", "Title"),
        "lan": ("Län", "County"),
        "kommunkod": ("Kommunkod", "Municipality code"),
        "kommuner": ("Kommuner", "Municipalities"),
        "ar": ("År", "Year"),
        "prognos_ekb": ("Prognos, ensamkommande barn", "Forecast, unaccompanied children"),
        "prognoser_ekb": ("Prognoser att jämföra", "Forecasts to compare"),
        "uppskattade_andelstal": ("Uppskattade andelstal", "Estimated shares"),
        "datum": ("Sett från", "Seen from"),
        "sprak": ("Språk", "Language"),
        "oversikter": ("Översikter", "Overviews"),
        "scenario": ("Scenario", "Scenario"),
        "scenarier": ("Scenarier", "Scenarios"),
    },
    values={
        **{("oversikter", name): said for name, said in OVERVIEWS_SAID.items()},
        ("uppskattade_andelstal", "ja"): ("ja", "yes"),
        ("uppskattade_andelstal", "nej"): ("nej", "no"),
        ("sprak", "sv"): ("svenska", "Swedish"),
        ("sprak", "en"): ("engelska", "English"),
    },
    grouped=frozenset({"prognos_ekb", "prognoser_ekb"}),
    states={
        "andelstal": (
            ("Andelstal kända", "Shares known"),
            ("Andelstal inte kända", "Shares not known"),
        )
    },
)
# Reports that differ in nothing but this share most of their cells, and it tells them from others
# of the same title.
PARTING = "scenario"


def say(said: Said, language: str, **values: str) -> str:
    """Return a text in a report's language, with its values filled in.

    >>> say(GROUPS["municipalities"], "sv", county="Örebro län")
    'Kommuner i Örebro län'
    """
    return said[language == "en"].format(**values)
