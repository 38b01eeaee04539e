"""`mottagning lagesbild`: the spreadsheet by which municipalities answer, written and read back."""

import os
from pathlib import Path
from typing import Annotated

import typer

from helpers.cli import options
from helpers.cli.options import Commands, Data
from helpers.cli.terminal import print
from helpers.errors import DataError, ParameterError

lagesbild = Commands(
    no_args_is_help=True,
    help="How things stand: the spreadsheet that municipalities answer in, written and read.",
)


@lagesbild.command(epilog="Example: mottagning lagesbild mall --kommunkod 2260 --runda 2022-02")
def mall(
    kommunkod: Annotated[str, typer.Option(help="Whose answers it is for, such as 2260.")],
    runda: Annotated[str, typer.Option(help="The round, as in the county's rundor.csv.")],
    till: Annotated[Path | None, typer.Option(help="The file to write; .xlsx.")] = None,
    data: Data = None,
) -> None:
    """Write the template for a municipality, with its answers of the last round filled in."""
    from helpers.imports.survey import Head
    from helpers.imports.survey_store import last_answers
    from helpers.imports.survey_template import cells_of, template
    from helpers.sources.snapshot import write_whole
    from helpers.tables import load

    options.use_data(data)
    path = till or Path(f"lagesbild-{runda}-{kommunkod}.xlsx")
    if os.path.lexists(path):
        step = "Name another file." if till else "Name another file with --till."
        raise ParameterError(
            f"{'--till: ' if till else ''}{path} is there already, and may hold answers. {step}"
        )
    book = load()
    place = book.municipality(kommunkod)
    head = Head(runda, place.lanskod, place.kod, place.namn)
    answers = last_answers(book, place.lanskod, place.kod)
    write_whole(path, template(head, cells_of(answers)))
    print(f"{path}: {len(answers)} answers of the last round are filled in.")


@lagesbild.command(epilog="Example: mottagning lagesbild las svar/*.xlsx --spara")
def las(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Filled templates.")],
    spara: Annotated[
        bool, typer.Option("--spara", help="Put the answers in data/lan/ where none is faulty.")
    ] = False,
    intern: Annotated[
        bool, typer.Option("--intern", help="Let no report show the answers.")
    ] = False,
    data: Data = None,
) -> None:
    """Read filled templates, .xlsx or .ods; tell every fault, and write each faulty file back with
    what is to be corrected.
    """
    from helpers.imports.survey import read_survey
    from helpers.imports.survey_store import save_answers
    from helpers.tables import load

    options.use_data(data)
    surveys, refused = [], list[str]()
    for path in files:
        try:
            survey = read_survey(path)
        except DataError as error:
            refused += error.problems
            continue
        for warning in survey.warnings:
            print(f"{path.name}, {warning}")
        refused += [f"{path.name}, {fault}" for fault in survey.faults]
        if survey.faults:
            _write_back(path, survey)
        else:
            surveys.append(survey)
            print(f"{path.name}: {len(survey.answers)} answers by {survey.head.kommun}.")
    if spara:
        for survey in surveys:
            print(f"Written to {save_answers(load(), survey, intern)}.")
    if refused:
        raise DataError(*refused)


def _write_back(path: Path, survey: object) -> None:
    """Put a respondent's own answers beside the file, with a column of what is to be corrected."""
    from helpers.imports.survey import Survey
    from helpers.imports.survey_template import returned
    from helpers.sources.snapshot import write_whole

    assert isinstance(survey, Survey)
    back = path.with_name(f"{path.stem}-att-ratta.xlsx")
    if os.path.lexists(back):
        print(f"{back} is there already and stays as it is: move it away to have a new one.")
        return
    write_whole(back, returned(survey))
    print(f"{back}: the answers, with what is to be corrected beside them.")
