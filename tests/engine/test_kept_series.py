"""Containers that keep some series alone name what they keep, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.rows import STATES
from sim.engine.ensemble import SERIES, Divergence, Ensemble, Pair
from sim.engine.war_end import NEVER
from tests.analysis.by_hand import made, steps

FEW = ("tension", "economy", "china_flow")


def partial(many: Ensemble, names: tuple[str, ...] = STATES, more: int = 0) -> Ensemble:
    """Return an ensemble that keeps some series of whole runs, and some columns that the rules remember besides."""
    kept = np.stack([many.array(name) for name in names], axis=-1)
    beside = np.full((*kept.shape[:2], more), 7.0)
    return replace(many, states=np.concatenate([kept, beside], axis=-1), kept=names)


WHOLE = made([NEVER] * 3, tension=[steps(), steps((30, 0.1)), steps()], economy=[steps(), steps(), steps((20, 0.9))],
             china_flow=1.0)  # fmt: skip
STILL = made([NEVER] * 3, china_flow=1.0)


@pytest.mark.parametrize("more", [0, 3])
def test_where_worlds_part_is_named_by_what_is_kept(more: int) -> None:
    pair = Pair(partial(WHOLE, FEW, more), partial(STILL, FEW, more))
    assert pair.first_divergence(0) is None
    assert pair.first_divergence(1) == Divergence("2021-07", (), ("tension",))
    assert pair.first_divergence(2) == Divergence("2020-09", (), ("economy",))


def test_containers_that_keep_other_series_are_compared_by_those_that_both_keep() -> None:
    whole, still = partial(WHOLE, FEW), partial(STILL, FEW)
    for one, other in ((whole, STILL), (WHOLE, still), (partial(WHOLE), still)):
        assert Pair(one, other).first_divergence(1) == Divergence("2021-07", (), ("tension",))
    assert Pair(partial(WHOLE), partial(STILL)).first_divergence(2) is None  # economy is not kept


def test_runs_are_found_by_their_number_on_both_sides() -> None:
    pair = Pair(partial(WHOLE), partial(STILL).select(np.array([2, 1])))
    assert pair.first_divergence(1) == Divergence("2021-07", (), ("tension",))
    with pytest.raises(KeyError, match="run 0 is not in both"):
        pair.first_divergence(0)


@pytest.mark.parametrize("names", [STATES, FEW])
def test_the_long_table_has_what_is_kept(names: tuple[str, ...]) -> None:
    table = partial(WHOLE, names).tidy()
    assert list(table.columns) == ["run", "month", *names]
    assert table["tension"].to_numpy().reshape(3, -1) == pytest.approx(WHOLE.array("tension"))
    assert list(WHOLE.tidy().columns) == ["run", "month", *SERIES]
    with pytest.raises(KeyError, match="is kept here"):
        partial(WHOLE, names).tidy(["recognition"])


@pytest.mark.parametrize("names", [SERIES, FEW])
def test_parts_make_the_whole_and_runs_can_be_chosen(names: tuple[str, ...]) -> None:
    some = partial(WHOLE, names)
    varied = some.experiment.replace(varied={"postwar_need": np.array([0.1, 0.2, 0.3])})
    whole = replace(some, experiment=varied)
    joined = type(whole).concatenate([whole.select(slice(1)), whole.select(np.array([False, True, True]))])
    turned = joined.select(np.array([2, 0, 0]))
    for name in ("runs", "war_end", "states", "played"):
        assert np.array_equal(getattr(joined, name), getattr(whole, name)), name
        assert np.array_equal(getattr(turned, name), getattr(whole, name)[[2, 0, 0]]), name
    assert turned.parameters["postwar_need"].tolist() == [0.3, 0.1, 0.1]
    assert (joined.kept, joined.source) == (names, WHOLE.source)
