"""What pages and the index call the reports and their parameters, in Swedish and in English."""

from helpers.report.manifest import Said, Terms

OVERVIEWS: dict[str, Said] = {
    "kallor": ("Källor", "Sources"),
    "mottagande": ("Mottagande", "Reception"),
    "scenarier": ("Scenarier", "Scenarios"),
    "utfall": ("Utfall", "Outcome"),
    "riket": ("Riket", "Sweden"),
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
        "sprak": ("Språk", "Language"),
        "oversikter": ("Översikter", "Overviews"),
        "scenario": ("Scenario", "Scenario"),
        "scenarier": ("Scenarier", "Scenarios"),
        "oversikter_lan": ("Län i översikterna", "County in the overviews"),
    },
    values={
        **{("oversikter", name): said for name, said in OVERVIEWS.items()},
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
