"""The counties side by side: sums of their municipalities' figures, unknown where a part is."""

import pandas as pd

from helpers.model.exact import exact_sum


def placed_by_county(outcome: pd.DataFrame, lan: pd.DataFrame) -> pd.DataFrame:
    """Return each county's kommuntal beside those received after placement, in persons.

    A municipality whose kommuntal is zero has nobody placed in it, and its source need not say so;
    any other that is unknown makes its county's sum unknown (A5).

    Args:
        outcome: kommunkod, kommuntal, mottagna_efter_anvisning (persons), tabell: as
            `quotas.kommuntal_outcome` returns it for the whole nation.
        lan: lanskod, lan.

    Returns:
        lanskod, lan, kommuntal, placed, difference, tabell; one row per county, NA where unknown.
    """
    nobody = outcome["kommuntal"].eq(0).fillna(False) & outcome["mottagna_efter_anvisning"].isna()
    counted = outcome.assign(
        lanskod=outcome["kommunkod"].str[:2],
        placed=outcome["mottagna_efter_anvisning"].mask(nobody, 0),
    )
    sums = counted.groupby("lanskod")[["kommuntal", "placed"]].sum(skipna=False).astype("Int64")
    table = lan[["lanskod", "lan"]].merge(
        sums.reset_index(), on="lanskod", how="left", validate="1:1"
    )
    tables = sorted(set(outcome["tabell"].dropna())) if "tabell" in outcome else []
    return table.assign(difference=table["placed"] - table["kommuntal"], tabell=" ".join(tables))


def parts_by_county(parts: pd.DataFrame, name: str, into: str) -> pd.DataFrame:
    """Return the persons of one category in each place, and what per cent of those received.

    Args:
        parts: kod, kategori, antal (persons), share (0–1): as `reception.composition` returns it.
        name: The category.
        into: The name of the column of persons; that of the per cents ends in `_percent`.

    Returns:
        kod, `into`, `into`_percent; no row for a place whose categories are unknown.
    """
    own = parts[parts["kategori"] == name]
    return pd.DataFrame(
        {"kod": own["kod"], into: own["antal"], f"{into}_percent": own["share"] * 100}
    ).reset_index(drop=True)


def expected_by_county(scenarios: pd.DataFrame, lan: pd.DataFrame) -> pd.DataFrame:
    """Return what each county can expect under each forecast, in one row per county.

    Args:
        scenarios: kommunkod, andelstal (‰), prognos, expected, expected_low, expected_high
            (children), estimated, tabell: as `shares.compare_scenarios` returns it.
        lan: lanskod, lan.

    Returns:
        lanskod, lan, andelstal (‰), per_hundred (children for each hundred in the forecast), per
        forecast `low_N` and `high_N` (the sums of the municipalities' whole numbers), tabell;
        the largest share first. Counties of which no share is known have no row.
    """
    rows = scenarios.assign(lanskod=scenarios["kommunkod"].str[:2])
    shares = rows.drop_duplicates("kommunkod").groupby("lanskod")
    table = shares["andelstal"].agg(exact_sum).rename("andelstal").to_frame()
    table["tabell"] = shares["tabell"].agg(lambda names: " ".join(sorted(set(names.dropna()))))
    table["per_hundred"] = table["andelstal"] / 10
    for prognos, part in rows.groupby("prognos", sort=False):
        sums = part.groupby("lanskod")[["expected_low", "expected_high"]].sum()
        table[f"low_{prognos}"], table[f"high_{prognos}"] = (
            sums["expected_low"],
            sums["expected_high"],
        )
    table = table.reset_index().merge(lan[["lanskod", "lan"]], on="lanskod", validate="1:1")
    return table.sort_values(["andelstal", "lanskod"], ascending=[False, True], ignore_index=True)
