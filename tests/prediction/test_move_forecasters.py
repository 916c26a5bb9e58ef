"""The forecasters that know no politics: what they know, when they know it, and how the model is set beside them."""

import numpy as np
import pandas as pd
import pytest

from sim.inference import coding
from sim.model import months
from sim.model.moves import DEAL, LEVER, LEVERS, Moves
from sim.prediction import move_forecasters
from sim.prediction.move_forecasters import (
    ALL,
    BASE_RATE,
    LAST_MOVE,
    MIXED,
    MODEL,
    NAIVE,
    Gap,
    compare_forecasters,
    naive,
    score_gap_by_month,
)

TALKS = LEVER["pyongyang_talks"]


def sure(*options: int) -> np.ndarray:
    """Return a record that leaves no doubt, month by month."""
    return np.eye(len(TALKS.options))[list(options)]


def scored(*options: int) -> np.ndarray:
    """Return the chances that the three gave to what was recorded: shape (months, forecasters)."""
    record = sure(*options)
    return np.exp(move_forecasters._scores(TALKS, record, record))


def test_their_chances_are_those_of_counting_by_hand() -> None:
    first, count = TALKS.index(Moves().pyongyang_talks), len(TALKS.options)
    other = (first + 1) % count
    chances = scored(first, first, other)
    half = 0.5 / (0.5 * count)
    assert chances[0, :2] == pytest.approx([half, 0.5])
    assert chances[1, :2] == pytest.approx([1.5 / (1.0 + 0.5 * count), 1.5 / 2.0])
    assert chances[2, :2] == pytest.approx([0.5 / (2.0 + 0.5 * count), (0.5 / 3.0) / (count - 1)])
    assert chances[:, 2] == pytest.approx(chances[:, :2].mean(axis=1))


def test_chances_of_all_options_sum_to_one() -> None:
    count = len(TALKS.options)
    sums = sum(scored(0, 1, 1, last)[-1] for last in range(count))
    assert sums == pytest.approx([1.0, 1.0, 1.0])


def test_later_months_change_no_earlier_score() -> None:
    short, whole = naive(40), naive(68)
    early = whole[whole["month"] < months.name(40)].reset_index(drop=True)
    pd.testing.assert_frame_equal(short, early)


def test_a_fact_that_fills_months_is_known_after_its_first() -> None:
    weak = sure(1, 1, 1) ** 0.1 * 0.2 + 0.8  # each month tells a tenth of it
    certain, faint = (move_forecasters._scores(TALKS, weak, known)[-1][1] for known in (sure(1, 1, 1), weak))
    assert certain > faint


def test_facts_of_the_record_are_known_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    scored_whole = naive(40)[LAST_MOVE].sum()
    monkeypatch.setattr(move_forecasters, "_whole", lambda support, horizon: support)
    assert scored_whole > naive.__wrapped__(40)[LAST_MOVE].sum()


def test_they_are_scored_on_the_moves_that_the_record_tells() -> None:
    """The three parts of the deal count as one."""
    record, table = coding.record_support(68), naive(68)
    parts = [LEVERS.index(lever) for lever in DEAL]
    assert len(table) == record.recorded.sum() - record.recorded[:, parts].sum()
    assert table[list(NAIVE)].to_numpy().max() < 0.0


def model(worth: float, seeds: int = 2) -> pd.DataFrame:
    """Return scores of a model that gains so much over the base rate in every move."""
    table = naive(30)
    rows = table[["month", "lever"]].assign(score=table[BASE_RATE] + worth)
    return pd.concat([rows.assign(seed=seed) for seed in range(seeds)])


def test_the_model_is_set_beside_them_move_by_move() -> None:
    table = compare_forecasters(model(0.25))
    assert table[f"over {BASE_RATE}"].to_numpy() == pytest.approx(0.25)
    assert table.loc[ALL, "moves"] == len(naive(30)) == table["moves"].drop(index=ALL).sum()
    assert (table[MODEL] - table[BASE_RATE]).to_numpy() == pytest.approx(0.25)
    levers = compare_forecasters(model(-0.1), "lever")
    assert levers[f"over {BASE_RATE}"].to_numpy() == pytest.approx(-0.1)
    assert score_gap_by_month(model(0.25))[BASE_RATE].iloc[-1] == pytest.approx(-0.25 * len(naive(30)))
    assert set(score_gap_by_month(model(0.25))) == {BASE_RATE, LAST_MOVE, MIXED}


# --- Gaps


def test_a_gap_that_chance_makes_is_found_as_seldom_as_p_says() -> None:
    chance = np.random.default_rng(1)
    p = [Gap.of(chance.standard_normal((1, 68))).p for _ in range(2_000)]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.02)


def test_errors_are_those_of_sums() -> None:
    gains = np.array([[1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0]])
    gap = Gap.of(gains)
    assert gap.nats == 14.0
    assert gap.seeds == pytest.approx(np.std([10.0, 18.0], ddof=1) / np.sqrt(2.0))
    assert gap.months == pytest.approx(np.std([2.0, 3.0, 4.0, 5.0], ddof=1) * 2.0)
    assert gap.error == pytest.approx(np.hypot(gap.seeds, gap.months))


def test_nothing_is_no_gap() -> None:
    gap = Gap.of(np.zeros((3, 20)))
    assert (gap.nats, gap.error, gap.p) == (0.0, 0.0, 1.0)


def test_a_row_of_the_table_is_a_gap_of_seeds_and_months_shared_out_over_its_moves() -> None:
    """Two moves in January and one in March, under two seeds; each forecaster more is worse by as much again."""
    months_of = ["2019-01", "2019-01", "2019-03"] * 2
    rows = pd.DataFrame({"seed": [0] * 3 + [1] * 3, "month": months_of, "gain": [1.0, 2.0, 1.0, 2.0, 3.0, 3.0]})
    parts = [rows.assign(forecaster=name, gain=rows["gain"] * (1 + place), score=-0.5, other=-1.0 - place)
             for place, name in enumerate(NAIVE)]  # fmt: skip
    row = move_forecasters._row(pd.concat(parts), 4)
    assert (row["moves"], row[MODEL]) == (3.0, -0.5) and [row[name] for name in NAIVE] == [-1.0, -2.0, -3.0]
    gap = Gap.of(np.array([[3.0, 0.0, 1.0, 0.0], [5.0, 0.0, 3.0, 0.0]]))
    assert gap.nats == 6.0
    for place, name in enumerate(NAIVE, 1):
        assert row[f"over {name}"] == pytest.approx(place * 2.0)
        assert row[f"error {name}"] == pytest.approx(place * gap.error / 3.0)
        assert row[f"p {name}"] == pytest.approx(gap.p)
