"""Commands that take a call as it is meant: an option stands once, and nothing is given empty."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import typer
from typer.core import TyperCommand

from helpers.errors import ParameterError


class _Command(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read a call as typer does, once nothing in it stands twice or is empty: of two, the last
        would win.
        """
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        if problems := list(_problems(given, order)):
            raise ParameterError(*problems)
        return super().parse_args(ctx, args)


def _problems(given: dict[str, Any], order: list[Any]) -> Iterator[str]:
    for one, times in Counter(order).items():
        option = one.param_type_name == "option"
        name = one.opts[0] if option else one.metavar or str(one.name).upper()
        if option and times > 1 and not one.multiple:
            yield f"{name}: is given {times} times. Give it once."
        value = given.get(one.name)
        values = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(text, str) and not text.strip() for text in values):
            yield f"{name}: is empty. Write what is meant, or leave it out."


class Commands(typer.Typer):
    """A group of such commands."""

    def command(self, *given: Any, **how: Any) -> Callable[[Any], Any]:
        """Register a command as typer does."""
        return super().command(*given, cls=_Command, **how)
