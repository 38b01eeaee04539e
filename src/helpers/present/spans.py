"""Years in running text."""


def spans(years: list[int]) -> list[str]:
    """Return years as spans, shortest wording first to last.

    >>> spans([2008, 2009, 2010, 2014, 2017, 2018])
    ['2008–2010', '2014', '2017', '2018']
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [
        text
        for run in runs
        for text in (map(str, run) if len(run) < 3 else [f"{run[0]}–{run[-1]}"])
    ]
