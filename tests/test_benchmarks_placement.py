"""The benchmark of the placement rule runs, so that it does not rot; its times are for a person to
read.
"""

import re

from benchmarks import placement


def test_the_benchmark_measures_every_rival_and_says_on_which_machine(capsys):
    placement.main(["--rounds", "1", "--draws", "20", "--before", "50", "100"])
    said = capsys.readouterr().out
    assert re.match(r"\d+ cores, Python 3\.\d+\.\d+, numpy \d", said)
    assert re.findall(r"^  (closed form|heap|all asked per child) .* ms", said, re.MULTILINE) == [
        "closed form",
        "heap",
        "all asked per child",
    ]
    assert re.search(r"^20 draws over 290 municipalities: [\d.]+ s", said, re.MULTILINE)
    assert len(re.findall(r"^ +(?:76|151) starts .* MiB at most$", said, re.MULTILINE)) == 4
    assert len(re.findall(r"^ +\d+% by attachment .* ms$", said, re.MULTILINE)) == 2
