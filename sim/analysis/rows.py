"""A row a run: what became of it, whether Pyongyang drifted back, and a fingerprint of all its months."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import WITHIN, drift
from sim.analysis.run_outcomes import outcomes
from sim.engine import simulation
from sim.engine.mesa.single_run import Run
from sim.engine.partial import Partial, recorded
from sim.engine.plan import NEVER, Plan, plan
from sim.engine.runs import by_run, ends
from sim.model import months
from sim.model.moves import LEVERS
from sim.scenario.schema import Scenario
from sim.scenario.source import Source
from sim.scenario.words import NO_END

# The states and measures that the columns are made of, and that the fingerprint covers.
STATES = (
    "china_flow",
    "workers_in_china",
    "arms_flow",
    "russia_flow",
    "capability",
    "tension",
    "allied_buildup",
    "reengagement",
    "relative_alignment",
    "influence",
)
_RECORD = recorded(STATES)
AROUND_THE_END = ("reengagement", "influence", "china_flow", "arms_flow")


class Lived(Partial):
    """Runs of which only :data:`STATES` were kept."""

    kept = STATES

    def array(self, name: str) -> NDArray[np.float64]:
        """Return one state, measure or lever for all months, shape (runs, months)."""
        return self._by_state[STATES.index(name)] if name in STATES else super().array(name)

    @cached_property
    def _by_state(self) -> NDArray[np.float64]:
        """The states again, shape (states, runs, months): turned round once, they are read fast, and often."""
        return np.ascontiguousarray(self.states.transpose(2, 0, 1))

    def take(self, places: NDArray[np.int64]) -> "Lived":
        """Return the runs at some places; a run may be taken more than once."""
        if np.array_equal(places, np.arange(len(self))):
            return self
        arrays = {name: getattr(self, name)[places] for name in ("runs", "war_end", "states", "played")}
        return replace(self, **arrays)


def live(
    world: Scenario, varied: Mapping[str, NDArray], seed: int, replicates: NDArray[np.int64], source: Source
) -> Lived:
    """Live runs that share a world but for parameters.

    Parameters
    ----------
    varied
        Parameters that differ from run to run: by name, a value a run.
    replicates
        The numbers that, with the seed, fix all chance.
    source
        Where the parameters that differ come from.
    """
    block = simulation.simulate(_plan(world), seed, replicates, _RECORD, 1, by_run(world, varied))
    return _lived(world, seed, replicates, block, source)


def live_with_control(
    world: Scenario, varied: Mapping[str, NDArray], seed: int, replicates: NDArray[np.int64], source: Source
) -> tuple[Lived, Lived]:
    """Live runs, and the same runs in the world without an end."""
    both = simulation.simulate_with_control(_plan(world), seed, replicates, _RECORD, 1, by_run(world, varied))
    one, control = (_lived(world, seed, replicates, block, source) for block in both)
    return one, control


def live_beside(
    worlds: Sequence[Scenario],
    varied: Sequence[Mapping[str, NDArray]],
    seed: int,
    replicates: NDArray[np.int64],
    source: Source,
    jobs: int = 1,
) -> list[tuple[Lived, Lived]]:
    """Live runs in several worlds that differ in nothing but parameters, all at once, each beside its control."""
    each = [_plan(world).values | by_run(world, own) for world, own in zip(worlds, varied, strict=True)]
    runs = len(replicates)
    values = {name: np.concatenate([np.broadcast_to(own[name], runs) for own in each]) for name in each[0]}
    numbers = np.tile(replicates, len(worlds))
    both = simulation.simulate_with_control(_plan(worlds[0]), seed, numbers, _RECORD, jobs, values)
    return [
        (_lived(world, seed, replicates, one, source), _lived(world, seed, replicates, control, source))
        for world, one, control in zip(worlds, *(block.split(len(worlds)) for block in both), strict=True)
    ]


def _lived(
    world: Scenario, seed: int, replicates: NDArray[np.int64], block: simulation.Block, source: Source
) -> Lived:
    return Lived(world, seed, replicates, block.war_end, block.series, block.played, source=source)


@lru_cache(maxsize=64)
def _plan(world: Scenario) -> Plan:
    return plan(world)


def without_end(world: Scenario) -> Scenario:
    """Return the world in which the war does not end."""
    return world.with_(war={"ends": NO_END})


def rows(many: Lived, control: Lived) -> pd.DataFrame:
    """Return a row a run.

    Parameters
    ----------
    control
        The same runs in the world without an end; ``many`` itself where it has none.
    """
    with np.errstate(invalid="ignore"):  # of runs that left the finite numbers; they are marked below
        drifted = drift(many, control)
        frame = outcomes(many, drifted).reset_index(drop=True)
    judged = drifted.judged.to_numpy(dtype=bool)
    for suffix, time in (("", drifted.time), ("_without_end", drifted.control)):
        for name in time:
            frame[f"{name}{suffix}"] = np.where(judged, time[name].notna(), np.nan)
    for name in AROUND_THE_END:
        frame[f"{name}_year_before_end"], frame[f"{name}_24_months_after"] = _around_the_end(many, name, judged)
    numbers = [name for name in frame if name != "war_ends"]
    frame = frame.astype(dict.fromkeys(numbers, "float64"))
    broken = ~(np.isfinite(many.states.sum(axis=(1, 2))) & np.isfinite(control.states.sum(axis=(1, 2))))
    frame.loc[broken, numbers] = np.nan
    frame["fingerprint"] = fingerprints(many)
    frame["error"] = pd.Series("a state left the finite numbers", frame.index).where(pd.Series(broken), None)
    return frame


def _around_the_end(many: Lived, name: str, judged: NDArray[np.bool_]) -> tuple[NDArray, NDArray]:
    """Return the mean of the year before the war's end and the value 24 months after it; NaN where there is none."""
    series, month = many.array(name), np.arange(many.states.shape[1])
    end = np.where(ends(many), many.war_end, 0)[:, None]
    year = (month >= end - 12) & (month < end)
    before = np.where(ends(many), (series * year).sum(axis=1) / np.maximum(year.sum(axis=1), 1), np.nan)
    after = series[np.arange(len(series)), np.minimum(end[:, 0] + WITHIN, series.shape[1] - 1)]
    return before, np.where(judged, after, np.nan)


def fingerprints(many: Lived) -> NDArray[np.int64]:
    """Return 64 bits a run that change with any kept state or move in any month reported."""
    first = many.scenario.first  # a world lived in the Mesa engine shows no earlier months either
    each = zip(many.states[:, first:], many.played[:, first:], many.war_end.tolist(), strict=True)
    return np.array([_digest(*run) for run in each], dtype=np.int64)


def fingerprint(run: Run) -> int:
    """Return the fingerprint of a world lived in the Mesa engine."""
    states = run.series[list(STATES)].to_numpy(np.float64)
    places = [
        [names.index(option) for option in run.moves[lever.field]]
        for lever in LEVERS
        for names in [[option.name for option in lever.options]]
    ]
    return _digest(states, np.array(places, dtype=np.int8).T, NEVER if run.war_end is None else run.war_end)


def _digest(states: NDArray[np.float64], played: NDArray[np.int8], war_end: int) -> int:
    positive = states + 0.0  # so that -0.0 and 0.0, which are equal, look the same
    digest = hashlib.blake2b(np.ascontiguousarray(positive).data, digest_size=8)
    digest.update(np.ascontiguousarray(played).data)
    digest.update(months.name(war_end).encode() if war_end < NEVER else NO_END.encode())
    return int.from_bytes(digest.digest(), "little", signed=True)


def failed(world: Scenario, seed: int, replicate: int, why: str) -> pd.DataFrame:
    """Return the row of a run that could not be lived: the usual columns, with nothing in them but the reason."""
    nothing = np.full((1, world.horizon, len(STATES)), np.nan)
    still = np.zeros((1, world.horizon, len(LEVERS)), dtype=np.int8)
    number = np.array([replicate])
    many = Lived(world, seed, number, np.array([NEVER]), nothing, still, source=Source.MIXED)
    return rows(many, many).assign(war_ends=None, fingerprint=0, error=why)
