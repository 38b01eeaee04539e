"""What a report supposes of its county, and what that gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers.model.proposals import Problem, Proposal
from helpers.model.redistribution import Refusal
from helpers.model.scenario import Result


@dataclass(frozen=True)
class Supposed:
    """A scenario as a report shows it: one from a file, or the year's own forecast without a plan.

    Attributes:
        result: What it gives; None where no share or forecast is known, or the plan is refused.
        by_rest: kommunkod, kommun, and the rule's children under each way to represent the unknown shares.
        sources: The published tables it rests on.
        name, note: The file's own; "" without a file.
        refused: Every rule that the file's redistribution breaks.
        names: kommunkod → name, for the refusals and the proposal.
        problem, proposal: What a redistribution within the file's places and agreements must hold to, and the one
            proposed; None where no places are known or the year allows none.
    """

    result: Result | None = None
    by_rest: pd.DataFrame | None = None
    sources: tuple[str, ...] = ()
    name: str = ""
    note: str = ""
    refused: tuple[Refusal, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None
    proposal: Proposal | None = None
