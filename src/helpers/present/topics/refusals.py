"""Why a redistribution is refused, and what stands in the way of a proposal: one sentence per reason."""

from collections.abc import Mapping, Sequence

from helpers.model.proposals import Blame
from helpers.model.redistribution import Refusal
from helpers.present.language import Language

REASONS = {
    "before_2019": "Andelar kan lämnas över först från och med 2019; planen gäller {ar}.",
    "other_county": "{kommun} ligger i ett annat län. Andelar kan bara lämnas över inom länet.",
    "unknown_share": "Andelstalet för {kommun} är inte känt, så kommunen kan varken lämna över eller ta emot. "
    "Skriv in det andelstal som antas.",
    "to_itself": "{kommun} kan inte lämna över till sig själv. Välj en annan mottagare.",
    "negative": "{kommun} kan inte lämna över {promille} ‰. Skriv ett tal över noll.",
    "too_much": "{kommun} kan inte lämna över {promille} ‰: bara {limit} ‰ finns kvar.",
    "nothing": "{kommun} lämnar inte över något: inget andelstal finns kvar, eller så är talet noll.",
    "below_least": "{kommun} har {promille} ‰ efter planen, under det minsta tillåtna, {limit} ‰."
    " Ändra planen eller det minsta.",
    "not_agreed": "{kommun} har inte gått med på att ta emot. Räkna med kommunen först när den har godkänt.",
    "changed_total": "Länets summa skulle ändras med {promille} ‰. Den ska stå fast.",
}
IN_WIDGETS = {  # where the text above advises what only a file can say
    "unknown_share": "Andelstalet för {kommun} är inte känt, så kommunen kan varken lämna över eller ta emot.",
    "below_least": "{kommun} skulle få {promille} ‰. Det minsta tillåtna är {limit} ‰.",
}
BLAMES: dict[Blame, str] = {
    "capacity": "Platserna räcker inte för prognosen, hur andelarna än fördelas inom länet.",
    "agreements": "För få kommuner har gått med på att ta emot.",
    "unknown_capacity": "Kommuner vars platser inte är kända får inte ta emot.",
    "whole_shares": "Bara hela andelar får lämnas över.",
    "least_share": "Det minsta tillåtna andelstalet hindrar.",
}


def reason(refusal: Refusal, names: Mapping[str, str], language: Language, widgets: bool = False) -> str:
    """Return why a plan is refused.

    Args:
        refusal: One reason.
        names: kommunkod → name; a code without one stands as it is.
        language: The reader's.
        widgets: Whether it is said to one who has the workbench's widgets, and no file to write in.

    >>> reason(Refusal("too_much", "2401", 2.0, 1.14), {"2401": "Nordmaling"}, Language("sv"))
    'Nordmaling kan inte lämna över 2 ‰: bara 1,14 ‰ finns kvar.'
    """
    numbers = {"promille": refusal.promille, "limit": refusal.limit}
    values = {name: language.number(number) for name, number in numbers.items() if number is not None}
    values["kommun"] = names.get(refusal.kommunkod, refusal.kommunkod)
    if refusal.code == "before_2019":  # whose number is the plan's year
        values["ar"] = str(int(refusal.promille or 0))
    text = IN_WIDGETS.get(refusal.code) if widgets else None
    return language.t(text or REASONS[refusal.code], **values)


def reasons(
    refusals: Sequence[Refusal], names: Mapping[str, str], language: Language, widgets: bool = False
) -> list[str]:
    """Return all reasons, each once, in order."""
    return list(dict.fromkeys(reason(refusal, names, language, widgets) for refusal in refusals))


def obstacles(blame: Sequence[Blame], language: Language) -> list[str]:
    """Return what stands in the way of any plan, one sentence per constraint.

    >>> obstacles(("agreements",), Language("sv"))
    ['För få kommuner har gått med på att ta emot.']
    """
    return [language.t(BLAMES[name]) for name in blame]
