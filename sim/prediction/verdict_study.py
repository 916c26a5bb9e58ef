"""The evidence for a verdict: the treatments of experiments E1 to E6, in a folder that survives being killed.

``asked.json`` says what is asked, ``sets.parquet`` over which parameter sets, ``pairs/`` holds a file a treatment (see
:mod:`sim.storage.folder`). A treatment that is there is not simulated again, so the same command goes on where it was
stopped. ``pairs/months/`` holds all months of some runs of the headline, so that anybody can compute any pattern again.
``pairs/many`` holds the headline with ten times as many runs, for what hangs on the distribution within a set; over
retained sets, ``pairs/likelihood`` holds how likely each makes the record, ``pairs/filtered`` the headline begun from
the sets and states that the filter leaves.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import VERSION
from sim.analysis.estimates import sets_caveat
from sim.engine.draws import check_seed
from sim.engine.experiment import Experiment
from sim.engine.plan import plan_of
from sim.engine.provenance import carried_over, decisive
from sim.engine.same_study import settle_study
from sim.engine.sets import Sets
from sim.engine.war_end import NEVER
from sim.inference.filtering import FilterSettings, filter_states, known_world
from sim.inference.hindcast import without_deal
from sim.model import months
from sim.model.drivers import need_of_arms, phase
from sim.model.variants import VARIANTS
from sim.prediction import ablation_study
from sim.prediction.treatments import Treatment, aftermath, fan_quantiles, month_rows, pairs, simulate_all_months
from sim.registers.record import LAST
from sim.scenario import Scenario, loads
from sim.scenario.plain_data import NO_END
from sim.scenario.source import Source
from sim.scenario.values import defaults
from sim.storage.folder import StudyFolder, encode_table
from sim.storage.sealed import Manifest
from sim.version import __version__

WORLD = "war-ends-any-time"  # so that no date is privileged: each run draws its own end
ENDS = tuple(months.name(month) for month in range(months.index("2025-01"), months.index("2030-12"), 6))
NEED = tuple(np.linspace(0.0, 1.6, 9).round(3).tolist())
ISOLATION = tuple(np.linspace(0.15, 1.0, 6).round(3).tolist())
NOISE = (0.5, 1.0, 2.0)  # factors on λ: how strictly a capital follows its goals is not identified by history
FORESIGHT, TOGETHER = (2.0, 5.0, 12.0), (-1.0, 0.0, 1.0)
HEADLINE, NEWS, FANS, AFTERMATH = "headline", "news", "fans", "aftermath"
MANY, LIKELIHOOD, FILTERED = "many", "likelihood", "filtered"
# What the grids of treatments set, by the names under which their pairs are kept.
DOSES = {f"dose/{need:g}/{cut_off:g}": (need, cut_off) for need, cut_off in product(NEED, ISOLATION)}
VARIED = {f"variant/{name}/{times:g}": (name, times) for name, times in product(VARIANTS, NOISE)
          if (name, times) != ("V0", 1.0)}  # that is the headline  # fmt: skip
REGIMES = {f"regime/{ahead:g}/{together:g}/{times:g}": (ahead, together, times)
           for ahead, together, times in product(FORESIGHT, TOGETHER, NOISE)}  # fmt: skip
MONTHS = ("months/ended", "months/endless")
SETS = "sets.parquet"
PLANNED: Final = "arms"  # the key of asked.json that names the treatments; folders of earlier releases have it
IN_FANS = 2_000  # runs at most of which all months are kept
TIMES_AS_MANY = 10  # runs a set, so that noise does not make its mean effect, or bounds from its distribution
STATES = 64  # of each set in the filter
_FOREVER = 1e9  # months of restocking: the need stays

Tell = Callable[[int], object]


@dataclass(frozen=True)
class Size:
    """How much is simulated: runs a set in every treatment, and in each of 1,024 coalitions of groups (0: none)."""

    runs: int = 20
    coalition_runs: int = 2


class VerdictManifest(Manifest, total=False):
    """What the manifest of a verdict's study says."""

    scenario: str
    seed: int
    size: dict[str, int]
    ends: list[str]
    sets: str
    sets_digest: str
    arms: list[str]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The folder of a verdict's study."""

    folder: Path

    @cached_property
    def study(self) -> StudyFolder[VerdictManifest]:
        """The folder with its guarantee."""
        return StudyFolder[VerdictManifest](self.folder, "verdict", "pairs", (SETS,), "asked.json")

    @property
    def asked(self) -> VerdictManifest:
        """What was asked, and what it rests on."""
        return self.study.manifest

    @property
    def world(self) -> Scenario:
        """The scenario whose end of the war is judged."""
        return loads(self.asked["scenario"], "asked.json")

    @cached_property
    def sets(self) -> Sets:
        """The parameter sets."""
        frame = self.study.table(SETS).copy()  # one block: a table of many columns is slow else
        source = Source[carried_over("sets", self.asked["sets"]).upper()]
        return Sets(frame.drop(columns="weight"), frame["weight"].to_numpy(np.float64), source)

    @property
    def experiment(self) -> Experiment:
        """The scenario, the sets and the seed that all treatments share."""
        return Experiment(self.world, self.sets, self.asked["seed"])

    def pairs(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Return the pairs of a treatment, all columns or some."""
        return self._treatments.rows(name, columns)

    @property
    def fans(self) -> pd.DataFrame:
        """Re-engagement around the end; see :func:`sim.prediction.treatments.fan_quantiles`."""
        return self._treatments.rows(FANS).set_index("months after the end")

    def names(self, kind: str = "") -> list[str]:
        """Return the treatments that are there, of a kind such as ``end`` or ``variant``, in the planned order."""
        every = list(self.asked[PLANNED])
        return [name for name in every if name.startswith(f"{kind}/" if kind else "") and self.has(name)]

    def has(self, name: str) -> bool:
        """Return whether a treatment is there."""
        return self._treatments.has(name)

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """Write the pairs of a treatment."""
        self._treatments.keep(name, encode_table(frame))

    def check(self) -> None:
        """Raise a DamageError for the first treatment that is not what was written."""
        for name in self._treatments.names():
            self._treatments.content(name)

    @cached_property
    def _treatments(self) -> StudyFolder[VerdictManifest]:
        """The folder, once it is known that no file stands among the treatments that the study does not have."""
        self.study.reject_strays({*self.asked[PLANNED], FANS, AFTERMATH, *MONTHS, MANY, LIKELIHOOD, FILTERED})
        return self.study


def treatments(experiment: Experiment, size: Size, ends: tuple[str, ...] = ENDS) -> dict[str, Treatment]:
    """Return every treatment of a study by its name.

    Parameters
    ----------
    experiment
        The scenario whose end of the war is judged, and the parameter sets.
    ends
        The dates of E1; placebos, dose and news use the middle one.
    """
    world, middle = experiment.scenario, ends[len(ends) // 2]
    dated = {end: world.with_(war={"ends": end}) for end in ends}
    # In this one peace is only talked about, from the middle date on.
    talked = world.with_(war={"ends": NO_END}, drivers={"news": {months.name(0): 0, middle: 1}})
    planned = {HEADLINE: Treatment(world)}
    planned |= {end_name(end): Treatment(ended) for end, ended in dated.items()}
    planned |= {NEWS: Treatment(talked, counted_from=middle)}
    planned |= {
        name: Treatment(world, {"postwar_need": need, "postwar_isolation": cut_off})
        for name, (need, cut_off) in DOSES.items()
    }
    planned |= {f"placebo/{name}": treatment for name, treatment in placebos(dated[middle], experiment.sets).items()}
    planned |= {
        name: Treatment(world.with_(variant=variant), {}, {"precision": times})
        for name, (variant, times) in VARIED.items()
    }
    planned |= {
        name: Treatment(world, {"foresight": ahead, "patrons_together": together}, {"precision": times})
        for name, (ahead, together, times) in REGIMES.items()
    }
    removed = [taken for kind in ablation_study.KINDS for taken in ablation_study.ablations(kind)]
    planned |= {f"without/{taken.name}": taken.treatment(world) for taken in removed}
    if size.coalition_runs:
        members = ablation_study.coalitions()
        planned |= {f"coalition/{coalition_name(there)}": ablation_study.coalition(world, there) for there in members}
    return planned


def end_name(month: str) -> str:
    """Return the name under which the pairs of a dated end are kept."""
    return f"end/{month}"


def coalition_name(present: tuple[int, ...]) -> str:
    """Return a coalition as ten digits, 1 where a group is present."""
    return "".join(str(int(group in present)) for group in range(len(ablation_study.GROUPS)))


def placebos(dated: Scenario, sets: Sets) -> dict[str, Treatment]:
    """Return three ends of the war that should do nothing (E5).

    * ``no deal, isolation held``: nothing is ever exchanged and Moscow stays as isolated as in war. The effect is
      exactly zero, for nothing that the end changes is left.
    * ``end declared, need kept``: Moscow's need and isolation stay those of the war.
    * ``no deal ever``: nothing is ever exchanged, and isolation falls as each set has it.
    """
    never = without_deal(dated)
    need = 2.0 * _need(dated, sets)
    return {
        "no deal, isolation held": Treatment(never, {"postwar_isolation": 1.0}),
        "end declared, need kept": Treatment(
            dated, {"restocking_months": _FOREVER, "postwar_isolation": 1.0, "postwar_need": need}
        ),
        "no deal ever": Treatment(never),
    }


def _need(dated: Scenario, sets: Sets) -> NDArray[np.float64]:
    """Return Moscow's need of arms in the month of the end, had the war gone on, one a set."""
    month = dated.war_end
    assert isinstance(month, int)
    at = phase(month, dated.war_start, NEVER)
    rows = (defaults(dated.fixed | dict(row)) for _, row in sets.values.iterrows())
    needs = [need_of_arms(month, dated.war_start, NEVER, at, 0.0, SimpleNamespace(**row)) for row in rows]
    return np.array(needs, dtype=np.float64)


def begin(
    folder: Path, experiment: Experiment, size: Size, ends: tuple[str, ...] = ENDS, command: str = ""
) -> tuple[Evidence, dict[str, Treatment]]:
    """Begin a study in a folder, or make sure that the one there is this one.

    Parameters
    ----------
    experiment
        The scenario whose end of the war is judged, the parameter sets and the seed.
    command
        The command line that begins it; kept, so that the same can be said when it goes on.

    Raises
    ------
    StudyError
        If the folder holds another study, or one that rests on other rules or registers.
    """
    seed, sets = check_seed(experiment.seed), experiment.sets
    planned = treatments(experiment, size, ends)
    table = sets.values.assign(weight=sets.weights)
    asked = {
        "command": command,
        "scenario": experiment.scenario.to_yaml(),
        "seed": seed,
        "size": asdict(size),
        "ends": list(ends),
        "sets": sets.source.name.lower(),
        "sets_digest": hashlib.sha256(table.to_csv(float_format="%.12g").encode()).hexdigest(),
        PLANNED: list(planned),
        "measures": VERSION,
        "driftback": __version__,
        **decisive(),
    }
    evidence = Evidence(folder)
    settle_study(evidence.study, asked, {SETS: encode_table(table)}, "choose another folder with --out")
    return evidence, planned


def simulate_treatments(evidence: Evidence, planned: Mapping[str, Treatment], jobs: int = 1, tell: Tell = int) -> None:
    """Simulate the treatments that are not there yet.

    Raises
    ------
    StudyError
        If another process works on the study, or nothing can be written; a DamageError if a treatment is not what was
        written.
    """
    with evidence.study.lock():
        evidence.study.tidy()
        evidence.check()
        size, sets, headline = evidence.asked["size"], evidence.sets, planned[HEADLINE]
        experiment = evidence.experiment.replace(jobs=jobs)
        if not evidence.has(FANS):
            runs = max(min(size["runs"], IN_FANS // len(sets)), 1)
            many, control, weights = simulate_all_months(headline, experiment.runs_of_every_set(runs))
            for name, runs_of in zip(MONTHS, (many, control), strict=True):
                evidence.keep(name, month_rows(runs_of))
            evidence.keep(AFTERMATH, pd.DataFrame([aftermath(many)]))
            evidence.keep(FANS, fan_quantiles(many, control, weights).reset_index())
        if not evidence.has(MANY):
            evidence.keep(MANY, pairs(headline, experiment.runs_of_every_set(TIMES_AS_MANY * size["runs"])))
        # Runs can be begun from the record's last month where the war goes on through it.
        goes_on = plan_of(headline.world).war_end[0] > months.index(LAST) + 1
        if sets.source == Source.RETAINED and not sets_caveat(sets) and goes_on and not evidence.has(FILTERED):
            _filter(evidence, headline, experiment)
        for name, treatment in planned.items():
            if not evidence.has(name):
                runs = size["coalition_runs"] if name.startswith("coalition/") else size["runs"]
                evidence.keep(name, pairs(treatment, experiment.runs_of_every_set(runs)))
            tell(1)


def _filter(evidence: Evidence, headline: Treatment, experiment: Experiment) -> None:
    """Keep how likely each set makes the record, and the headline begun from the states that the record leaves."""
    sets, runs = experiment.sets, TIMES_AS_MANY * evidence.asked["size"]["runs"]
    known = experiment.replace(scenario=known_world(LAST))
    filtering = filter_states(known, FilterSettings(len(sets) * STATES, states=STATES))
    evidence.keep(LIKELIHOOD, pd.DataFrame({"log_likelihood": filtering.by_set.sum(axis=1)}))
    states = filtering.sets
    begun = pairs(headline, experiment.replace(sets=states).runs_of_every_set(max(len(sets) * runs // len(states), 1)))
    own = states.values.groupby(list(states.values)).ngroup().to_numpy()  # states of one set are no sets of their own
    evidence.keep(FILTERED, begun.assign(set=own[begun["set"]]))
