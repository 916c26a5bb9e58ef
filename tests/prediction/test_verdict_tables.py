"""Tables of a verdict's study, on pairs that are made by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.engine.sets import Sets
from sim.prediction import verdict_tables
from sim.prediction.treatments import LAGS
from sim.prediction.verdict_study import DOSES, HEADLINE, NEWS, REGIMES
from sim.scenario.source import Source

WEIGHTS = np.array([0.5, 0.25, 0.25])
SETS = Sets(pd.DataFrame({"postwar_need": [0.1, 0.5, 0.9]}), WEIGHTS, Source.MIXED)


def paired(effects: tuple[float, ...], came: tuple[float, ...], wooing: float = 0.0) -> pd.DataFrame:
    """Return four pairs of each set, with its effect after two years, and D2 in that share of them."""
    rows = [
        {"set": place, "run": 4 * place + run, "judged": True, "wooing": wooing}
        | {"D2": 9.0 if run < 4 * share else np.nan}
        | {f"effect_{lag}": effect * lag / 24 for lag in LAGS}
        for place, (effect, share) in enumerate(zip(effects, came, strict=True)) for run in range(4)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def study(**frames: pd.DataFrame) -> Any:
    frames = {name.replace("__", "/").replace("_", "-"): frame for name, frame in frames.items()}
    return SimpleNamespace(
        sets=SETS, asked={"ends": ["2025-01", "2025-07", "2026-01"], "size": {"coalition_runs": 0}},
        pairs=lambda name, columns=None: frames[name], has=lambda name: name in frames,
        names=lambda kind: [name for name in frames if name.startswith(f"{kind}/")], frames=frames,
    )  # fmt: skip


def test_an_effect_by_date_is_told_at_each_lag_and_d2_at_the_last() -> None:
    made = study()
    made.frames["end/2025-01"] = paired((4.0, 8.0, 8.0), (0.5, 0.25, 0.75))
    made.frames["end/2026-01"] = paired((0.0, 0.0, 4.0), (0.0, 0.0, 1.0))
    table = verdict_tables.end_dates(made)
    assert table["end"].tolist() == ["2025-01"] * 4 + ["2026-01"] * 4, "what was not simulated is left out"
    assert table["lag"].tolist() == [6, 12, 18, 24] * 2
    assert table["mean"].tolist() == pytest.approx([1.5, 3.0, 4.5, 6.0, 0.25, 0.5, 0.75, 1.0])
    assert table["D2"].dropna().tolist() == pytest.approx([0.5, 0.25]) and table["D2"].notna().sum() == 2
    assert table.loc[table["D2"].notna(), "lag"].tolist() == [24, 24]


def test_news_alone_stands_beside_the_end_in_the_middle_month() -> None:
    made = study()
    made.frames |= {f"end/{end}": paired((size,) * 3, (1.0,) * 3)
                    for end, size in (("2025-01", 1.0), ("2025-07", 2.0), ("2026-01", 3.0))}  # fmt: skip
    made.frames[NEWS] = paired((-4.0, 0.0, 0.0), (0.0,) * 3)
    assert verdict_tables.anyway(made)["mean"].tolist() == pytest.approx([2.0, -2.0])


def test_a_dose_stands_in_the_row_of_its_need_and_the_column_of_its_isolation() -> None:
    made = study()
    made.frames["dose/0.2/1"] = paired((0.0,) * 3, (1.0, 0.0, 0.0))
    made.frames["dose/0.2/0.15"] = paired((0.0,) * 3, (0.0, 1.0, 0.0))
    made.frames["dose/0/1"] = paired((0.0,) * 3, (0.0, 1.0, 1.0))
    assert {"dose/0.2/1", "dose/0.2/0.15", "dose/0/1"} <= set(DOSES)
    table = verdict_tables.dose(made)
    assert (table.index.tolist(), list(table.columns)) == ([0.0, 0.2], ["0.15", "1.0"])
    assert table.loc[0.2].tolist() == [0.25, 0.5] and table.loc[0.0, "1.0"] == 0.5 and np.isnan(table.loc[0.0, "0.15"])


@pytest.mark.parametrize(("wooing", "regime"), [
    (0.0101, "woos"), (0.01, "does neither"), (0.0, "does neither"), (-0.01, "does neither"), (-0.0101, "squeezes"),
])  # fmt: skip
def test_beijing_woos_or_squeezes_by_more_than_a_hundredth(wooing: float, regime: str) -> None:
    made = study()
    name = "regime/12/-1/2"
    made.frames[name] = paired((4.0, 8.0, 8.0), (0.5, 0.25, 0.75), wooing)
    (row,) = verdict_tables.regimes(made).to_dict("records")
    assert (row["foresight"], row["patrons_together"], row["times"]) == (12.0, -1.0, 2.0) == REGIMES[name]
    assert (row["mean"], row["regime"]) == (pytest.approx(6.0), regime) and row["wooing"] == pytest.approx(wooing)


def test_a_variant_is_told_beside_the_base_model_of_the_same_runs() -> None:
    made = study()
    made.frames[HEADLINE] = paired((4.0, 8.0, 8.0), (0.5, 0.25, 0.75))
    made.frames["variant/V0/2"] = paired((6.0, 8.0, 4.0), (0.0, 0.0, 0.0))
    made.frames["variant/V1/1"] = paired((4.0, 8.0, 8.0), (1.0, 1.0, 1.0))
    table = verdict_tables.variants(made).set_index(["variant", "times"])
    assert table.index.tolist() == [("V0", 1.0), ("V0", 2.0), ("V1", 1.0)]
    assert table["mean"].tolist() == pytest.approx([6.0, 6.0, 6.0])
    assert table["change"].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert table["D2"].tolist() == pytest.approx([0.5, 0.0, 1.0])
    assert table.loc[("V0", 2.0), "change_low"] < -1.0 < 1.0 < table.loc[("V0", 2.0), "change_high"]


def test_each_set_has_its_mean_effect_and_its_share_of_judged_pairs() -> None:
    made = study()
    pairs = paired((4.0, 8.0, 8.0), (0.5, 0.25, 0.75))
    pairs.loc[pairs["set"] == 1, "judged"] = False
    pairs.loc[3, ["judged", "effect_24"]] = [False, 99.0]
    made.frames[HEADLINE] = pairs
    table = verdict_tables.by_set(made)
    assert table["effect"].tolist()[::2] == [4.0, 8.0] and np.isnan(table.loc[1, "effect"])
    assert table["D2"].tolist()[::2] == pytest.approx([2 / 3, 0.75]) and table["weight"].tolist() == WEIGHTS.tolist()


def test_the_spread_is_over_sets_that_can_be_judged_by_weight() -> None:
    sets = pd.DataFrame({"effect": 1.0, "D2": [0.1, 0.9, np.nan, 0.5], "weight": [0.02, 0.02, 0.5, 0.46]})
    assert verdict_tables.quantiles_across_sets(sets) == pytest.approx((0.5, 0.5), abs=0.2)
    wide = sets.assign(weight=[0.25, 0.25, 0.25, 0.25])
    low, high = verdict_tables.quantiles_across_sets(wide)
    assert low < 0.2 and high > 0.8


def test_without_coalitions_there_are_no_values_of_groups() -> None:
    assert verdict_tables.shapley(study()) is None
