"""Designs choose the points that they should, and points become the runs that they say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as given_examples
from hypothesis import strategies as st

import sim
from sim.inference.designs import DESIGNS, factorial, latin, morris, prior, priors, sobol
from sim.inference.points import problems, scenario_at
from sim.registers.register import registered_parameters
from sim.scenario import ScenarioError, load
from sim.scenario.parts import Drivers
from sim.scenario.values import ORDERINGS
from sim.studies import specification
from sim.studies.layout import LARGEST, SMALLEST, Layout

BOTH = {"postwar_need": sim.uniform(0, 1.6), "foresight": sim.uniform(2, 12)}


def test_the_words_for_values_say_what_they_say() -> None:
    assert sim.span(0, 1.6, 5).values == (0.0, 0.4, 0.8, pytest.approx(1.2), 1.6)
    assert sim.months("2027-11", "2028-01", every=1).values == ("2027-11", "2027-12", "2028-01")
    assert sim.months("2027-11", "2027-11").values == ("2027-11",), "the first month may be the last"
    assert sim.months("2027-10", "2028-10", every=6).values == ("2027-10", "2028-04", "2028-10")
    assert sim.values(1, 5, "never").values == (1, 5, "never")
    assert sim.choices("V0", "V4").values == ("V0", "V4")
    assert (prior("foresight").low, prior("foresight").high) == (2, 12)
    assert set(priors()) == {name for name, entry in registered_parameters().items() if entry.kind == "uncertainty"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: sim.span(0, 1, 1),
        lambda: sim.months("2028-01", "2027-01"),
        lambda: sim.months("2027-01", "2028-01", every=0),
        lambda: sim.values(),
        lambda: sim.uniform(1, 1),
        lambda: sim.prior("hazard_ends"),
        lambda: sim.prior("nothing_of_this_name"),
    ],
)
def test_values_that_make_no_sense_are_refused(make) -> None:
    with pytest.raises(ValueError, match=r"give|range"):
        make()


def test_a_factorial_design_has_every_combination_once_and_the_end_of_the_war_changes_fastest() -> None:
    vary = {"war.ends": sim.values("2027-01", "never"), "foresight": sim.values(2.0, 5.0, 12.0)}
    points = factorial(vary, None, 0)
    assert list(points) == ["war.ends", "foresight"]
    assert len(points.drop_duplicates()) == len(points) == 6
    assert points["war.ends"].tolist() == ["2027-01", "never"] * 3
    with pytest.raises(ValueError, match="is a range"):
        factorial(BOTH, None, 0)


def test_a_latin_hypercube_covers_each_factor_evenly() -> None:
    points = latin(BOTH | {"variant": sim.choices("V0", "V4")}, 50, 1)
    for name, factor in BOTH.items():
        strata = np.floor((points[name] - factor.low) / (factor.high - factor.low) * 50)
        assert sorted(strata) == list(range(50))
    assert points["variant"].value_counts().tolist() == [25, 25]
    pd.testing.assert_frame_equal(points, latin(BOTH | {"variant": sim.choices("V0", "V4")}, 50, 1))
    assert not points.equals(latin(BOTH | {"variant": sim.choices("V0", "V4")}, 50, 2))


def test_sobol_and_morris_points_are_those_that_salib_analyses() -> None:
    from SALib.analyze import morris as analyse_morris
    from SALib.analyze import sobol as analyse_sobol

    from sim.inference.designs import problem

    vary = BOTH | {"noise_sd": sim.uniform(0, 1.5)}
    points = sobol(vary, 256, 1)
    assert len(points) == 256 * (3 + 2)
    indices = analyse_sobol.analyze(problem(vary), points["foresight"].to_numpy(), calc_second_order=False, seed=1)
    assert indices["S1"] == pytest.approx([0, 1, 0], abs=0.02)
    with pytest.raises(ValueError, match="power of two"):
        sobol(vary, 100, 1)

    points = morris(vary, 10, 1)
    assert len(points) == 10 * (3 + 1)
    moved = (points.diff().iloc[1:].abs() > 1e-12).sum(axis=1)
    assert (np.delete(moved.to_numpy(), [3, 7, 11, 15, 19, 23, 27, 31, 35]) == 1).all()  # the others begin a path
    places = np.column_stack([(points[n] - f.low) / (f.high - f.low) for n, f in vary.items()])
    effects = analyse_morris.analyze(problem(vary), places, points["foresight"].to_numpy())
    assert effects["mu_star"].tolist() == pytest.approx([0, 10, 0])


WEST, INFLUENCE = "beijing_west_weight", "beijing_influence_weight"
TIED = {WEST: prior(WEST), INFLUENCE: prior(INFLUENCE)}  # .15 to .45, and .1 to .35: the first is at least the second
CUT = 200  # strata of a design


def strata(places: pd.Series | np.ndarray, count: int) -> list[int]:
    return sorted(np.floor(np.asarray(places) * count).astype(int).tolist())


def evenly(points: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of points in what the ordering admits, worked out by hand.

    The west's share of the triangle and of the rectangle behind it, and the influence's share of what the west admits.
    """
    west, influence = points[WEST].to_numpy(), points[INFLUENCE].to_numpy()
    area = np.where(west < 0.35, ((west - 0.1) ** 2 - 0.05**2) / 2, (0.25**2 - 0.05**2) / 2 + 0.25 * (west - 0.35))
    return area / ((0.25**2 - 0.05**2) / 2 + 0.25 * 0.1), (influence - 0.1) / (np.minimum(west, 0.35) - 0.1)


def test_a_latin_design_of_all_parameters_has_as_many_points_as_asked_and_stays_one() -> None:
    made = specification.sweep_by_design(load("baseline"), priors(), "latin", 300, 1, 1)
    assert (len(made.points), made.left_out) == (300, 0)
    for name in set(priors()) - set(TIED):
        factor = prior(name)
        if factor.at_low:  # so many strata fall on the lowest number
            assert (made.points[name] == factor.low).sum() == round(300 * factor.at_low)
            continue
        assert strata((made.points[name] - factor.low) / (factor.high - factor.low), 300) == list(range(300)), name
    for places in evenly(made.points):  # a hair beside the edge of a stratum, a place may fall into the next
        assert np.abs(np.sort(places) - (np.arange(300) + 0.5) / 300).max() < 0.51 / 300


def test_points_of_weights_that_are_tied_fill_what_the_article_admits_as_evenly_as_a_square() -> None:
    from scipy.stats import qmc

    for design, count in (("latin", CUT), ("sobol", 64)):
        tied = specification.sweep_by_design(load("baseline"), TIED, design, count, 1, 1).points
        free = specification.sweep_by_design(load("baseline"), BOTH, design, count, 1, 1).points
        assert len(tied) == len(free) and (tied[WEST] >= tied[INFLUENCE]).all()
        square = np.column_stack([(free[name] - f.low) / (f.high - f.low) for name, f in BOTH.items()])
        # Exactly as even as the square's, since it is the same design there:
        uneven = qmc.discrepancy(np.column_stack(evenly(tied)))
        assert uneven == pytest.approx(qmc.discrepancy(square), rel=0.02)


def test_morris_trajectories_stay_whole_within_what_the_article_admits() -> None:
    vary = TIED | BOTH
    points = specification.sweep_by_design(load("baseline"), vary, "morris", 40, 1, 1).points
    assert len(points) == 40 * 5
    assert (points[WEST] >= points[INFLUENCE]).all()
    paths = points.to_numpy().reshape(40, 5, 4)
    moved = np.abs(np.diff(paths, axis=1)) > 1e-12
    assert (moved.sum(axis=2) == 1).all() and (moved.sum(axis=1) == 1).all()  # one a step, each once
    assert len(np.unique(paths.reshape(40, -1), axis=0)) > 30
    assert (points.nunique() == 4).all()  # all levels of all factors


def test_trajectories_and_points_that_no_ordering_cuts_are_drawn_as_before() -> None:
    from SALib.sample import morris as salib

    from sim.inference.designs import problem

    vary = {WEST: sim.uniform(0.25, 0.45), INFLUENCE: sim.uniform(0.1, 0.25)}
    drawn = salib.sample(problem(vary), 10, seed=3)
    for name, places in zip(vary, drawn.T, strict=True):
        assert morris(vary, 10, 3)[name].tolist() == vary[name].at(places).tolist()
    points = latin(vary, 50, 1)
    assert strata((points[INFLUENCE] - 0.1) / 0.15, 50) == list(range(50))


def test_sobol_indices_of_tied_weights_are_those_of_their_places() -> None:
    from SALib.analyze import sobol as analyse

    from sim.inference.designs import problem

    points = sobol(TIED, 512, 1)
    assert len(points) == 512 * 4
    for values, first in zip(evenly(points), ([1, 0], [0, 1]), strict=True):
        indices = analyse.analyze(problem(TIED), values, calc_second_order=False, seed=1)
        assert indices["S1"] == pytest.approx(first, abs=0.03) and indices["ST"] == pytest.approx(first, abs=0.03)


@pytest.mark.parametrize(
    ("has", "varied", "low", "high"),
    [({WEST: 0.34}, INFLUENCE, 0.1, 0.34), ({WEST: 0.4}, INFLUENCE, 0.1, 0.35), ({INFLUENCE: 0.3}, WEST, 0.3, 0.45)],
)
def test_a_weight_alone_is_varied_as_far_as_admitted(has: dict, varied: str, low: float, high: float) -> None:
    base = load("baseline").with_(parameters=has)
    points = np.sort(specification.sweep_by_design(base, {varied: prior(varied)}, "latin", 50).points[varied])
    assert (points - low) / (high - low) == pytest.approx((np.arange(50) + 0.5) / 50, abs=0.51 / 50)


def test_of_single_values_each_combination_that_is_admitted_comes_about_as_often() -> None:
    vary = {WEST: sim.values(0.15, 0.25, 0.4), INFLUENCE: sim.values(0.1, 0.2, 0.3)}
    often = specification.sweep_by_design(load("baseline"), vary, "latin", 120).points.value_counts()
    assert len(often) == 6 and often.sum() == 120 and often.between(17, 23).all()


def test_a_range_beside_single_values_keeps_the_ordering() -> None:
    for vary in (TIED | {WEST: sim.values(0.15, 0.4)}, TIED | {INFLUENCE: sim.values(0.1, 0.3)}):
        for design in ("latin", "sobol", "morris"):
            made = specification.sweep_by_design(load("baseline"), vary, design, 32)
            assert made.left_out == 0 and (made.points[WEST] >= made.points[INFLUENCE]).all()


def test_weights_that_no_point_can_order_are_refused() -> None:
    vary = {WEST: sim.uniform(0.15, 0.2), INFLUENCE: sim.uniform(0.3, 0.35)}
    for design, says in (("latin", "every point breaks an ordering"), ("sobol", "every point"), ("morris", "hardly a")):
        with pytest.raises(ValueError, match=says):
            specification.sweep_by_design(load("baseline"), vary, design, 8)


def test_a_factorial_design_goes_without_combinations_that_break_an_ordering_and_counts_them() -> None:
    vary = {WEST: sim.values(0.15, 0.4), INFLUENCE: sim.values(0.1, 0.3)}
    made = specification.sweep_by_design(load("baseline"), vary)
    assert (len(made.points), made.left_out) == (3, 1)


def test_only_an_ordering_of_two_weights_can_be_broken_within_the_plausible_ranges() -> None:
    for ordering in ORDERINGS:
        if len(ordering.larger) > 1:
            assert sum(prior(name).low for name in ordering.larger) >= prior(ordering.smaller).high


def test_points_become_the_worlds_that_they_say() -> None:
    point = {"foresight": 7.0, "war.ends": "2027-06", "variant": "V4", "drivers.need_for_us.2025-01": 0.5}
    made = scenario_at(load("baseline"), point)
    assert made.values()["foresight"] == 7.0
    assert made.war.ends == "2027-06"
    assert made.variant.name == "V4"
    need = made.schedule()["need_for_us"]
    assert need[71:73] == (1.1, 0.5)
    assert need[-1] == 0.5


@pytest.mark.parametrize("driver", Drivers.model_fields)
def test_every_driver_can_be_varied(driver: str) -> None:
    assert problems(load("baseline"), f"drivers.{driver}.2025-01", [0.5]) == []


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ({"postwar_ned": sim.values(0.1)}, "postwar_need"),
        ({"postwar_need": sim.values(0.1, 9.0)}, "outside the plausible range"),
        ({"hazard_ends": sim.values(1.0)}, "a fixed number of the model"),
        ({"war.ends": sim.values("2027-13")}, "a month is wanted"),
        ({"war.starts": sim.values("2030-01", "2027-01")}, ""),
        ({"variant": sim.choices("V0", "V77")}, "no variant"),
        ({"drivers.border": sim.uniform(0, 7)}, "outside the range"),
        ({"moves": sim.values("x")}, "nothing of this name can be varied"),
    ],
)
def test_factors_are_checked_before_anything_is_computed(vary, says: str) -> None:
    if not says:  # no end of the war contradicts a later start in the baseline
        specification.sweep_by_design(load("baseline"), vary)
        return
    design = "latin" if "drivers.border" in vary else "factorial"
    with pytest.raises(ScenarioError, match=says):
        specification.sweep_by_design(load("baseline"), vary, design, 4)
    if design == "factorial":
        with pytest.raises(ScenarioError, match=says):
            specification.sweep_over_points(
                load("baseline"), pd.DataFrame({key: factor.values for key, factor in vary.items()})
            )


def test_repeated_points_are_counted() -> None:
    points = pd.DataFrame({"foresight": [2.0, 5.0, 2.0, 2.0]})
    assert specification.sweep_over_points(load("baseline"), points).duplicates == 2


@given_examples(
    points=st.integers(1, 400),
    runs=st.integers(1, 500),
    step=st.integers(1, 500),
    growing=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_every_replicate_of_every_point_has_one_number(
    points: int, runs: int, step: int, growing: bool, seed: int
) -> None:
    layout = Layout(points, runs, min(step, runs), growing=growing)
    parts = [part for round_ in range(layout.rounds) for part in layout.parts(round_)]
    assert [part.first for part in parts] == [0, *(part.stop for part in parts[:-1])]
    assert parts[-1].stop == layout.total
    assert [part.number for part in parts] == sorted({part.number for part in parts})
    assert all(0 < len(part) <= layout.part_rows for part in parts)
    assert SMALLEST <= layout.part_rows <= LARGEST
    some = np.unique(np.random.default_rng(seed).integers(0, layout.total, 200))
    point, replicate = layout.places(some)
    assert ((point >= 0) & (point < points) & (replicate >= 0) & (replicate < runs)).all()
    assert len(set(zip(point.tolist(), replicate.tolist(), strict=True))) == len(some)
    if not growing:
        assert (replicate // layout.step == some // (points * layout.step)).all()
    for number in some[:5].tolist():
        assert layout.part_of(number).first <= number < layout.part_of(number).stop
    one = points // 3
    for round_ in range(layout.rounds):
        spans = {part: layout.places(np.array([part.first, part.stop - 1]))[0] for part in layout.parts(round_)}
        held = [part for part, (first, last) in spans.items() if first <= one <= last]
        assert layout.parts_of(range(one, one + 1), round_) == held


def test_every_design_has_a_name() -> None:
    assert set(DESIGNS) == {"factorial", "latin", "sobol", "morris"}
