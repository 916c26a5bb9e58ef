"""Chance: every draw is a function of seed, run, month and slot, uniform, and independent along all four."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.engine import draws

KNOWN = Path(__file__).with_name("slots.txt").read_text(encoding="utf-8").split()
SEEDS, RUNS, MONTHS = 6, 40, 24
# axes: seed, run, month (what is drawn once a run comes first), slot
DRAWN = np.array([[draws.uniforms(seed, run, MONTHS) for run in range(RUNS)] for seed in range(SEEDS)])


def test_slots_are_only_ever_added_at_the_end() -> None:
    once, monthly = KNOWN.index("once-a-run:"), KNOWN.index("monthly:")
    assert tuple(KNOWN[once + 1 : monthly]) == draws.RUN_SLOTS, "new slots go at the end, here and in slots.txt"
    assert tuple(KNOWN[monthly + 1 :]) == draws.SLOTS, "new slots go at the end, here and in slots.txt"


def test_every_slot_has_a_place_of_its_own() -> None:
    for slots in (draws.SLOTS, draws.RUN_SLOTS):
        assert len(set(slots)) == len(slots) <= draws.WIDTH


def test_the_stream_is_the_one_that_all_results_were_made_with() -> None:
    found = draws.uniforms(seed=7, run=3, months=2)
    assert found[0, 0].hex() == "0x1.edb31ec618b30p-2"
    assert found[2, 41].hex() == "0x1.89810cac8f3ddp-1"


def test_a_shorter_run_takes_the_same_draws() -> None:
    assert np.array_equal(draws.uniforms(5, 9, 30)[:11], draws.uniforms(5, 9, 10))


def test_draws_lie_in_the_unit_interval_and_are_uniform() -> None:
    assert DRAWN.min() >= 0.0 and DRAWN.max() < 1.0
    assert stats.kstest(DRAWN.ravel(), "uniform").pvalue > 1e-3
    by_slot = DRAWN.reshape(-1, draws.WIDTH)
    assert min(stats.kstest(column, "uniform").pvalue for column in by_slot.T) > 1e-3 / draws.WIDTH


def test_no_draw_is_used_twice() -> None:
    assert len(np.unique(DRAWN)) == DRAWN.size


@pytest.mark.parametrize("axis", range(4), ids=["seed", "run", "month", "slot"])
def test_neighbours_along_every_axis_are_independent(axis: int) -> None:
    ahead = np.moveaxis(DRAWN, axis, 0)
    one, other = ahead[:-1].ravel(), ahead[1:].ravel()
    for power in (1, 2):  # a link in level, and one in spread
        link = np.corrcoef((one - 0.5) ** power, (other - 0.5) ** power)[0, 1]
        assert abs(link) < 4.0 / np.sqrt(one.size)


def test_seed_and_run_are_not_interchangeable_and_seed_0_is_a_seed() -> None:
    four = [draws.uniforms(*key, 3) for key in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert len({drawn.tobytes() for drawn in four}) == 4
    assert np.array_equal(draws.uniforms(0, 0, 3), four[0])
    assert np.std(four[0]) > 0.2


def test_large_seeds_and_runs_have_streams_of_their_own() -> None:
    keys = [(2**63 - 1, 0), (2**32, 0), (0, 2**32), (2**53 + 1, 0), (2**53, 0)]
    assert len({draws.uniforms(*key, 2).tobytes() for key in keys}) == len(keys)


def test_normals_are_standard_and_that_of_a_draw_of_0_is_finite() -> None:
    found = draws.normals(DRAWN[:, :, 1:]).ravel()
    assert stats.kstest(found, "norm").pvalue > 1e-3
    assert np.isfinite(draws.normals(np.zeros((1, draws.WIDTH)))).all()


@pytest.mark.xfail(reason="the largest draw and half a step round to 1, whose normal is infinite (odds of 2**-53)")
def test_the_normal_of_the_largest_draw_is_finite() -> None:
    assert np.isfinite(draws.normals(np.full((1, draws.WIDTH), np.nextafter(1.0, 0.0)))).all()


def test_a_whole_number_falls_on_both_ends_and_on_all_alike() -> None:
    assert draws.whole(0.0, 72, 143) == 72
    assert draws.whole(np.nextafter(1.0, 0.0), 72, 143) == 143
    assert draws.whole(0.7, 5, 5) == 5
    counts = np.bincount([draws.whole(u, 0, 3) for u in DRAWN[:, :, 0].ravel()], minlength=4)
    assert len(counts) == 4
    assert stats.chisquare(counts).pvalue > 1e-3
