"""Chance: every draw is a function of seed, run, month and slot, uniform, and independent along all four."""

import numpy as np
import pytest
from scipy import special, stats

from sim.engine import draws
from sim.model.capitals import CAPITALS
from sim.model.drivers import NOISES
from sim.model.moves import LEVER

SEEDS, RUNS, MONTHS = 6, 40, 24
# axes: seed, run, row (what is drawn once a run comes first, then the months), slot
DRAWN = np.array([draws.uniforms(seed, np.arange(RUNS)[:, None], np.arange(1 + MONTHS)) for seed in range(SEEDS)])


def test_all_that_is_drawn_has_a_slot() -> None:
    choices = {f"{verb}_{field}" for verb in ("review", "choose") for field in (*LEVER, "deal")}
    assert set(draws.SLOTS) == {*choices, *NOISES, "flood", "crisis"}, "new slots go at the end of SLOTS"
    assert set(draws.RUN_SLOTS) == {"war_end", *(f"notice_{capital.lower()}" for capital in CAPITALS)}


def test_every_slot_has_a_place_of_its_own() -> None:
    for slots in (draws.SLOTS, draws.RUN_SLOTS):
        assert len(set(slots)) == len(slots) <= 2 * draws.PAIRS


@pytest.mark.parametrize(
    ("word", "expected"),
    [(0x0, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"), (0xFFFFFFFF, "408f276d 41c83b0e a20bc7c6 6d5451fd")],
)
def test_the_generator_gives_the_published_answers(word: int, expected: str) -> None:
    """Philox 4x32-10: the known answers that come with Salmon et al. (2011), counter and key all of one word."""
    assert " ".join(f"{int(number):08x}" for number in draws.philox(*[np.uint64(word)] * 6)) == expected


def test_a_draw_depends_on_nothing_but_its_seed_run_row_and_slot() -> None:
    alone = draws.uniforms(5, 9, 4)
    assert np.array_equal(draws.uniforms(5, np.array([8, 9]), np.array([3, 4]))[1], alone)
    assert np.array_equal(draws.uniforms(5, 9, np.arange(30))[4], alone)


def test_draws_lie_in_the_unit_interval_and_are_uniform() -> None:
    assert DRAWN.min() >= 0.0 and DRAWN.max() < 1.0
    assert stats.kstest(DRAWN.ravel(), "uniform").pvalue > 1e-3
    by_slot = DRAWN.reshape(-1, 2 * draws.PAIRS)
    assert min(stats.kstest(column, "uniform").pvalue for column in by_slot.T) > 1e-3 / (2 * draws.PAIRS)


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
    four = [draws.uniforms(*key, np.arange(4)) for key in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert len({drawn.tobytes() for drawn in four}) == 4
    assert np.array_equal(draws.uniforms(0, 0, np.arange(4)), four[0])
    assert np.std(four[0]) > 0.2


def test_large_seeds_and_runs_have_streams_of_their_own() -> None:
    keys = [(2**63 - 1, 0), (2**32, 0), (0, 2**32), (2**53 + 1, 0), (2**53, 0)]
    assert len({draws.uniforms(*key, np.arange(3)).tobytes() for key in keys}) == len(keys)


def test_normals_are_those_of_a_well_kept_library() -> None:
    draw = [*DRAWN.ravel()[:5000].tolist(), *2.0 ** -np.arange(1.0, 54.0), *(1.0 - 2.0 ** -np.arange(1.0, 54.0))]
    assert [draws.standard_normal(u) for u in draw] == pytest.approx(special.ndtri(draw), abs=1e-11)


def test_the_normal_of_a_draw_of_0_is_finite() -> None:
    assert -9.0 < draws.standard_normal(0.0) < draws.standard_normal(2.0**-53)


def test_a_whole_number_falls_on_both_ends_and_on_all_alike() -> None:
    assert draws.whole(0.0, 72, 143) == 72
    assert draws.whole(np.nextafter(1.0, 0.0), 72, 143) == 143
    assert draws.whole(0.7, 5, 5) == 5
    counts = np.bincount([draws.whole(u, 0, 3) for u in DRAWN[:, :, 0].ravel()], minlength=4)
    assert len(counts) == 4
    assert stats.chisquare(counts).pvalue > 1e-3
