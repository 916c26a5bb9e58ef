"""What the record says of claims: the log evidence of the model, of its rivals, and of the model without each claim.

Every contender goes through the record by the same filter (:mod:`sim.inference.filtering`), with as many particles
and under the same seeds. The retained parameter sets were found with all claims in place, which flatters these against
the model without them; so, under the first seed, all have draws of the plausible ranges too, and each coding alone.
Results stand in a folder, a file a contender, and one that is there is not made again, so the same command goes on
where it was stopped.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from sim.engine.concurrency import thread_pool
from sim.engine.draws import check_seed
from sim.engine.experiment import Experiment
from sim.engine.plan import Plan, Support, plan_of
from sim.engine.provenance import decisive
from sim.engine.same_study import settle_study
from sim.engine.sets import Sets, equally_weighted
from sim.inference import coding, designs, filtering, measurements
from sim.inference.filtering import FilterSettings
from sim.inference.known_states import states_fingerprint
from sim.inference.measurements import Measurements
from sim.inference.parameter_sets import retained_sets
from sim.model.moves import BUNDLES, DEAL, LEVERS
from sim.model.variants import VARIANTS
from sim.prediction.ablation_study import Removed, ablations
from sim.prediction.move_forecasters import Gap
from sim.prediction.rivals import theories
from sim.prediction.treatments import Treatment
from sim.registers.record import LAST
from sim.registers.vintage import cache_by_vintage
from sim.scenario import Scenario
from sim.scenario.source import Source
from sim.storage.folder import StudyFolder, encode_table
from sim.storage.sealed import Manifest
from sim.version import __version__

BASE = "the model"
FEWER, MORE = "a quarter of the runs", "four times the runs"
CHECKS, RIVALS, VARIED, CLAIMS, ASSUMED = "checks", "rivals", "variants", "claims", "assumptions"
FAMILIES = (RIVALS, VARIED, CLAIMS, ASSUMED)  # each a family of comparisons of its own
REMOVED = (CLAIMS, ASSUMED)
BOTH, PRIOR = "both codings", "plausible ranges"
ALONE = ("first coding", "second coding", PRIOR)  # under the first seed
CODINGS = {"first coding": 1, "second coding": 2}
MOVES, FIGURES, NATS = "moves", "figures", "nats"
STRICTER = {"half as strict": 0.5, "twice as strict": 2.0}  # factors on λ, as in the verdict
SURE, CLEAR = 0.05, 2.0  # rate of false discoveries; errors of the filter
EARNS, SEEMS_TO_EARN, UNSEEN, SEEMS_TO_COST, COSTS, IDLE = WORDS = (
    "earns its keep", "seems to earn it", "cannot be seen", "seems to cost", "costs", "not at work",
)  # fmt: skip
INSTEAD = {EARNS: "worse", SEEMS_TO_EARN: "seems worse", SEEMS_TO_COST: "seems better", COSTS: "better"}  # of a rival
_SETS = 1_000  # draws of the plausible ranges
_SAME = 1e-6  # nats: rounding
_record = cache_by_vintage(coding.record_support)

Tell = Callable[[int, int], object]  # how many filters are done, of how many


@dataclass(frozen=True, eq=False)
class Contender:
    """What goes through the record.

    Attributes
    ----------
    family
        One of :data:`FAMILIES`, or ``checks``: the model itself, and the same with more runs or fewer.
    times
        How many times as many runs of each parameter set it has.
    """

    name: str
    family: str
    says: str
    treatment: Treatment
    times: float = 1.0


@cache_by_vintage
def contenders(as_of: str = LAST) -> tuple[Contender, ...]:
    """Return the model, its rivals and variants, and the model without each claim and assumption.

    Claims that the same numbers switch are taken away together. Readings of claim 5 are among the variants (V13), and
    so is the norm of reciprocity (V7).
    """
    world = filtering.known_world(as_of)
    plain = Treatment(world)
    entered = [Contender(BASE, CHECKS, "as it stands", plain)]
    for kind in REMOVED:
        for alike in _alike(kind, world):
            name, says = ", ".join(removed.name for removed in alike), "; ".join(removed.says for removed in alike)
            entered.append(Contender(name, kind, says, alike[0].treatment(world)))
    for theory in theories():
        if theory.fixed or theory.moves:
            treatment = Treatment(theory.world(world), dict(theory.fixed))
            entered.append(Contender(theory.name, RIVALS, "a rival theory", treatment))
    for name, times in STRICTER.items():
        says = "how strictly a capital follows its goals (λ)"
        entered.append(Contender(name, VARIED, says, Treatment(world, times={"precision": times})))
    for name, variant in VARIANTS.items():
        if name != "V0":
            entered.append(Contender(name, VARIED, variant.title, Treatment(world.with_(variant=name))))
    says = "of each parameter set: how much log evidence hangs on them"
    entered += [Contender(name, CHECKS, says, plain, times) for name, times in ((FEWER, 0.25), (MORE, 4.0))]
    return tuple(entered)


def _alike(kind: str, world: Scenario) -> list[list[Removed]]:
    """Return what can be taken away, together where the same numbers change: no record tells those apart."""
    groups: dict[tuple[float, ...], list[Removed]] = {}
    for removed in ablations(kind):
        groups.setdefault(tuple(removed.treatment(world).world.values().values()), []).append(removed)
    return list(groups.values())


class RecordManifest(Manifest, total=False):
    """What the manifest of a study of the record says."""

    particles: int
    seeds: int
    seed: int
    as_of: str
    rests_on: str


@dataclass(frozen=True, eq=False)
class RecordStudy:
    """The folder of a study of the record."""

    folder: Path

    @cached_property
    def study(self) -> StudyFolder[RecordManifest]:
        """The folder with its guarantee."""
        return StudyFolder[RecordManifest](self.folder, "evidence", "filtered", (), "asked.json")

    @cached_property
    def _read(self) -> dict[str, pd.DataFrame]:
        """What was read of the parts."""
        return {}

    @property
    def asked(self) -> RecordManifest:
        """What was asked, and what it rests on."""
        return self.study.manifest

    @property
    def contenders(self) -> list[Contender]:
        """Those that are there, in the planned order."""
        return [contender for contender in contenders(self.asked["as_of"]) if self.study.has(_file(contender))]

    def scores(self, reading: str = BOTH) -> pd.DataFrame:
        """Return the model's score of each recorded move."""
        table = self.table(BASE)
        table = table[(table["reading"] == reading) & ~table["lever"].isin([MOVES, FIGURES])]
        return table.drop(columns="reading").rename(columns={"nats": "score"})

    def evidence(self, name: str, reading: str = BOTH, of: Iterable[str] = (MOVES, FIGURES)) -> NDArray[np.float64]:
        """Return the log evidence by seed and month: shape (seeds, months)."""
        table = self.table(name)
        table = table[(table["reading"] == reading) & table["lever"].isin(list(of))]
        return table.groupby(["seed", "month"])[NATS].sum().unstack().to_numpy(np.float64)

    def table(self, name: str) -> pd.DataFrame:
        """Return what a contender reached: ``reading``, ``seed``, ``month``, ``lever`` (or a sum), ``nats``."""
        if name not in self._read:
            (contender,) = (entered for entered in self.contenders if entered.name == name)
            self._read[name] = self.study.rows(_file(contender))
        return self._read[name]


def _file(contender: Contender) -> str:
    return f"{contender.family}/{contender.name}"


def open_record_study(folder: Path, said: RecordManifest, command: str = "") -> RecordStudy:
    """Begin a study in a folder, or go on with it: what is not said is as it was begun.

    Parameters
    ----------
    said
        Particles of each filter, how many seeds, the first of them, and the last month of the record; 4,096, 4, 0 and
        August 2024 where not said.

    Raises
    ------
    StudyError
        If the folder holds another study, or one that rests on other rules, sets or another filter.
    """
    record_study = RecordStudy(folder)
    usual: RecordManifest = {"particles": 4_096, "seeds": 4, "seed": 0, "as_of": LAST}
    begun = record_study.asked if record_study.study.exists() else {}
    asked = {
        "command": command,
        **{name: said.get(name, begun.get(name, value)) for name, value in usual.items()},
        "rests_on": states_fingerprint(),
        "driftback": __version__,
        **decisive(),
    }
    check_seed(said.get("seed", 0))
    settle_study(record_study.study, asked)
    return record_study


def filter_contenders(
    record_study: RecordStudy, planned: Iterable[Contender], jobs: int = 1, tell: Tell = lambda done, total: None
) -> None:
    """Take the contenders that are not there yet through the record.

    Raises
    ------
    StudyError
        If another process works on the study, or nothing can be written; a DamageError if a part is not what was
        written.
    """
    planned, asked = list(planned), record_study.asked
    # The readings of the record and the seeds that each contender is filtered under.
    tasks = [(BOTH, asked["seed"] + turn) for turn in range(asked["seeds"])]
    tasks += [(reading, asked["seed"]) for reading in ALONE]
    with record_study.study.lock():
        record_study.study.tidy()
        for done, contender in enumerate(planned):
            tell(done * len(tasks), len(planned) * len(tasks))
            if record_study.study.has(_file(contender)):
                record_study.study.content(_file(contender))  # it is what was written, or the reader is told
                continue
            experiment = Experiment(contender.treatment.world, seed=asked["seed"], jobs=jobs)
            table = reach(contender, experiment, asked["particles"], tasks)
            record_study.study.keep(_file(contender), encode_table(table))
        tell(len(planned) * len(tasks), len(planned) * len(tasks))


def reach(contender: Contender, experiment: Experiment, particles: int, tasks: list[tuple[str, int]]) -> pd.DataFrame:
    """Return what a contender reaches under readings and seeds; see :meth:`RecordStudy.table`.

    How large its discrepancies are is learnt from its own free runs, so that none is judged by another's. Under a seed
    all contenders have the same retained sets, drawn with it.

    Parameters
    ----------
    experiment
        The contender's world, and the first seed, under which its discrepancies are learnt.
    tasks
        Readings, each with a seed.
    """
    world, settings = experiment.scenario, _settings(particles, contender.times)
    many, states = settings.shape
    draws = designs.latin(designs.priors(), _SETS, experiment.seed)
    fresh = {BOTH: retained_sets(), PRIOR: equally_weighted(draws, Source.PRIOR)}
    over = {reading: experiment.replace(sets=_treat_sets(contender, sets)) for reading, sets in fresh.items()}
    processes = {reading: filtering.learn_discrepancies(asked) for reading, asked in over.items()}
    made, border, figures = plan_of(world), filtering.border_of(world), measurements.known_figures(world.horizon - 1)

    def one(task: tuple[str, int]) -> pd.DataFrame:
        reading, seed = task
        drawn = PRIOR if reading == PRIOR else BOTH
        record = _record(world.horizon, CODINGS.get(reading))
        watched = Measurements(many * states, border, processes[drawn], figures)
        alone = experiment.replace(sets=over[drawn].sets.some(many, seed), seed=seed, jobs=1)
        known = filtering.through(alone, record, watched, settings)
        sums = known.by_month[[MOVES, FIGURES]].reset_index().melt("month", var_name="lever", value_name=NATS)
        sums.loc[sums["lever"] == MOVES, NATS] += _scripted(made, record)
        own = known.scores.rename(columns={"score": NATS}) if contender.name == BASE else sums[:0]
        return pd.concat([sums, own]).assign(reading=reading, seed=seed)

    with thread_pool(experiment.threads) as pool:
        return pd.concat(pool.map(one, tasks), ignore_index=True)[["reading", "seed", "month", "lever", NATS]]


def _settings(particles: int, times: float = 1.0) -> FilterSettings:
    """Return settings with so many times as many runs of each parameter set."""
    sets, states = FilterSettings(particles).shape
    states = max(round(states * times), 1)
    return FilterSettings(sets * states, states=states, kept=1)


def _treat_sets(contender: Contender, sets: Sets) -> Sets:
    return replace(sets, values=contender.treatment.apply(sets.values.copy()))


def _scripted(made: Plan, record: Support) -> NDArray[np.float64]:
    """Return by month the log chance of what was recorded of scripted moves, which the engine does not score."""
    sums = np.zeros(len(made.script))
    for month, options in enumerate(made.script.tolist()):
        for place, option in enumerate(options):
            if option >= 0 and LEVERS[place] not in DEAL:
                sums[month] += np.log(record.support[month, place, option])
        if made.scripted_deal[month]:
            deal = tuple(lever.options[options[LEVERS.index(lever)]].value for lever in DEAL)
            sums[month] += np.log(record.support[month, len(LEVERS), BUNDLES.index(deal)])
    return sums


def compare_contenders(record_study: RecordStudy) -> pd.DataFrame:
    """Return how each contender does beside the model.

    Returns
    -------
    frame
        By name: ``family``, ``says``, ``nats`` (its log evidence less the model's), the standard errors ``seeds`` and
        ``months`` and both together (``error``), ``moves`` (the part of moves), the same by :data:`ALONE`, ``p``,
        ``q`` (corrected for the family; Benjamini and Hochberg 1995; NaN where nothing differs), and ``word``, one of
        :data:`WORDS`.
    """
    every = [contender for contender in record_study.contenders if contender.family in FAMILIES]
    table = pd.DataFrame([_beside(record_study, contender) for contender in every]).set_index("name")
    differs = table[[NATS, *ALONE]].abs().max(axis=1) > _SAME
    for _, family in table[differs].groupby("family"):  # what is the same by construction is no test
        table.loc[family.index, "q"] = false_discovery_control(family["p"].to_numpy())
    table["q"] = table.get("q", np.nan)
    table["word"] = [word(row) for _, row in table.iterrows()]
    return table


def _beside(record_study: RecordStudy, contender: Contender) -> dict[str, object]:
    def gain(reading: str = BOTH, of: Iterable[str] = (MOVES, FIGURES)) -> NDArray[np.float64]:
        return record_study.evidence(contender.name, reading, of) - record_study.evidence(BASE, reading, of)

    gap = Gap.of(gain())
    alone = {reading: float(gain(reading).sum()) for reading in ALONE}
    return {
        "name": contender.name, "family": contender.family, "says": contender.says, NATS: gap.nats,
        "seeds": gap.seeds, "months": gap.months, "error": gap.error,
        "moves": float(gain(of=[MOVES]).sum(axis=1).mean()), **alone, "p": gap.p,
    }  # fmt: skip


def word(row: "pd.Series[Any]") -> str:
    """Return what a comparison says of the thing that was taken away, or of what stands in its place.

    It *earns its keep* (the record is less likely without it) or *costs* where either coding alone and draws of the
    plausible ranges have the same sign, the filter's own error is less than half, and the family's rate of false
    discoveries is at most 5%. It *seems to* where all that holds but the last, and p alone is at most 5%.
    """
    gaps = row[[NATS, *ALONE]].to_numpy(np.float64)
    if np.isnan(row["q"]):
        return IDLE
    if not (np.sign(gaps) == np.sign(gaps[0])).all() or abs(gaps[0]) < CLEAR * row["seeds"]:
        return UNSEEN
    if row["q"] <= SURE:
        return EARNS if gaps[0] < 0.0 else COSTS
    if row["p"] > SURE:
        return UNSEEN
    return SEEMS_TO_EARN if gaps[0] < 0.0 else SEEMS_TO_COST


def evidence_gap_by_month(record_study: RecordStudy, name: str) -> NDArray[np.float64]:
    """Return by how much a contender's log evidence up to each month lies above the model's, mean over seeds."""
    return np.asarray((record_study.evidence(name) - record_study.evidence(BASE)).mean(axis=0).cumsum())


def log_evidence_levels(record_study: RecordStudy) -> pd.DataFrame:
    """Return log evidence of the model and its checks: ``sets``, ``runs`` of each, ``nats``, ``spread`` of one seed."""
    rows = {}
    for contender in record_study.contenders:
        if contender.family == CHECKS:
            sums = record_study.evidence(contender.name).sum(axis=1)
            spread = float(sums.std(ddof=1)) if len(sums) > 1 else np.nan
            sets, runs = _settings(record_study.asked["particles"], contender.times).shape
            rows[contender.name] = {"sets": sets, "runs": runs, NATS: float(sums.mean()), "spread": spread}
    return pd.DataFrame(rows).T.rename_axis("filter")
