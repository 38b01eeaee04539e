"""I korthet: what a reader must know first of a place: the answer, four numbers and a few
sentences, and in one line what is not known.
"""

from collections.abc import Mapping
from dataclasses import replace

from helpers.model.exact import rounded
from helpers.model.quotas import QuotaChange
from helpers.model.reception import CATEGORIES, category_counts
from helpers.present.language import FEW as FEW_PERSONS
from helpers.present.topics.children import children_placed, share_of_those
from helpers.present.topics.difference import split_facts
from helpers.present.topics.known import FEW, Known, children_of
from helpers.present.topics.nation import people_of, sources_of, tables_of
from helpers.present.views import (
    NATIONAL,
    Fact,
    Statement,
    Value,
    View,
    gap,
    is_unknown,
    used_in,
)

SPELLED = 12  # persons: what running text says in words
EXPECTED = "Ensamkommande barn {ar}, väntat antal"
SOME = 5  # persons more or fewer, to tell what they change in a small municipality
# a place's reception per inhabitant beside the nation's: the same, more, fewer
BESIDE_NATION = (
    "lika många per invånare som i riket",
    "fler per invånare än i riket",
    "färre per invånare än i riket",
)


def lead(known: Known) -> tuple[Statement, ...]:
    """Return the answer: those received, which is known of most places; what was to be received
    beside what was; the children; and the next year.
    """
    received = _received(known)
    first = _to_receive(known) if received.tone == "gap" else None
    told = [first, received, _placed(known), children_placed(known), _ahead(known)]
    return tuple(statement for statement in told if statement is not None)


def _to_receive(known: Known) -> Statement | None:
    """How many were to be received after placement, where no more is known of the year."""
    own = known.of_place(known.kommuntal).dropna(subset=["kommuntal"])
    if known.alone and len(own) and own["mottagna_efter_anvisning"].isna().all():
        quota, table = own.iloc[0], tuple(own["tabell"].dropna())
        text = "{plats} skulle ta emot {tal:personer} efter anvisning {ar}."
    else:
        last = known.history[known.history["ar"] == known.ar].dropna(subset=["lanstal"]).tail(1)
        if known.alone or last.empty:
            return None
        quota, table = last.iloc[0], (str(last["tabell"].iloc[0]),)
        text = "Länstalet för {plats} {ar} var {tal:personer}, att ta emot efter anvisning."
    number = int(quota["kommuntal" if known.alone else "lanstal"])
    fact = Fact(number, "personer", table, derived=bool(quota["harledd"]))
    return Statement("svar_lanstal", text, used_in(text, known.named | {"tal": fact}), "answer")


def _received(known: Known) -> Statement:
    """How many were received, and what that is per inhabitant beside the nation."""
    own, nation = known.rate(known.place.kind), known.rate("riket")
    if is_unknown(own.get("antal")):
        text = "Uppgift om hur många nyanlända som togs emot i {plats} {ar} saknas här."
        return gap("svar", text, **used_in(text, known.named))
    text = "{plats} tog emot {antal:nyanlända} {ar}."
    values = known.named | {
        "antal": Fact(int(own["antal"]), "personer", tables_of(known.rates), measure="mottagna")
    }
    if not is_unknown(own["per_1000"]) and not is_unknown(nation.get("per_1000")):
        text = "{plats} tog emot {antal:nyanlända} {ar}, {jamfort}."
        # as both are shown: no more is said than the numbers below say
        away = rounded(own["per_1000"], 1) - rounded(nation["per_1000"], 1)
        values["jamfort"] = BESIDE_NATION[int(away > 0) - int(away < 0)]
    return Statement("svar", text, used_in(text, values), "answer")


def _placed(known: Known) -> Statement | None:
    """How many were to be received after placement, and how many were; None where some are not
    known.
    """
    found = _kommuntal(known)
    if not found or (isinstance(found["okanda"], Fact) and found["okanda"].value):
        return None
    text = "Kommunerna skulle ta emot {kommuntal} efter anvisning och tog emot {efter}."
    if known.alone or known.single:
        text = "Kommunen skulle ta emot {kommuntal} efter anvisning och tog emot {efter}."
    both = [fact for fact in (found["kommuntal"], found["efter"]) if isinstance(fact, Fact)]
    if known.alone and not any(fact.value or fact.derived for fact in both):
        text = "Kommunen skulle inte ta emot någon efter anvisning, och tog inte emot någon."
    elif all(0 < int(fact.value or 0) <= SPELLED for fact in both):
        found |= {name: replace(fact, spelled=True) for name, fact in found.items() if fact in both}
    return Statement("svar_anvisade", text, used_in(text, found), "answer")


def _ahead(known: Known) -> Statement | None:
    """The county's quota of the next year beside this year's."""
    change, own = known.change, known.of_place(known.kommuntal_next).dropna(subset=["kommuntal"])
    if known.alone and len(own):
        quota = Fact(int(own["kommuntal"].iloc[0]), "personer", tuple(own["tabell"].dropna()))
        text = "Kommuntalet för {nasta} sattes till {kommuntal}."
        derived = replace(quota, derived=bool(own["harledd"].any()))
        return Statement(
            "svar_nasta", text, used_in(text, known.named | {"kommuntal": derived}), "answer"
        )
    if change is None or change.from_lanstal < FEW_PERSONS:
        return None
    values = _quotas(known, change)
    text = "Länstalet för {nasta} sattes till {to_lanstal}, {procent} procent {vag} än året före"
    if known.alone:
        text = (
            "Länstalet för hela länet {nasta} sattes till {to_lanstal}, {procent} procent {vag} än"
            " året före"
        )
    text += "; i riket {riket_procent} procent {riket_vag}." if "riket_vag" in values else "."
    if not change.change:
        text = "Länstalet för {nasta} sattes till {to_lanstal}, samma som året före."
    return Statement("svar_nasta", text, used_in(text, values), "answer")


def key_numbers(known: Known) -> tuple[View, ...]:
    """Return the four numbers, those that are known: each with its name, its comparison and what to
    know of it, a line each; and in one sentence what is missing.
    """
    made = {
        "mottagna efter anvisning": _key_placed(known),
        "alla mottagna": _key_received(known),
        "ensamkommande barn": _key_children(known),
        "nästa år": _key_ahead(known),
    }
    missing = [name for name, key in made.items() if key is None]
    keys = [key for key in made.values() if key is not None]
    if not missing:
        return tuple(keys)
    text = "Uppgift saknas här om {saknas}."
    return (*keys, gap("korthet_saknas", text, saknas=_named(missing, known)))


def _named(missing: list[str], known: Known) -> list[str]:
    """What is missing, as a reader calls it."""
    quotas = known.kommuntal.dropna(subset=["kommuntal"])
    told = {*quotas["kommunkod"]} & {*known.place.kommunkoder}
    placed = "kommuntal och mottagna efter anvisning"
    if told:
        placed = "vissa kommuntal och mottagna efter anvisning"
    if len(told) == len(known.place.kommunkoder):
        placed = "mottagna efter anvisning"
    words = {
        "mottagna efter anvisning": placed,
        "alla mottagna": "alla mottagna",
        "ensamkommande barn": "väntat antal ensamkommande barn",
        "nästa år": "nästa års länstal" if not known.alone else "nästa års tal",
    }
    return [words[name] for name in missing]


def _key(name: str, lines: list[str], values: Mapping[str, Value]) -> Statement:
    text = "\n".join(lines)
    return Statement(name, text, used_in(text, values), "key")


def _key_placed(known: Known) -> Statement | None:
    found = _kommuntal(known)
    if not found:
        return None
    below, unknown = found["under"], found["okanda"]
    one = known.alone or known.single
    if one:
        note = "De räknas mot kommuntalet."
    elif isinstance(unknown, Fact) and unknown.value:
        note = _without_some(known)
    elif not below:
        note = "I ingen kommun räknas färre än kommuntalet."
    elif isinstance(below, list) and len(below) <= FEW:
        note = "Bara i {under} räknas färre än kommuntalet. Källan säger inte varför."
    else:
        note = "I {antal_under:kommuner} räknas färre än kommuntalet."
    line = "kommuntalet var {kommuntal}" if one else "kommuntalen var {kommuntal}"
    return _key("tal_anvisade", ["Mottagna efter anvisning", "{efter:personer}", line, note], found)


def _without_some(known: Known) -> str:
    """Of how many municipalities the number is, and which are left out, where they are few."""
    own = known.of_place(known.kommuntal)
    left = own[own[["kommuntal", "mottagna_efter_anvisning"]].isna().any(axis=1)]
    if len(left) > FEW:
        return "Gäller {med} av {alla:kommuner}. För övriga saknas uppgift."
    if (left["kommuntal"] == 0).fillna(False).all():
        return (
            "Gäller {med} av {alla:kommuner}. Uppgift saknas för {utan}, som hade kommuntalet"
            " noll (härlett)."
            if left["harledd"].all()
            else "Gäller {med} av {alla:kommuner}. Uppgift saknas för {utan}, som hade"
            " kommuntalet noll."
        )
    return "Gäller {med} av {alla:kommuner}. Uppgift saknas för {utan}."


def _kommuntal(known: Known) -> dict[str, Value]:
    """The place's kommuntal and those received after placement; nothing where either is unknown."""
    own = known.of_place(known.kommuntal)
    both = own.dropna(subset=["kommuntal", "mottagna_efter_anvisning"])
    if both.empty:
        return {}
    sources = tuple(dict.fromkeys(both["tabell"].dropna()))
    below = both[both["mottagna_efter_anvisning"] < both["kommuntal"]]
    derived = (known.alone or known.single) and bool(both["harledd"].any())
    received = int(both["mottagna_efter_anvisning"].sum())
    return known.named | {
        "kommuntal": Fact(int(both["kommuntal"].sum()), "personer", sources, derived=derived),
        "efter": Fact(received, "personer", sources, measure="mottagna_efter_anvisning"),
        "under": list(below["kommun"]),
        "utan": list(own.loc[~own.index.isin(both.index), "kommun"]),
        "antal_under": Fact(len(below), "kommuner", sources),
        "okanda": Fact(len(known.place.kommunkoder) - len(both), "kommuner", sources),
        "med": Fact(len(both), "kommuner", sources),
        "alla": Fact(len(known.place.kommunkoder), "kommuner", sources),
    }


def _key_received(known: Known) -> Statement | None:
    own, nation = known.rate(known.place.kind), known.rate("riket")
    if is_unknown(own.get("antal")) or is_unknown(own.get("per_1000")):
        return None
    sources, people = sources_of(known.rates), own.get("folkmangd")
    values = known.named | {
        "antal": Fact(int(own["antal"]), "personer", tables_of(known.rates), measure="mottagna"),
        "per_1000": Fact(_real(own["per_1000"]), "per 1 000 invånare", sources, decimals=1),
        "i_lanet": Fact(
            _real(known.rate("lan").get("per_1000")), "per 1 000 invånare", sources, decimals=1
        ),
        "riket": Fact(_real(nation.get("per_1000")), "per 1 000 invånare", sources, decimals=1),
    }
    line = "{per_1000} per tusen invånare, i riket {riket}"
    if known.alone and len(known.rate("lan")):
        line = "{per_1000} per tusen invånare, i länet {i_lanet}, i riket {riket}"
    note = "Även anhöriga och de som kom från eget boende."
    if known.small:
        note = (
            "Talet per tusen invånare ändras med {steg} om {nagra:personer} fler eller färre"
            " kommer."
        )
        step = 1000 * SOME / int(people)
        values |= {
            "nagra": Fact(SOME, "personer", people_of(known.rates), spelled=True),
            "steg": Fact(step, "per 1 000 invånare", people_of(known.rates), decimals=1),
        }
    return _key("tal_mottagna", ["Alla mottagna nyanlända", "{antal:personer}", line, note], values)


def _key_children(known: Known) -> Statement | None:
    split = known.split
    if split is None:
        return None
    values = children_of(known, split, known.forecast)
    several = not known.alone and not known.single  # whose own ranges are added up
    if split.utfall is None:
        lines = [EXPECTED, "{intervall:barn}", "vid prognosen {prognos:barn} i Sverige"]
        unknown = "Uppgift om hur många det blev saknas här."
        if several:
            lines[1:] = ["{vantat:barn}", "kommunernas intervall tillsammans {intervall}"]
            unknown = (
                "Vid prognosen {prognos:barn} i Sverige. Uppgift om hur många det blev saknas här."
            )
        return _key("tal_barn", [*lines, unknown], values)
    expected = "väntat {intervall}"
    if several:
        expected = "väntat {vantat}, kommunernas intervall tillsammans {intervall}"
    note = "Preliminärt: {hamtat}." if split.preliminary else "Barn som anvisades under året."
    return _key("tal_barn", ["Ensamkommande barn", "{utfall:barn}", expected, note], values)


def _key_ahead(known: Known) -> Statement | None:
    """The next year: a municipality's own number before its county's quota."""
    own = known.of_place(known.kommuntal_next).dropna(subset=["kommuntal"])
    if known.alone and len(own):
        sources, derived = tuple(dict.fromkeys(own["tabell"].dropna())), bool(own["harledd"].any())
        quota = int(own["kommuntal"].iloc[0])
        values = known.named | {"kommuntal": Fact(quota, "personer", sources, derived=derived)}
        note = "Härlett ur länstalet." if derived else "Beslutat av länsstyrelsen."
        lines = ["Kommuntal {nasta}", "{kommuntal:personer}", "att ta emot efter anvisning", note]
        return _key("tal_nasta", lines, values)
    if known.alone and known.ahead is not None:
        values = children_of(known, known.ahead, known.coming)
        lines = [EXPECTED, "{intervall:barn}", "vid prognosen {prognos:barn} i Sverige"]
        return _key("tal_nasta", [*lines, "Räknat med {andelstal_ar} års andelstal."], values)
    return _key_quota(known)


def _key_quota(known: Known) -> Statement | None:
    change = known.change
    if change is None:
        return None
    values = _quotas(known, change)
    line = "{andring} {vag} än {ar} års {from_lanstal}" if change.change else "samma som {ar}"
    if change.from_lanstal < FEW_PERSONS:
        line = "{ar} var det {from_lanstal}"
    elif change.change and "riket_vag" in values:
        line = "{andring} {vag} än {ar} års {from_lanstal}, i riket {riket_andring} {riket_vag}"
    known_next = known.kommuntal_next["kommuntal"].notna().any()
    note = "Kommuntalen för {nasta} är beslutade." if known_next else "Kommuntalen saknas här."
    if known.single:
        note = "Det är också kommuntalet: länet har en enda kommun."
    heading = "Länstal {nasta} för {lan}" if known.alone else "Länstal {nasta}"
    return _key("tal_nasta", [heading, "{to_lanstal:personer}", line, note], values)


def _quotas(known: Known, change: QuotaChange) -> dict[str, Value]:
    """The county's quotas of the year and the next, and the step between them in per cent."""
    last = known.history.drop_duplicates("ar", keep="last").set_index("ar")["tabell"]
    before, after = (str(last[ar]) for ar in (change.from_ar, change.to_ar))
    own, step = tuple(dict.fromkeys((before, after))), abs(change.change_percent)
    return (
        known.named
        | _nation_step(change)
        | {
            "to_lanstal": Fact(change.to_lanstal, "personer", (after,), published=True),
            "from_lanstal": Fact(change.from_lanstal, "personer", (before,), published=True),
            "andring": Fact(step, "%", own, decimals=0, of=change.from_lanstal),
            "procent": Fact(step, "procent", own, decimals=0, of=change.from_lanstal),
            "vag": "lägre" if change.change < 0 else "högre",
        }
    )


def _nation_step(change: QuotaChange) -> dict[str, Value]:
    """The step of the nation's number in per cent; nothing where it did not change."""
    step, of = change.national_change_percent, change.national_from
    if not step:
        return {}
    return {
        "riket_andring": Fact(abs(step), "%", (NATIONAL,), decimals=0, of=of),
        "riket_procent": Fact(abs(step), "procent", (NATIONAL,), decimals=0, of=of),
        "riket_vag": "lägre" if step < 0 else "högre",
    }


def sentences(known: Known) -> tuple[View, ...]:
    """Return a few sentences more: why, how they found a home, and what is known of later years."""
    told = [_why(known), share_of_those(known), _own_homes(known), _later(known)]
    return tuple(statement for statement in told if statement is not None)


def _why(known: Known) -> Statement | None:
    split = known.split
    if split is None or split.actual is None:
        return None
    values = split_facts(split, known.forecast, known.place, known.shares)
    text = "Till Sverige kom {actual:ensamkommande barn} {ar}. Prognosen var {prognos}."
    return Statement("korthet_prognos", text, used_in(text, values))


def _own_homes(known: Known) -> Statement | None:
    counts = category_counts(known.parts, known.place.kod)
    if len(counts) != len(CATEGORIES) or counts["antal"].isna().any():
        return None
    total, own = int(counts["antal"].sum()), int(counts["antal"]["eget_boende"])
    sources = tables_of(known.parts)
    values = known.named | {
        "antal": Fact(own, "personer", sources, measure="mottagna_kategori", spelled=True),
        "total": Fact(total, "personer", sources, measure="mottagna"),
    }
    text = "Av de {total} mottagna kom {antal:personer} från eget boende."
    text = text if own else "Ingen av de {total} mottagna kom från eget boende."
    return Statement("korthet_boende", text, used_in(text, values)) if total else None


def _later(known: Known) -> Statement | None:
    """The newest quota that is known, where it is of a year after the next."""
    quotas = known.history.dropna(subset=["lanstal"])
    if quotas.empty or int(quotas["ar"].iloc[-1]) <= known.ar + 1:
        return None
    last = quotas.iloc[-1]
    text = "Senaste kända länstalet för {lan} gäller {senast}: {lanstal}."
    values = known.named | {
        "senast": str(last["ar"]),
        "lanstal": Fact(int(last["lanstal"]), "personer", (str(last["tabell"]),), published=True),
    }
    return Statement("korthet_senast", text, used_in(text, values))


def _real(value: object) -> float | None:
    return None if is_unknown(value) else float(value)  # type: ignore[arg-type]
