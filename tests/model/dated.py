"""The project's own dated rules, and what of the model takes them, with them given."""

from functools import partial

from helpers.model import estimate, redistribution, scenario, shares
from helpers.sources import load_catalogue
from helpers.tables.check import dated_rules

RULES = dated_rules(load_catalogue())
LEAST_UNKNOWN = 1.0  # ‰, as the rules have it in every year

Scenario = partial(scenario.Scenario, rules=RULES)
Setting = partial(estimate.Setting, least_unknown_share=LEAST_UNKNOWN)
national_shares = partial(shares.national_shares, least=LEAST_UNKNOWN)


def redistribute(given, plan):
    """The shares (‰) after a plan, by the rules of its year."""
    return redistribution.redistribute(given, plan, RULES.of(plan.ar))


def before_and_after(given, plan):
    """A county's share table with a plan carried out, by the rules of its year."""
    return redistribution.before_and_after(given, plan, RULES.of(plan.ar))
