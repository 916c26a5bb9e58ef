"""The filter: exact on a linear toy, the same bits for any threads and engine, free runs where nothing counts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from research.recovery import Histories, ranks
from sim.engine import batch, blocks
from sim.engine.blocks import REMEMBERED
from sim.engine.ensemble import SERIES
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference.filtering import (
    FEWEST,
    LEVELS,
    Filtered,
    FilterSettings,
    Weighted,
    filter_states,
    known_world,
    resample,
    weights_of_sets,
)
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.report.figures.record_figures import record_fans
from sim.report.style import words
from sim.scenario import load
from sim.scenario.source import Source

from ..algebra import print_under_threads

BRIEF = "2020-02"
SMALL = FilterSettings(particles=192, states=16)


def brief(seed: int = 3, jobs: int = 1) -> Experiment:
    return Experiment(known_world(BRIEF), retained_sets(), seed, jobs=jobs)


@pytest.fixture(scope="module")
def known() -> Filtered:
    return filter_states(brief(jobs=2), SMALL)


def bits(known: Filtered) -> tuple[bytes, ...]:
    states = known.sets.states
    assert states is not None
    tables = (known.by_month, known.by_set, known.scores, known.fans, known.shares, known.sets.values)
    return (*(pd.util.hash_pandas_object(table).to_numpy().tobytes() for table in tables),
            states.memory.tobytes(), states.series.tobytes(), states.played.tobytes())  # fmt: skip


def test_each_of_the_sets_that_are_given_has_a_filter_of_its_own_in_their_order() -> None:
    """The first and the third set are the same, and the capitals of the second choose almost at random."""
    some = retained_sets().some(2, 3).values
    blind = some.iloc[[1]].assign(precision=1.0)
    sets = equally_weighted(pd.concat([some.iloc[[0]], blind, some.iloc[[0]]]), Source.MIXED)
    filters = [
        filter_states(brief(seed, 2).replace(sets=sets), FilterSettings(3 * 256, states=256)) for seed in range(3)
    ]
    first, other, same = np.mean([known.by_set.sum(axis=1) for known in filters], axis=0)
    assert first == pytest.approx(same, abs=2.0) and abs(first - other) > 5.0


# --- A linear toy, of which all is known


def toy(particles: int, seed: int, seen: np.ndarray) -> float:
    """Return the log evidence of a random walk that is pulled back and seen with noise, by weighing and resampling."""
    chance, weighted, total = np.random.default_rng(seed), Weighted(1, particles), 0.0
    state = chance.standard_normal(particles)
    for value in seen:
        state = 0.8 * state + 0.6 * chance.standard_normal(particles)
        total += float(weighted.weigh(-0.5 * np.log(2 * np.pi * 0.25) - (value - state) ** 2 / 0.5)[0])
        state = state[weighted.resample(weighted.effective < 0.5 * particles, chance.random(1))]
    return total


def exact(seen: np.ndarray) -> float:
    """Return the same by the filter of Kalman, in the textbook's words."""
    mean, variance, total = 0.0, 1.0, 0.0
    for value in seen:
        mean, variance = 0.8 * mean, 0.64 * variance + 0.36
        spread = variance + 0.25
        total += -0.5 * (np.log(2 * np.pi * spread) + (value - mean) ** 2 / spread)
        gain = variance / spread
        mean, variance = mean + gain * (value - mean), (1 - gain) * variance
    return float(total)


SEEN = np.array([0.3, 1.2, 0.9, -0.4, -1.5, -0.7, 0.2, 2.0, 2.2, 1.1, 0.4, -0.1])


def test_on_a_linear_toy_it_is_the_filter_of_kalman() -> None:
    evidence = np.array([toy(4_000, seed, SEEN) for seed in range(20)])
    error = evidence.std(ddof=1) / np.sqrt(20)
    assert evidence.std(ddof=1) < 0.1
    assert abs(evidence.mean() - exact(SEEN)) < 4 * error + 0.5 * evidence.var(ddof=1)


def test_another_program_finds_the_same_on_the_toy() -> None:
    """What the package ``particles`` printed for 40 seeds of 4,000: ``benchmarks/other_filter.py``."""
    other = pd.read_csv(Path(__file__).with_name("other_filter.csv"))["log_evidence"].to_numpy()
    ours = np.array([toy(4_000, seed, SEEN) for seed in range(40)])
    error = np.sqrt(other.var(ddof=1) / 40 + ours.var(ddof=1) / 40)
    assert abs(other.mean() - ours.mean()) < 3 * error < 0.1
    assert 0.5 < ours.std() / other.std() < 2.0


def test_twice_the_particles_change_nothing_beyond_the_error() -> None:
    few, many = (np.array([toy(count, seed, SEEN) for seed in range(40)]) for count in (500, 1_000))
    error = np.sqrt(few.var(ddof=1) / 40 + many.var(ddof=1) / 40)
    assert abs(few.mean() - many.mean()) < 4 * error
    assert many.std() < few.std()


# --- Resampling


def test_systematic_resampling_draws_each_as_often_as_its_weight_says_within_one() -> None:
    weights = np.random.default_rng(1).dirichlet(np.full(1_000, 0.3))
    for draw in (0.0, 0.3, 0.999999):
        counts = resample(weights, draw)
        assert counts.sum() == 1_000
        assert (np.abs(counts - 1_000 * weights) < 1.0 + 1e-9).all()
    mean = np.mean([resample(weights, draw) for draw in np.linspace(0.0, 1.0, 500, endpoint=False)], axis=0)
    assert mean == pytest.approx(1_000 * weights, abs=0.02)


def test_whoever_survives_keeps_its_place_and_no_set_gives_runs_to_another() -> None:
    weighted = Weighted(3, 6)
    weighted.log_weights[:2] = np.log([0.5, 1e-9, 0.2, 0.3 - 4e-9, 1e-9, 2e-9])
    before = weighted.log_weights.copy()
    parents = weighted.resample(np.array([True, False, True]), np.array([0.5, 0.5, 0.5])).reshape(3, 6)
    assert parents[0, [0, 2, 3]].tolist() == [0, 2, 3]
    assert np.bincount(parents[0], minlength=6).tolist() == resample(np.exp(before[0]), 0.5).tolist()
    assert parents[1].tolist() == [6, 7, 8, 9, 10, 11] and parents[2].tolist() == [12, 13, 14, 15, 16, 17]
    assert weighted.log_weights[[0, 2]] == pytest.approx(np.log(1 / 6))
    assert np.array_equal(weighted.log_weights[1], before[1])


def test_each_set_has_the_evidence_of_its_own_runs() -> None:
    gained = np.random.default_rng(2).standard_normal((3, 500))
    weighted = Weighted(3, 500)
    assert weighted.weigh(gained.ravel()) == pytest.approx(np.log(np.exp(gained).mean(axis=1)))
    assert weighted.weights.sum(axis=1) == pytest.approx(1.0)


def test_the_record_weighs_sets_as_far_as_enough_of_them_are_left() -> None:
    apart = np.random.default_rng(3).standard_normal(1_000)
    weights, power = weights_of_sets(0.1 * apart)
    assert power == 1.0 and weights == pytest.approx(np.exp(0.1 * apart) / np.exp(0.1 * apart).sum())
    for count, fewest in ((1_000, FEWEST), (50, 25)):
        weights, power = weights_of_sets(40.0 * apart[:count])
        assert 0.0 < power < 0.2 and 1.0 / (weights**2).sum() == pytest.approx(fewest)
        assert np.corrcoef(np.log(weights), apart[:count])[0, 1] == pytest.approx(1.0)


# --- The whole


def test_threads_and_engines_change_no_bit(known: Filtered) -> None:
    assert bits(filter_states(brief(), SMALL)) == bits(known)
    assert bits(filter_states(brief(), SMALL, engine=batch.month_loop)) == bits(known)
    assert bits(filter_states(brief(4), SMALL)) != bits(known)


def test_processors_that_share_the_algebra_change_no_bit() -> None:
    """Products of long vectors are shared among processors by numpy's own threads, whatever ``jobs`` says."""
    filtered = "sim.filter('2020-01', particles=16_384, seed=3, jobs=1)"
    code = f"import sim; print({filtered}.scores.score.map(float.hex).tolist())"
    one, two = print_under_threads(code)
    assert one == two != ""


def test_where_nothing_counts_the_particles_are_free_runs() -> None:
    known = filter_states(brief(), FilterSettings(particles=70, exponent=0.0, states=7))
    states, places = known.sets.states, retained_sets().places_of(range(10))
    assert states is not None
    asked = brief().replace(runs=range(70), owners=np.repeat(places, 7))
    own = asked.own_parameters
    free = blocks.simulate(asked.planned_runs, REMEMBERED)
    assert np.array_equal(states.memory, free.series[:, -1].T)
    assert np.array_equal(states.played, free.played)
    assert abs(known.log_evidence) < 1e-9 and known.by_month["least"].min() == pytest.approx(7)
    assert all(known.sets.values[name].to_numpy() == pytest.approx(own[name]) for name in own)


def test_it_says_what_it_rests_on(known: Filtered) -> None:
    months_of = [months.name(month) for month in range(14)]
    assert known.by_month.index.tolist() == list(known.by_set) == months_of
    assert known.costliest == known.by_month["log_evidence"].idxmin()
    assert known.log_evidence == pytest.approx(known.by_month["moves"].sum() + known.by_month["figures"].sum())
    assert "only 6 effective parameter sets" in known.warning and "would be left" in known.warning
    assert known.by_month["power"].iloc[-1] < 1.0
    handed = known.sets.values.drop_duplicates()
    assert 6 <= len(handed) <= 12
    shares = known.shares.groupby(["lever", "month"])["share"].sum()
    assert shares.to_numpy() == pytest.approx(1.0)
    assert (known.scores["score"] < 0.0).all() and set(known.scores["lever"]).isdisjoint({"deal_arms", "deal_pay"})


def test_a_month_is_told_before_it_weighs(known: Filtered) -> None:
    """The evidence of a month is the mean over sets, weighed by the months before alone."""
    before = known.by_set.iloc[:, :-1].sum(axis=1).to_numpy()
    weights, _ = weights_of_sets(before)
    assert known.by_month["log_evidence"].iloc[-1] == pytest.approx(
        np.log(weights @ np.exp(known.by_set.iloc[:, -1].to_numpy()))
    )


@pytest.mark.parametrize("month", ["2019-06", "2024-09", "2018-12", "2024"])
def test_a_month_without_a_record_is_refused(month: str) -> None:
    with pytest.raises(ValueError, match=r"2020-01 to 2024-08|before 2019-01|YYYY-MM"):
        known_world(month)


def test_the_record_reaches_from_january_2020_to_its_last_month() -> None:
    for month in ("2020-01", "2024-08"):
        assert known_world(month).horizon == months.index(month) + 1
    for month in ("2019-12", "2024-09"):
        with pytest.raises(ValueError, match="choose a month from 2020-01 to 2024-08"):
            known_world(month)


def test_a_state_that_was_nothing_in_all_months_is_not_drawn(known: Filtered) -> None:
    """Before the war no arms go to Moscow."""
    arms, trade = words("arms_flow").title, words("china_flow").title
    titles = [panel.title for panel in record_fans(known).panels]
    assert trade in titles and arms not in titles
    flowing = known.fans.copy()
    flowing.loc[flowing["series"] == "arms_flow", LEVELS[-1]] = 0.1
    assert arms in [panel.title for panel in record_fans(replace(known, fans=flowing)).panels]


# --- Setting out from it


def test_runs_set_out_from_states_the_same_in_both_engines(known: Filtered) -> None:
    scenario, sets, number = load("hindcast").with_(months={"to": "2020-10"}), known.sets, 5
    asked = Experiment(scenario, sets, 9, range(8))
    many, place = asked.ensemble(), asked.set_places[number]
    assert sets.states is not None
    assert many.states.shape[1] == 22 and many.source == Source.FILTERED
    assert np.array_equal(many.states[number, :14], sets.states.series[place])
    alone = asked.replace(runs=range(number, number + 1)).run(number)
    assert np.array_equal(alone.series[list(SERIES)].to_numpy(), many.states[number])
    assert np.array_equal(many.replay(number).series.to_numpy(), alone.series.to_numpy())
    assert {decision.month for decision in alone.decisions} <= set(range(14, 22))
    assert len({state.tobytes() for state in many.states[:, -1]}) == 8


def test_a_control_sets_out_from_the_same_states(known: Filtered) -> None:
    scenario = load("hindcast").with_(months={"to": "2020-10"}, war={"starts": "2019-06", "ends": "2020-06"})
    one, control = Experiment(scenario, known.sets, 9, range(6)).with_control()
    assert np.array_equal(one.states[:, :17], control.states[:, :17])
    assert not np.array_equal(one.states[:, 17:], control.states[:, 17:])


def test_a_scenario_that_is_over_by_then_is_refused(known: Filtered) -> None:
    base = load("hindcast")
    for changes in ({"months": {"to": "2020-01"}}, {"war": {"starts": "2019-06", "ends": "2020-01"}}):
        with pytest.raises(ValueError, match="before 2020-03, where its runs would set out"):
            Experiment(base.with_(**changes), known.sets, 1).ensemble()
    for last in ("2020-02", "2020-03"):  # the last month that states know, and the first that runs simulate
        for changes in ({"months": {"to": last}}, {"war": {"starts": "2019-06", "ends": last}}):
            if last == "2020-03":
                assert len(Experiment(base.with_(**changes), known.sets, 1).ensemble()) == 1
            else:
                with pytest.raises(ValueError, match="before 2020-03, where its runs would set out"):
                    Experiment(base.with_(**changes), known.sets, 1).ensemble()


def test_truths_that_are_known_rank_evenly() -> None:
    """A small sample; the whole is ``python -m research.recovery 50 8192``."""
    ranked = ranks(Histories(records=12, settings=FilterSettings(1_024, states=64), as_of="2020-03"), brief(5, 2))
    inside = (np.abs(ranked - 0.5) <= 0.45).to_numpy().mean()
    assert 0.75 < inside <= 1.0
    assert abs(ranked.to_numpy().mean() - 0.5) < 0.12
