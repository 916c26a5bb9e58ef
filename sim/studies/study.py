"""A study that has been made, or is being made: its tables, where it stands, and each of its runs simulated again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.rows import run_fingerprint
from sim.engine.experiment import Experiment
from sim.engine.mesa.single_run import Run
from sim.engine.provenance import changed_since
from sim.inference.points import scenario_at
from sim.scenario.plain_data import derived_name
from sim.scenario.source import Source
from sim.storage.study_errors import StudyError
from sim.studies.layout import Part
from sim.studies.specification import stored_sweep
from sim.studies.store import MONTHS, Store
from sim.studies.sweep_runner import Progress, failed_runs, study_progress


@dataclass(frozen=True, eq=False)
class Study:
    """The study in a folder.

    Examples
    --------
    >>> import sim
    >>> from tempfile import mkdtemp
    >>> factors, folder = {"postwar_need": sim.span(0, 1, 3)}, mkdtemp() + "/study"
    >>> sim.sweep("war-ends-early", factors, folder, runs=2, seed=7, jobs=1).folder.name
    'study'
    """

    folder: Path

    @cached_property
    def store(self) -> Store:
        """The folder, part by part, for studies too large to hold at once.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> study = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, mkdtemp(), runs=2, seed=7, jobs=1)
        >>> study.store.layout.total
        6
        """
        return Store(self.folder)

    @property
    def design(self) -> pd.DataFrame:
        """A row a point, a column a factor.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> study = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, mkdtemp(), runs=2, seed=7, jobs=1)
        >>> study.design["postwar_need"].tolist()
        [0.0, 0.5, 1.0]
        """
        return self.store.design

    @cached_property
    def source(self) -> Source:
        """Where the uncertain numbers of its runs come from.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> study = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, mkdtemp(), runs=2, seed=7, jobs=1)
        >>> study.source.name
        'VARIED_RETAINED'
        """
        name = self.store.manifest.get("source")  # up to 0.1.0 it was not
        return Source[name.upper()] if name else stored_sweep(self.store).source

    @property
    def _there(self) -> list[Part]:
        """The parts that are finished."""
        if not (parts := self.store.finished):
            raise StudyError(f"no part of {self.folder} is finished yet")
        return parts

    @property
    def progress(self) -> Progress:
        """Where it stands.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> study = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, mkdtemp(), runs=2, seed=7, jobs=1)
        >>> study.progress.finished
        True
        """
        return study_progress(self.store)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """A row a run that did not fail, the factors of its point beside it; all parts that are there.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> study = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, mkdtemp(), runs=2, seed=7, jobs=1)
        >>> len(study.outcomes)
        6
        """
        frame = pd.concat([self.store.rows(part) for part in self._there], ignore_index=True)
        frame = frame[frame["error"].isna()].drop(columns="error")
        return frame.join(self.design, on="point").set_index("run")

    def series(self, name: str, points: Sequence[int] | None = None) -> pd.DataFrame:
        """Return one kept state, measure or lever: a row a run that did not fail, a column a month reported.

        Of each part no more is read than this series, and of parts that hold none of the points nothing.

        Parameters
        ----------
        name
            One of those that the sweep was asked to keep; levers as the values of the options taken.
        points
            Numbers of points, as in :attr:`design`; all where not said.

        Returns
        -------
        table
            Indexed by point and run. A month that a point does not reach is missing.

        Raises
        ------
        KeyError
            If its months are not kept; the message says which are.
        StudyError
            If no part is finished yet.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> need = {"postwar_need": sim.span(0, 1, 3)}
        >>> study = sim.sweep("war-ends-early", need, mkdtemp(), runs=2, seed=7, jobs=1, series=["reengagement"])
        >>> len(study.series("reengagement", [0]))
        2
        """
        if name not in self.store.series:
            held = ", ".join(self.store.series) or "none: ask for them with series"
            raise KeyError(f"no months of {name!r} are kept in {self.folder}; kept are {held}")
        wanted = set(self.design.index if points is None else points)
        tables = []
        for part in self._there:
            here, _ = self.store.layout.places(np.array([part.first, part.stop - 1]))
            if wanted.isdisjoint(range(here[0], here[1] + 1)):
                continue
            rows = self.store.rows(part, ["point", "run", "month", name], MONTHS)
            rows = rows[rows["point"].isin(wanted)]
            tables.append(rows.pivot(index=["point", "run"], columns="month", values=name))
        frame = pd.concat(tables).sort_index().sort_index(axis="columns") if tables else pd.DataFrame()
        return frame.set_axis(pd.PeriodIndex(frame.columns, freq="M", name="month"), axis="columns")

    @property
    def failures(self) -> pd.DataFrame:
        """A row a run that failed, with the line that simulates it again.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> study = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, mkdtemp(), runs=2, seed=7, jobs=1)
        >>> len(study.failures)
        0
        """
        return failed_runs(self.store)

    def grid(self, measure: str = "effect_of_the_end") -> pd.DataFrame:
        """Return the mean of a measure: a row a level of the first factor, a column a level of the second.

        With one factor alone, a table of one column. Runs that were censored do not count.

        Parameters
        ----------
        measure
            A column of :attr:`outcomes`.

        Raises
        ------
        ValueError
            If there are more than two factors: group ``outcomes`` by those that matter instead.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> study = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, mkdtemp(), runs=2, seed=7, jobs=1)
        >>> study.grid().shape
        (3, 1)
        """
        factors = list(self.design)
        if len(factors) > 2:
            raise ValueError(f"{len(factors)} factors do not fit a grid; group by two: study.outcomes.groupby([...])")
        means = self.outcomes.groupby(factors)[measure].mean().astype("float64")
        return means.unstack() if len(factors) == 2 else means.to_frame()

    def replay(self, number: int) -> Run:
        """Simulate one run of the study again, in the Mesa engine, and check it against what was stored.

        Parameters
        ----------
        number
            The run's number in the study, the column ``run``.

        Raises
        ------
        StudyError
            If the rules have changed since, there is no such run, or what is simulated is not what was stored.

        Examples
        --------
        >>> import sim
        >>> from tempfile import mkdtemp
        >>> study = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, mkdtemp(), runs=2, seed=7, jobs=1)
        >>> study.replay(3).number
        1
        """
        manifest, layout = self.store.manifest, self.store.layout
        if changed := changed_since(manifest):
            raise StudyError(
                f"{' and '.join(changed)} are not what they were when {self.folder} was made, so its runs cannot be "
                f"simulated again. Install the release that made it: driftback {manifest['driftback']}"
            )
        if not 0 <= number < layout.total:
            raise StudyError(f"run {number} is not in {self.folder}, which has the runs 0 to {layout.total - 1}")
        stored = self._stored(number)
        if stored is None:
            raise StudyError(f"run {number} has not been simulated yet. Let the study go on, then try again")
        point = self.design.loc[stored["point"]].to_dict()
        asked, replicate = stored_sweep(self.store), int(stored["replicate"])
        if manifest.get("sets_digest") not in (None, asked.sets_digest):
            raise StudyError(
                f"the parameter sets are not those that {self.folder} was made with, so its runs cannot be simulated "
                f"again. Install the release that made it: driftback {manifest['driftback']}"
            )
        base = asked.scenario
        point_of = base.with_(name=derived_name(base.name, f", point {stored['point']} of {manifest['name']}"))
        alone = Experiment(base, asked.sets, manifest["seed"], range(replicate, replicate + 1))
        own = {name: float(value) for name, (value,) in alone.own_parameters.items()}
        again = replace(alone.replace(scenario=scenario_at(point_of, own | point)).run(replicate), source=self.source)
        if pd.isna(stored["error"]) and run_fingerprint(again) != stored["fingerprint"]:
            raise StudyError(
                f"run {number}, simulated again, is not what {self.folder} stored: made on {manifest['platform']} with "
                f"{manifest['packages']}. On another processor the last digits may differ; on the same one, this is a "
                "defect or a damaged file"
            )
        return again

    def _stored(self, number: int) -> pd.Series | None:
        layout = self.store.layout
        part = layout.part_of(number)
        columns = ["point", "replicate", "fingerprint", "error"]
        return self.store.rows(part, columns).iloc[number - part.first] if self.store.has(part) else None
