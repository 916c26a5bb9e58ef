"""Pools worked by hand: what is averaged, what each member is worth, what recalibration and the isotonic split say."""

import numpy as np
import pandas as pd
import pytest

from research import event_calibration
from sim.prediction import pools
from sim.prediction.forecasting import FINE, FINELY, MODEL
from sim.prediction.move_forecasts import FLOOR
from sim.prediction.pools import CAUTION, POOL, RECALIBRATED
from sim.prediction.references import BASE, PERSISTENCE

LEVELS = np.array(FINE)


def figure(name: str, forecaster: str, quantiles: np.ndarray, **more: object) -> dict[str, object]:
    return {"id": name, "forecaster": forecaster, "kind": "number", **dict(zip(FINELY, quantiles, strict=True)), **more}


def event(name: str, forecaster: str, chance: float) -> dict[str, object]:
    return {"id": name, "forecaster": forecaster, "kind": "event", "probability": chance}


def test_figures_are_averaged_by_quantile_and_events_by_the_mean_of_their_log_odds() -> None:
    table = pd.DataFrame([
        figure("growth/2025", MODEL, LEVELS), figure("growth/2025", BASE, 3.0 + LEVELS),
        event("slight/2025-03", MODEL, 0.9), event("slight/2025-03", PERSISTENCE, 0.5),
        event("slight/2025-03", BASE, 0.2),
    ])  # fmt: skip
    pooled = pools.with_pool(table).set_index(["id", "forecaster"])
    assert pooled.loc[("growth/2025", POOL), list(FINELY)].to_numpy(float) == pytest.approx(1.5 + LEVELS)
    odds = (9.0 * 1.0 * 0.25) ** (1 / 3)
    assert pooled.loc[("slight/2025-03", POOL), "probability"] == pytest.approx(odds / (1.0 + odds))
    assert len(pooled) == len(table) + 2


def test_rows_of_the_pool_stand_in_the_order_of_the_questions() -> None:
    names = ["trade/2025-02", "slight/2025-03", "growth/2025", "trade/2025-01"]
    rows = [event(name, who, 0.5) for who in (MODEL, BASE) for name in names]
    assert pools.pool_rows(pd.DataFrame(rows))["id"].tolist() == names
    assert pools.with_pool(pd.DataFrame(rows))["id"].tolist() == 3 * names


def test_nobody_rules_an_option_out_for_all() -> None:
    pooled = pools.pool_chances(np.array([[1.0, 0.0], [0.1, 0.9]]))
    odds = np.sqrt(FLOOR * 9.0)
    assert pooled == pytest.approx([1.0 / (1.0 + odds), odds / (1.0 + odds)])


def test_made_forecasters_are_no_members() -> None:
    rows = [figure("growth/2025", MODEL, LEVELS)]
    rows += [figure("growth/2025", name, 9.0 + LEVELS) for name in (POOL, RECALIBRATED)]
    (pool,) = pools.pool_rows(pd.DataFrame(rows)).to_dict("records")
    assert [pool[name] for name in FINELY] == pytest.approx(LEVELS)


def test_moves_are_pooled_month_by_month_in_the_order_of_their_options() -> None:
    said = {"a": [[0.8, 0.15, 0.05], [0.2, 0.3, 0.5]], "b": [[0.2, 0.4, 0.4], [0.2, 0.3, 0.5]]}
    rows = [
        {
            "month": month,
            "capital": "Seoul",
            "lever": "north",
            "option": option,
            "forecaster": name,
            "probability": likely,
        }
        for name, grid in said.items()
        for month, chances in zip(("2025-01", "2025-02"), grid, strict=True)
        for option, likely in zip(("hard", "deter", "engage"), chances, strict=True)
    ]
    pooled = pools.with_pool_of_moves(pd.DataFrame(rows))
    mine = pooled[pooled["forecaster"] == POOL].set_index(["month", "option"])["probability"]
    root = np.sqrt([0.16, 0.06, 0.02])
    assert mine["2025-01"].tolist() == pytest.approx((root / root.sum()).tolist())
    assert mine["2025-01"].index.tolist() == ["hard", "deter", "engage"]
    assert mine["2025-02"].tolist() == pytest.approx([0.2, 0.3, 0.5]), "where all agree, so does the pool"


# --- Recalibration


def normal(middle: float, spread: float) -> np.ndarray:
    from scipy.stats import norm

    return np.asarray(norm(middle, spread).ppf(LEVELS))


def test_figures_are_moved_and_widened_by_how_earlier_ones_missed() -> None:
    """By hand, in logs: four facts two spreads above the median; the model's own word counts as eight facts."""
    past = pd.DataFrame([
        figure(f"trade/2023-0{month}", MODEL, np.exp(normal(5.0, 0.1)), fact=np.exp(5.2)) for month in range(1, 5)
    ])  # fmt: skip
    table = pd.DataFrame([figure("trade/2025-01", MODEL, np.exp(normal(4.0, 0.3)))])
    (made,) = pools.recalibrate(table, past).to_dict("records")
    move = 8.0 / (4 + CAUTION)
    widen = np.sqrt((4 * (2.0 - move) ** 2 + CAUTION) / (4 + CAUTION))
    logs = np.log([made[name] for name in FINELY])
    assert made["forecaster"] == RECALIBRATED
    assert logs == pytest.approx(4.0 + 0.3 * move + widen * (normal(4.0, 0.3) - 4.0), abs=1e-3)


def test_without_a_past_and_of_other_series_nothing_is_recalibrated() -> None:
    table = pd.DataFrame([figure("growth/2025", MODEL, normal(1.0, 2.0)), event("slight/2025-03", MODEL, 0.3)])
    past = pd.DataFrame([figure("trade/2023-01", MODEL, np.exp(normal(5.0, 0.1)), fact=400.0)])
    for some in (past, past[:0]):
        (made,) = pools.recalibrate(table, some).to_dict("records")
        assert [made[name] for name in FINELY] == pytest.approx(normal(1.0, 2.0).tolist())


def test_the_models_own_line_stays_as_it_is() -> None:
    table = pd.DataFrame([figure("trade/2025-01", MODEL, np.exp(normal(4.0, 0.3)))])
    past = pd.DataFrame([figure("trade/2023-01", MODEL, np.exp(normal(5.0, 0.1)), fact=400.0)])
    made = pools.with_pool(table, past)
    own = made[made["forecaster"] == MODEL][list(FINELY)].to_numpy(float)
    assert (own == table[list(FINELY)].to_numpy(float)).all()
    assert made["forecaster"].tolist() == [MODEL, RECALIBRATED, POOL]
    assert (made.loc[2, list(FINELY)].to_numpy(float) == own[0]).all(), "it is no member of the pool"


# --- What members are worth


def test_importance_is_that_of_all_smaller_pools() -> None:
    """Three members whose pool is the mean of their values, scored by its square: by hand over all seven pools."""
    values = {"a": 0.0, "b": 2.0, "c": 4.0}
    table = pd.DataFrame([figure("growth/2025", name, np.full(len(FINE), value)) for name, value in values.items()])
    worth = event_calibration.importance(table, lambda rows: float(rows["q50"].iloc[0] ** 2))
    assert worth["alone"].tolist() == [0.0, 4.0, 16.0]
    assert worth.loc["a", "leave one out"] == 9.0 - 4.0 and worth.loc["c", "leave one out"] == 1.0 - 4.0
    assert worth.loc["a", "Shapley"] == pytest.approx(np.mean([np.mean([4.0 - 1.0, 16.0 - 4.0]), 5.0]))
    assert worth.loc["c", "Shapley"] == pytest.approx(np.mean([np.mean([0.0 - 4.0, 4.0 - 9.0]), -3.0]))


# --- Events


def test_the_split_adds_up_and_a_calibrated_forecaster_has_no_miscalibration() -> None:
    chance = np.random.default_rng(1)
    chances, came = chance.random(200).round(1), (chance.random(200) < 0.4).astype(float)
    split = event_calibration.isotonic_split(chances, came)
    assert split.score == pytest.approx(np.mean((chances - came) ** 2))
    assert min(split) >= 0.0 and split.uncertainty == pytest.approx(came.mean() * (1.0 - came.mean()))
    exact = event_calibration.isotonic_split(np.repeat([0.25, 0.75], 4), np.array([1.0, 0, 0, 0, 1, 1, 1, 0]))
    assert (exact.miscalibration, exact.discrimination) == pytest.approx((0.0, 0.0625))
    same = event_calibration.isotonic_split(np.full(4, 0.9), np.array([0.0, 1, 0, 1]))
    assert same == pytest.approx((0.16, 0.0, 0.25)), "one chance for all tells nothing apart"


def test_the_band_holds_a_calibrated_forecaster_and_not_one_that_is_none() -> None:
    chances = np.repeat([0.1, 0.5, 0.9], 60)
    came = np.concatenate([np.repeat([1.0, 0.0], [60 * tenth // 10, 60 - 60 * tenth // 10]) for tenth in (1, 5, 9)])
    calibrated = event_calibration.reliability_curve(chances, came, 3)
    assert calibrated["chance"].tolist() == [0.1, 0.5, 0.9] and calibrated["events"].tolist() == [60] * 3
    assert calibrated["came"].tolist() == pytest.approx([0.1, 0.5, 0.9])
    assert (calibrated["came"].between(calibrated["low"], calibrated["high"])).all()
    wrong = event_calibration.reliability_curve(chances, 1.0 - came, 3)
    assert wrong["came"].tolist() == pytest.approx([0.5] * 3), "it never falls as the chance rises"
    assert not wrong["came"].between(wrong["low"], wrong["high"])[[0, 2]].any()
