"""How the keys of a detailed table are compared, and which of them name a sum."""

import re

# as a word of its own in any label: a sum, which stands beside its parts
SUMS = re.compile(
    r"\b(?:del|total|slut)?summa\b|\b(?:del|slut)?total(?:t|er|en)?\b|\bsamtliga\b|\balla\b"
    r"|\bsammanlagt\b|\bsumma\w*\b|\b(?:hela )?riket\b|\bhela landet\b|\bbåda könen\b"
    r"|\bsum\b|\ball\b"
)
MARKED = re.compile(r"(?<=\w)(?: ?\*+| [0-9]\)|[¹²³⁴-⁹]+)$")


def is_sum(label: str) -> bool:
    """Whether a label says that its row is the sum of others.

    >>> [is_sum(one) for one in ("totalt ålder", "Alla länder", "Hela riket", "Palestina", "0–17")]
    [True, True, True, False, False]
    """
    return SUMS.search(label.casefold()) is not None


def folded(label: str) -> str:
    """Return a label as labels are compared: capitals, kinds of dash, spaces and marks aside.

    >>> folded("18–24") == folded("18 - 24"), folded("SYRIEN*") == folded("Syrien")
    (True, True)
    """
    plain = re.sub(r"\s*[-\u2010-\u2015\u2212]\s*", "-", MARKED.sub("", label.strip()))
    return re.sub(r"\s+", " ", plain).casefold()
