"""The municipalities whose pages are read in place of all 290: each way in which what is known of
one differs from what is known of another is among them.
"""

from pathlib import Path

import pandas as pd

from helpers.tables.workbook import Workbook

STANDARD = Path(__file__).parents[1] / "reports" / "parameters" / "standard.yaml"
MUNICIPALITIES = (
    *("2401", "2403", "2404", "2409", "2417", "2418", "2421", "2422"),  # those with shares
    *("2425", "2460", "2462", "2463", "2480", "2481", "2482"),
    *("0114", "0180", "0183", "1280", "1480"),  # the first; large ones, and a small dense one
    *("0330", "0331", "0643", "2023", "0980"),  # formed, moved or renamed; a county of its own
    *("0428", "1256", "1438", "1761"),  # no kommuntal printed; most and fewest received
    *("0580", "0581", "2260", "2262", "2282"),  # kommuntal of later years, and quoted figures
    # a kommuntal, a category, or its children, that is zero in one year or another
    *("0484", "0488", "0509", "0512", "0563", "0764", "1430", "1484", "1715", "1730"),
    *("1785", "1885", "1984", "2034", "2506"),
    # a kommuntal of other years that one county's board or the press has told
    *("0604", "0684", "0821", "0834", "0840", "0860", "0880", "0882", "0884", "1231", "1257"),
    *("1272", "1273", "1275", "1277", "1293", "1782", "1783", "2081", "2084", "2085", "2521"),
)


def edition() -> str:
    """The standard edition with these municipalities in place of a county's, as YAML."""
    text = STANDARD.read_text("utf-8")
    assert "kommuner: {lan: AC}" in text
    return text.replace("kommuner: {lan: AC}", f"kommuner: {list(MUNICIPALITIES)}")


def known(workbook: Workbook) -> pd.Series:
    """What is known, unknown or zero of each municipality, in one text by kommunkod."""
    index = workbook.kommuner["kommunkod"]
    received = workbook.mottagna.assign(zero=workbook.mottagna["antal"].eq(0))
    zero = received.pivot(index="kommunkod", columns=["ar", "kategori"], values="zero")
    children = received[received["kategori"] == "totalt"].assign(
        zero=received["varav_ensamkommande"].eq(0)
    )
    tal = workbook.kommuntal.assign(zero=workbook.kommuntal["kommuntal"].eq(0))
    frames = [
        zero,
        children.pivot(index="kommunkod", columns="ar", values="zero"),
        *(tal.pivot(index="kommunkod", columns="ar", values=name) for name in ("zero", "harledd")),
    ]
    wide = pd.concat([frame.set_axis(range(frame.shape[1]), axis=1) for frame in frames], axis=1)
    wide = wide.reindex(index).astype("string").fillna("unknown")
    for name, table in (("shares", workbook.andelstal), ("quoted", workbook.uppgifter)):
        wide[name] = wide.index.isin(table["kommunkod"].dropna()).astype(str)
    return wide.agg(" ".join, axis=1)
