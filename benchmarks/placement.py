"""What the closed form of the placement rule saves, and what following it from every start costs.

Run `python -m benchmarks.placement`; everything is measured in one run, the rivals in turn.
"""

import argparse
import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from helpers import tables
from helpers.cases.scenarios import ratios_of
from helpers.make.plan import processors
from helpers.model.estimate import Rule, Setting
from helpers.model.forecasts import enumerate_cases, outcomes_of
from helpers.model.placement import Whole, place, place_one_by_one
from helpers.model.redistribution import Rules
from helpers.model.scenario import Scenario, run
from helpers.model.shares import national_shares, shares_in_use

CHILDREN, AR, ATTACHMENT = 2300, 2018, 0.1
ARRIVED = 2_199 + 1_336  # children in 2016 and 2017
DRAWS, SEED = 10_000, 1  # national totals and starts at once, for all municipalities
# children placed before: every start from half to twice as many is tried
GROWTH = (1_000, 3_535, 7_070, 14_140)
Data = tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.DataFrame, Rules]


def published() -> Data:
    """Return the county's shares, all 290 shares (‰, by population where unknown), inhabitants,
    forecast ratios and the dated rules.
    """
    book = tables.load()
    county = shares_in_use(book.andelstal, book.kommuner, list(book.county("AC").kommunkoder), AR)
    people = book.folkmangd[book.folkmangd["ar"] == AR - 1].set_index("kommunkod")["folkmangd"]
    known = county.set_index("kommunkod")["andelstal"]
    least = book.rules.of(AR).least_unknown_share
    nation = national_shares(known, people, "population", least)
    shares = pd.DataFrame({"kommunkod": nation.index, "andelstal": nation.to_numpy() / 100})
    return county, shares, people, ratios_of(book), book.rules


def per_child(shares: Whole, start: Whole, children: int) -> Whole:
    """Return the rule's placement, asking all municipalities anew for each child: what one would
    write first.
    """
    share, placed = shares.tolist(), start.tolist()
    open_ = [i for i in range(len(share)) if share[i]]
    for _ in range(children):
        placed[min(open_, key=lambda i: (placed[i] / share[i], -share[i]))] += 1
    return np.asarray(placed) - start


def side_by_side(rivals: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return each rival's median seconds over rounds in which all take their turn."""
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, rival in rivals.items():
            seconds[name].append(timed(rival)[0])
    return {name: statistics.median(times) for name, times in seconds.items()}


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall and the processor seconds of one call."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def peak_mib(work: Callable[[], object]) -> float:
    """Return the most memory that one call holds at a time, in MiB."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def one_placement(data: Data, rounds: int) -> None:
    """Print one national placement in closed form beside the heap and the plain loop."""
    shares = np.rint(data[1]["andelstal"].to_numpy() * 100).astype(np.int64)
    rivals: dict[str, Callable[[], Whole]] = {
        "closed form": lambda: place(shares, np.zeros_like(shares), CHILDREN),
        "heap": lambda: place_one_by_one(shares, np.zeros_like(shares), CHILDREN),
        "all asked per child": lambda: per_child(shares, np.zeros_like(shares), CHILDREN),
    }
    answers = [rival().tolist() for rival in rivals.values()]
    if any(answer != answers[0] for answer in answers):
        raise SystemExit("the rivals disagree, so their times say nothing.")
    medians = side_by_side(rivals, rounds)
    print(
        f"\nOne placement of {CHILDREN} children over {len(shares)} municipalities, median of"
        f" {rounds} rounds:"
    )
    for name, seconds in medians.items():
        print(f"  {name:<20} {seconds * 1e3:9.2f} ms   {seconds / medians['closed form']:7.1f} ×")


def many_draws(data: Data, draws: int, rounds: int) -> None:
    """Print the seconds of placing many national totals at once, each from a start of its own; no
    report draws any.
    """
    shares = np.rint(data[1]["andelstal"].to_numpy() * 100).astype(np.int64)
    chance = np.random.default_rng(SEED)
    totals = chance.integers(0, 2 * CHILDREN, draws)
    starts = place(shares, np.zeros_like(shares), chance.integers(0, 2 * ARRIVED, draws))
    seconds = statistics.median(
        timed(lambda: place(shares, starts, totals))[0] for _ in range(rounds)
    )
    print(f"\n{draws} draws over {len(shares)} municipalities: {seconds:.2f} s, median of {rounds}")


def many_starts(data: Data, growth: Sequence[int], rounds: int) -> None:
    """Print seconds and memory of every case from every start, with and without attachment."""
    county, _, people, ratios, rules = data
    least = rules.of(AR).least_unknown_share
    outcomes = outcomes_of(CHILDREN, ratios)
    for attachment in (0.0, ATTACHMENT):
        work = {}
        for arrived in growth:
            setting = Setting(
                people, attachment=attachment, arrived=arrived, least_unknown_share=least
            )
            work[arrived] = lambda s=setting: enumerate_cases(
                Rule(county, s, max(outcomes.national)), outcomes
            )
        medians = side_by_side(work, rounds)
        says = f"{len(outcomes.national)} outcomes from every start, {attachment:.0%} by attachment"
        print(f"\n{says}, median of {rounds} rounds:")
        for arrived, seconds in medians.items():
            starts = len(Setting(people, arrived=arrived, least_unknown_share=least).starts)
            print(
                f"  {starts:>6} starts {seconds * 1e3:7.0f} ms {peak_mib(work[arrived]):7.0f} MiB"
                " at most"
            )


def one_county(data: Data, rounds: int) -> None:
    """Print the time to answer one county's scenario."""
    county, _, people, ratios, rules = data
    print(
        f"\nOne scenario for {len(county)} municipalities, median of {rounds} rounds (wall,"
        " processor):"
    )
    for attachment in (0.0, ATTACHMENT):
        scenario = Scenario(
            "Västerbotten",
            "24",
            AR + 1,
            CHILDREN,
            attachment=attachment,
            arrived=ARRIVED,
            rules=rules,
        )
        times = [timed(lambda s=scenario: run(s, county, people, ratios)) for _ in range(rounds)]
        wall, processor = (statistics.median(column) * 1e3 for column in zip(*times, strict=True))
        print(f"  {attachment:>4.0%} by attachment {wall:7.0f} ms {processor:7.0f} ms")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; fewer rounds and starts on request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured")
    parser.add_argument(
        "--draws", type=int, default=DRAWS, help="how many totals are placed at once"
    )
    parser.add_argument(
        "--before", type=int, nargs="+", default=list(GROWTH), help="children who had come before"
    )
    asked = parser.parse_args(arguments)
    print(
        f"{processors()} cores, Python {platform.python_version()}, numpy {np.__version__},"
        f" {platform.machine()}"
    )
    data = published()
    one_placement(data, asked.rounds)
    many_draws(data, asked.draws, asked.rounds)
    many_starts(data, asked.before, asked.rounds)
    one_county(data, asked.rounds)


if __name__ == "__main__":
    main()
