"""Containers that keep some series alone name what they keep, and nothing else."""

import numpy as np
import pytest

from sim.analysis.pairs import Divergence, Pair
from sim.analysis.rows import STATES, Lived
from sim.engine.partial import Partial
from sim.engine.plan import NEVER
from sim.engine.runs import SERIES, Ensemble
from tests.analysis.made import made, steps


def partial(many: Ensemble, kind: type[Partial] = Lived, more: int = 0) -> Partial:
    """Return what a container keeps of whole runs, and some columns that the rules remember besides."""
    kept = np.stack([many.array(name) for name in kind.kept], axis=-1)
    beside = np.full((*kept.shape[:2], more), 7.0)
    return kind(many.scenario, many.seed, many.runs, many.war_end, np.concatenate([kept, beside], axis=-1),
                many.played, source=many.source)  # fmt: skip


class Few(Partial):
    """Another choice of series."""

    kept = ("tension", "economy", "china_flow")


WHOLE = made([NEVER] * 3, tension=[steps(), steps((30, 0.1)), steps()], economy=[steps(), steps(), steps((20, 0.9))],
             china_flow=1.0)  # fmt: skip
STILL = made([NEVER] * 3, china_flow=1.0)


@pytest.mark.parametrize("more", [0, 3])
def test_where_worlds_part_is_named_by_what_is_kept(more: int) -> None:
    pair = Pair(partial(WHOLE, Few, more), partial(STILL, Few, more))
    assert pair.first_divergence(0) is None
    assert pair.first_divergence(1) == Divergence("2021-07", (), ("tension",))
    assert pair.first_divergence(2) == Divergence("2020-09", (), ("economy",))


def test_containers_that_keep_other_series_are_compared_by_those_that_both_keep() -> None:
    whole, still = partial(WHOLE, Few), partial(STILL, Few)
    for one, other in ((whole, STILL), (WHOLE, still), (partial(WHOLE), still)):
        assert Pair(one, other).first_divergence(1) == Divergence("2021-07", (), ("tension",))
    assert Pair(partial(WHOLE), partial(STILL)).first_divergence(2) is None  # economy is not kept


def test_runs_are_found_by_their_number_on_both_sides() -> None:
    pair = Pair(partial(WHOLE), partial(STILL).take(np.array([2, 1])))
    assert pair.first_divergence(1) == Divergence("2021-07", (), ("tension",))
    with pytest.raises(KeyError, match="run 0 is not in both"):
        pair.first_divergence(0)


@pytest.mark.parametrize("kind", [Lived, Few])
def test_the_long_table_has_what_is_kept(kind: type[Partial]) -> None:
    table = partial(WHOLE, kind).tidy()
    assert list(table.columns) == ["run", "month", *kind.kept]
    assert table["tension"].to_numpy().reshape(3, -1) == pytest.approx(WHOLE.array("tension"))
    assert list(WHOLE.tidy().columns) == ["run", "month", *SERIES]
    with pytest.raises(KeyError, match="is kept here"):
        partial(WHOLE, kind).tidy(["recognition"])
    assert set(STATES) == set(Lived.kept)
