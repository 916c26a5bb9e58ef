"""History matching: the parameter sets that history up to August 2024 does not rule out.

``python -m sim.inference.matching FOLDER`` makes ``sim/inference/retained.parquet`` (docs/hindcast.md says how long
it takes). Killed at any point, the same command goes on where it stopped.

1. *Screening*: draws of the prior are simulated a few times each. An emulator learns from all of them.
2. *Waves*: fresh draws of the prior that no emulator rules out are simulated a few times each, and those of them that
   :func:`survives` leaves 200 times. From these and from what is left of all earlier sets it is learned what the first
   emulator misses there. The waves end when one emulator more hardly narrows the prior any further.
3. *Harvest*: further draws that no emulator rules out are simulated in the same way, until enough sets are kept.

Of the waves and the harvest, the sets that :func:`survives` leaves are simulated 200 times with fresh chance, and what
it leaves of them 1,000 times with fresh chance again, beside the same runs without an arms deal. Kept are those that
:func:`not_ruled_out` admits by these last runs and no emulator rules out. They are plain draws of the prior within that
region, so their weights are equal.

Only 2019-01 to 2024-08 is simulated: nothing here can see what an end of the war does.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.experiment import Experiment
from sim.engine.provenance import made_by
from sim.engine.sets import equally_weighted
from sim.inference import emulator, hindcast
from sim.inference.designs import priors
from sim.inference.emulator import Emulator
from sim.inference.hindcast import Scores
from sim.inference.points import keeps_orderings
from sim.inference.sets_file import NAME, Retained, sets_rest_on, write_sets
from sim.scenario.source import Source
from sim.storage.folder import StudyFolder, arrow_table, encode_table
from sim.storage.sealed import Manifest
from sim.storage.study_errors import DataError, StudyError

_BETWEEN_WAVES = 2**40  # run numbers: no two waves share their chance
_AT_ONCE = 8_192  # draws of the prior that are held in memory before those out of order go


@dataclass(frozen=True)
class Settings:
    """How far to look.

    Attributes
    ----------
    draws, screen
        Draws of the prior, and runs of each in the screening.
    wave, few
        Sets in each later wave, and runs of each.
    more, fresh
        Fresh runs of each set that survives those few, and of each that survives these too: what stands at the edge of
        a bound passes it half of the time, so that the last word needs many.
    waves
        Waves at most, the screening included; at least 2.
    settled
        The waves end when one leaves at least this share of the draws that the one before left.
    wanted
        Sets that must be kept at least.
    cut
        Beyond how many standard deviations a number is implausible; at most 5% of any distribution with one peak lie
        beyond three (Pukelsheim 1994).
    misses
        How many of the patterns of T, and as many of W, a kept set may miss.
    slack, close
        How many more patterns a set may be likely to miss, by a guess or by few runs, and by more runs.
    hidden
        Width of the first emulator's network.
    screen_part, part, proposals
        Sets of a file of the screening, of a file of a later wave, and draws that are guessed at a time.
    """

    draws: int = 524_288
    screen: int = 8
    wave: int = 8_192
    few: int = 16
    more: int = 200
    fresh: int = 1_000
    waves: int = 5
    settled: float = 0.8
    wanted: int = 1_000
    cut: float = 3.0
    misses: int = 1
    slack: float = 2.0
    close: float = 0.7
    hidden: int = 256
    seed: int = 20240816
    screen_part: int = 4_096
    part: int = 1_024
    proposals: int = 65_536


@dataclass(frozen=True, eq=False)
class Measured:
    """Sets with what was measured of them."""

    sets: pd.DataFrame
    scores: Scores

    def some(self, keep: NDArray[np.bool_]) -> "Measured":
        """Return some of them."""
        return Measured(self.sets[keep], Scores(self.scores.means[keep], self.scores.errors[keep]))


def match(folder: Path, settings: Settings = Settings(), jobs: int = 2) -> Retained:
    """Match history in a folder, going on where an earlier process stopped.

    Raises
    ------
    StudyError
        If the folder was begun with other settings, registers or rules, if another process works on it, or if nothing
        can be written; a DamageError if a file is not what was written.
    """
    program = "python -m sim.inference.matching"
    study = StudyFolder[Manifest](folder, "matching", "lived", (), "asked.json", program)
    asked = {"settings": asdict(settings), "rests_on": sets_rest_on()}
    with study.lock():
        study.tidy()
        if not study.exists():
            study.begin(asked | made_by(), {})
        if study.differs_in(asked):
            raise StudyError(f"{folder} was begun with other settings, registers or rules; choose another folder")
        return _match(study, settings, Experiment(hindcast.free_runs(), seed=settings.seed, jobs=jobs))


def _match(study: StudyFolder[Manifest], settings: Settings, base: Experiment) -> Retained:
    waves, left = [join_parts([*screening(study, settings, base)])], [1.0]
    again: list[Measured] = []
    emulators: list[Emulator] = []
    survivors: list[Measured] = []
    plain = draw_prior([settings.seed, 0], 2 * settings.proposals)
    while True:
        number = len(waves)
        emulators.append(_emulator(study, f"emulator-{number}", [*waves, *again], emulators, settings))
        left.append(float(_left(emulators, plain, settings).mean()))
        _tell(number, waves[-1], emulators[-1], left[-1], settings)
        if number >= settings.waves or is_settled(left, settings):
            break
        parts = _proposals(study, f"wave-{number + 1}", number + 1, emulators, settings, base)
        few, more, fresh = zip(*islice(parts, settings.wave // settings.part), strict=True)
        waves.append(join_parts(few))
        again += more
        survivors += fresh
    harvest = _proposals(study, "harvest", 0, emulators, settings, base)
    while len(_kept(survivors, emulators, settings).sets) < settings.wanted:
        survivors.append(next(harvest)[-1])
    return _retained(survivors, emulators, left, settings)


def is_settled(left: Sequence[float], settings: Settings) -> bool:
    """Tell whether the last wave hardly narrowed the prior any further.

    Parameters
    ----------
    left
        The share of the prior that is left: all of it, then after each wave, the screening first.
    """
    return len(left) > 2 and left[-1] >= settings.settled * left[-2]


def draw_prior(key: Sequence[int], wanted: int) -> pd.DataFrame:
    """Return draws of the prior: the register's ranges, without those that break an ordering.

    Parameters
    ----------
    key
        Fixes the draws.
    """
    ranges, rng, scenario = priors(), np.random.default_rng(key), hindcast.free_runs()
    admitted_sets: list[pd.DataFrame] = []
    while sum(map(len, admitted_sets)) < wanted:
        places = rng.random((_AT_ONCE, len(ranges))).T
        numbers = np.array([bounds.at(column) for bounds, column in zip(ranges.values(), places, strict=True)])
        drawn = pd.DataFrame(numbers.T, columns=list(ranges))
        admitted_sets.append(drawn[keeps_orderings(scenario, drawn)])
    return pd.concat(admitted_sets).iloc[:wanted].reset_index(drop=True)


def screening(study: StudyFolder[Manifest], settings: Settings, base: Experiment) -> Iterator[Measured]:
    """Simulate the draws of the prior, part by part; T7, which needs a second world, is left to the waves.

    Parameters
    ----------
    base
        The world that history is of, and the seed.
    """
    for part in range(settings.draws // settings.screen_part):
        sets = draw_prior([settings.seed, 1, part], settings.screen_part)
        name = f"wave-1/part-{part:04d}"
        if not study.has(name):
            first = part * settings.screen_part * settings.screen
            many = _over(base, sets).runs_of_every_set(settings.screen, first).ensemble(hindcast.KEPT)
            _keep(study, name, hindcast.measure_history(many, runs=settings.screen))
        yield Measured(sets.astype(np.float32), Scores.of(study.rows(name)))


def survives(scores: Scores, settings: Settings, slack: float) -> NDArray[np.bool_]:
    """Return which sets a guess or some runs leave: no number is implausible, and not too many misses are likely."""
    left = _plausible(scores, settings)  # most are out by now
    misses = hindcast.expected_misses(scores.means[left], scores.errors[left])
    left[left] = (misses <= settings.misses + slack).all(axis=1)
    return left


def not_ruled_out(scores: Scores, settings: Settings) -> NDArray[np.bool_]:
    """Return which sets history does not rule out: no number is implausible, and few patterns are missed."""
    return _plausible(scores, settings) & hindcast.few_missed(scores.passed, settings.misses)


def _plausible(scores: Scores, settings: Settings) -> NDArray[np.bool_]:
    return (scores.implausibility <= settings.cut).all(axis=1).to_numpy(copy=True)


def _proposals(
    study: StudyFolder[Manifest],
    wave: str,
    number: int,
    emulators: list[Emulator],
    settings: Settings,
    base: Experiment,
) -> Iterator[tuple[Measured, Measured, Measured]]:
    """Simulate draws that no emulator rules out, part by part, without end.

    Yields all of a part after a few runs, those that survive after more, and those that survive these after their last.
    """
    runs = settings.few + settings.more + settings.fresh
    for part in count():
        begin = (number + 1) * _BETWEEN_WAVES + part * settings.part * runs
        name = f"{wave}/part-{part:04d}"
        sets = pd.DataFrame() if study.has(name) else _proposed([settings.seed, number, part], emulators, settings)
        few = _some_runs(study, name, sets, settings.few, begin, base)
        sets = few.some(survives(few.scores, settings, settings.slack)).sets
        begin += settings.part * settings.few
        more = _some_runs(study, f"{wave}/more-{part:04d}", sets, settings.more, begin, base)
        sets = more.some(survives(more.scores, settings, settings.close)).sets
        name, begin = f"{wave}/fresh-{part:04d}", begin + settings.part * settings.more
        if not study.has(name):
            fresh = _over(base, sets).runs_of_every_set(settings.fresh, begin)
            _keep(study, name, hindcast.try_sets(fresh), sets)
        yield few, more, _read(study, name)


def _some_runs(
    study: StudyFolder[Manifest], name: str, sets: pd.DataFrame, runs: int, first: int, base: Experiment
) -> Measured:
    """Return sets with what some runs measured, from a file or simulated now."""
    if not study.has(name):
        many = _over(base, sets).runs_of_every_set(runs, first).ensemble(hindcast.KEPT)
        _keep(study, name, hindcast.measure_history(many, runs=runs), sets)
    return _read(study, name)


def _over(base: Experiment, sets: pd.DataFrame) -> Experiment:
    """Return draws of the prior in the world that history is of."""
    return base.replace(sets=equally_weighted(sets, Source.PRIOR))


def _proposed(key: list[int], emulators: list[Emulator], settings: Settings) -> pd.DataFrame:
    """Return draws of the prior that no emulator rules out."""
    proposed, turn = pd.DataFrame(), 0
    while len(proposed) < settings.part:
        drawn = draw_prior([*key, 1 + turn], settings.proposals)
        proposed, turn = pd.concat([proposed, drawn[_left(emulators, drawn, settings)]]), turn + 1
    return proposed.iloc[: settings.part].reset_index(drop=True)


def _left(emulators: list[Emulator], sets: pd.DataFrame, settings: Settings) -> NDArray[np.bool_]:
    keep = np.ones(len(sets), dtype=bool)
    for made in emulators:
        if keep.any():
            keep[keep] = survives(made.guess(sets[keep]), settings, settings.slack)
    return keep


def _emulator(
    study: StudyFolder[Manifest], name: str, waves: list[Measured], emulators: list[Emulator], settings: Settings
) -> Emulator:
    """Return the emulator of a wave: the first, or the first mended by all sets that the emulators before it leave."""
    if not study.has(name):
        left = join_parts([wave.some(_left(emulators, wave.sets, settings)) for wave in waves])
        if emulators:
            made = emulator.refit_on_misses(emulators[0], left.sets, left.scores)
        else:
            made = emulator.fit_emulator(left.sets, left.scores, settings.hidden, settings.seed)
        study.keep(name, emulator.encode_emulator(made), ".npz")
    return emulator.decode_emulator(study.content(name))


def _kept(survivors: Sequence[Measured], emulators: list[Emulator], settings: Settings) -> Measured:
    """Return the survivors that their fresh runs keep and no emulator rules out."""
    every = join_parts(survivors)
    plausible = every.some(not_ruled_out(every.scores, settings))
    return plausible.some(_left(emulators, plausible.sets, settings))


def _retained(survivors: list[Measured], emulators: list[Emulator], left: list[float], settings: Settings) -> Retained:
    plausible = _kept(survivors, emulators, settings)
    made = {
        "command": "python -m sim.inference.matching FOLDER",
        "settings": asdict(settings),
        "waves": len(left) - 1,
        "share of the prior that the emulators leave, wave by wave": left[1:],
        "survivors simulated to the last": sum(len(part.sets) for part in survivors),
        "kept": len(plausible.sets),
        "rests_on": sets_rest_on(),
        **made_by(),
    }
    sets = plausible.sets.astype("float64").reset_index(drop=True)
    weights = np.full(len(sets), 1.0 / len(sets))
    return Retained(sets, weights, Scores.of(plausible.scores.frame().reset_index(drop=True)), made)


def _keep(study: StudyFolder[Manifest], name: str, scores: Scores, sets: pd.DataFrame | None = None) -> None:
    """Keep what was measured. Rows belong together by their order."""
    both = scores.frame().astype("float32").reset_index(drop=True)
    frame = both if sets is None else both.join(sets.reset_index(drop=True))
    study.keep(name, encode_table(arrow_table(frame)))


def _read(study: StudyFolder[Manifest], name: str) -> Measured:
    frame = study.rows(name)
    return Measured(frame[list(priors())], Scores.of(frame))


def join_parts(parts: Sequence[Measured]) -> Measured:
    """Return sets and scores one below the other."""
    columns = [(part.sets, part.scores.means, part.scores.errors) for part in parts]
    sets, means, errors = (pd.concat(frames, ignore_index=True) for frames in zip(*columns, strict=True))
    return Measured(sets, Scores(means, errors))


def _tell(number: int, wave: Measured, made: Emulator, share: float, settings: Settings) -> None:
    line = f"wave {number}: {len(wave.sets):,} sets, {_plausible(wave.scores, settings).mean():.1%} plausible"
    if number > 1:
        line += f", {survives(wave.scores, settings, settings.slack).mean():.1%} survive"
    line += f"; its emulator (explains {made.explained.mean():.0%}) leaves {share:.3%} of the prior"
    print(line, file=sys.stderr)


if __name__ == "__main__":
    try:
        made = match(Path(sys.argv[1]))
    except StudyError as error:
        print(error, file=sys.stderr)
        sys.exit(3 if isinstance(error, DataError) else 1)
    write_sets(Path(__file__).with_name(NAME), made)
    print(f"{len(made)} sets kept in sim/inference/{NAME}")
