"""Small whole numbers as running text has them, in words up to twelve; and years as spans."""

# from one; then what joins two neighbours, and two others
SMALL = {
    "sv": ("ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
    "en": (
        *("one", "two", "three", "four", "five", "six"),
        *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    ),
}
JOINED = {"sv": ("eller", "till"), "en": ("or", "to")}
ONE = frozenset({"1", "en", "ett", "one"})


def in_small_words(code: str, low: int, high: int, neuter: bool) -> str:
    """Return a whole number, or both ends of an interval, in words; "" where one is none of those
    that are written so.

    Args:
        code: The language. low, high: The ends, the same of a single number.
        neuter: Whether one of what is counted is "ett".

    >>> in_small_words("sv", 1, 2, True), in_small_words("sv", 1, 1, False)
    ('ett eller två', 'en')
    >>> in_small_words("en", 2, 5, False), in_small_words("sv", 12, 13, False)
    ('two to five', '')
    """
    small = SMALL[code]
    ends = [low] if low == high else [low, high]
    if not all(0 < end <= len(small) for end in ends):
        return ""
    told = [small[end - 1] for end in ends]
    if low == 1 and code == "sv" and not neuter:
        told[0] = "en"
    return f" {JOINED[code][high - low > 1]} ".join(told)


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
