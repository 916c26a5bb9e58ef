"""Regions of parameter space, worked by hand: what lies inside, in words, and which of them tells best."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis import boxes
from sim.analysis.boxes import Box, best, peel_boxes

VALUES = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0, 4.0], "y": [4.0, 3.0, 2.0, 1.0, 0.0]})


def test_a_region_holds_its_edges_and_asks_for_all_of_its_limits() -> None:
    assert Box({"x": (1.0, 3.0)}, 0.0, 0.0, 0.0).inside(VALUES).tolist() == [False, True, True, True, False]
    both = Box({"x": (1.0, np.inf), "y": (-np.inf, 2.0)}, 0.0, 0.0, 0.0)
    assert both.inside(VALUES).tolist() == [False, False, True, True, True]
    assert Box({}, 1.0, 1.0, 1.0).inside(VALUES).all()


def test_a_region_is_told_by_the_sides_that_are_closed() -> None:
    limits = {"a": (-np.inf, 2.0), "b": (0.125, np.inf), "c": (1.0, 3.0)}
    assert Box(limits, 0.0, 0.0, 0.0).words == "a up to 2 and b from 0.125 and c from 1 to 3"
    assert Box({}, 0.0, 0.0, 0.0).words == "anywhere"
    said = Box({"a": (-np.inf, 2.0)}, 0.75, 0.5, 0.25).sentence("It fails")
    assert [part for part in said.split() if "%" in part] == ["50%", "75%", "25%"]


def test_coverage_density_and_mass_are_counted_inside() -> None:
    """Of five cases it holds in three; from 2 on there are three, and it holds in two of them."""
    holds, whole = np.array([True, False, True, True, False]), VALUES.agg(["min", "max"])
    box = boxes._box(VALUES, holds, whole.assign(x=[2.0, 4.0]), whole)
    assert box.limits == {"x": (2.0, np.inf)}
    assert (box.coverage, box.density, box.mass) == pytest.approx((2 / 3, 2 / 3, 3 / 5))
    upto = boxes._box(VALUES, holds, whole.assign(y=[0.0, 1.0]), whole)
    assert upto.limits == {"y": (-np.inf, 1.0)} and upto.coverage == pytest.approx(1 / 3) and upto.density == 0.5
    often = boxes._box(VALUES, np.array([0.0, 0.0, 0.5, 1.0, 0.5]), whole.assign(x=[2.0, 3.0]), whole)
    assert often.limits == {"x": (2.0, 3.0)}
    assert (often.coverage, often.density, often.mass) == pytest.approx((0.75, 0.75, 0.4))
    assert boxes._box(VALUES, holds, whole, whole).limits == {}


def test_the_best_region_has_most_of_the_cases_and_fewest_of_the_others() -> None:
    """Of a hundred cases it holds in twenty: the whole is worth nothing, the others 0.9 - 10/80 and 0.5 - 0."""
    whole, wide, small = Box({}, 1.0, 0.2, 1.0), Box({}, 0.9, 18 / 28, 0.28), Box({}, 0.5, 1.0, 0.1)
    assert best([whole, wide, small]) is wide
    assert best([whole, small]) is small
    worse = Box({}, 0.5, 10 / 60, 0.6)  # 0.5 - 50/80
    assert best([whole, worse]) is whole and best([]) is None


def test_what_holds_nowhere_or_everywhere_has_no_region() -> None:
    assert peel_boxes(VALUES, np.zeros(5, dtype=bool)) == [] == peel_boxes(VALUES, np.full(5, 0.5))


@pytest.mark.parametrize("often", [False, True])
def test_a_corner_is_found_where_it_lies(often: bool) -> None:
    chance = np.random.default_rng(3)
    values = pd.DataFrame(chance.random((1000, 3)), columns=["x", "y", "z"]).assign(same=1.0)
    corner = (values["x"] > 0.5).to_numpy() & (values["y"] < 0.6).to_numpy()
    made = best(peel_boxes(values, corner.astype(float) if often else corner))
    assert made is not None and {"x", "y"} <= set(made.limits) and "same" not in made.limits
    assert made.limits["x"][0] == pytest.approx(0.5, abs=0.06) and made.limits["y"][1] == pytest.approx(0.6, abs=0.06)
    assert made.coverage > 0.85 and made.density > 0.85
