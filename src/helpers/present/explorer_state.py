"""What an analyst has picked in the workbench."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from helpers.model.exact import rounded
from helpers.model.redistribution import Move

PULLED, STEP = 4000, 50  # children: how far the slider goes, and how far at a time


@dataclass(frozen=True)
class Choice:
    """All that is picked: the widgets' one state.

    Attributes:
        lan: The county's letters. ar: the year.
        prognos: Children in Sweden. compared: forecasts to see beside it.
        attachment: The part (0–1) placed by attachment.
        moves: Who hands its whole share over to whom. Picking a receiver here says that it has
            agreed.
        places: (kommunkod, kind of place) → places; what is not there is unknown.
        name, note: What the file is to be called, and what it is to say.
        made: When such a forecast is made, as a file says it: samma_ar or aret_fore.
    """

    lan: str
    ar: int
    prognos: int
    compared: tuple[int, ...] = ()
    attachment: float = 0.0
    moves: tuple[Move, ...] = ()
    places: Mapping[tuple[str, str], int] = field(default_factory=dict)
    name: str = ""
    note: str = ""
    made: str = "samma_ar"

    @property
    def prognoser(self) -> list[int]:
        """The compared forecasts and the one on the slider, each once, lowest first."""
        return sorted({self.prognos, *self.compared})

    @property
    def attachment_percent(self) -> int:
        """The part placed by attachment as the slider has it, in whole %."""
        return int(rounded(100 * self.attachment, 0))

    @property
    def agreed(self) -> tuple[str, ...]:
        """kommunkod of the receivers, each once."""
        return tuple(dict.fromkeys(move.receiver for move in self.moves))

    def in_county(self, lan: str) -> "Choice":
        """Return the choice for a county; in another one neither moves nor places are the same."""
        return self if lan == self.lan else replace(self, lan=lan, moves=(), places={})

    def with_places(self, kommunkod: str, slag: str, antal: int | None) -> "Choice":
        """Return the choice with a municipality's places of a kind; None is unknown."""
        others = {key: known for key, known in self.places.items() if key != (kommunkod, slag)}
        return replace(
            self, places=others if antal is None else {**others, (kommunkod, slag): antal}
        )
