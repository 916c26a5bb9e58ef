"""Results that plot themselves, explain themselves and show in notebooks: what the public verbs return."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sim.analysis.definitions import Drift, drift
from sim.analysis.pairs import Effect, paired_effect
from sim.analysis.run_outcomes import outcomes
from sim.engine import ensemble
from sim.engine.ensemble import SERIES, Ensemble
from sim.engine.experiment import Experiment
from sim.engine.mesa.single_run import Run
from sim.studies.study import Study

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance
    from matplotlib.figure import Figure
    from xarray import Dataset


Shown = TypeVar("Shown")
Tell = Callable[[int, int], object]  # hears how much is done, and of how much
_AT_A_TIME = 512  # runs between two words


class ShownRun(Run):
    """One run, with every decision, that shows itself."""

    def plot(self) -> "Figure":
        """Draw the story of this run: who moved what, month by month.

        Examples
        --------
        >>> import sim
        >>> type(sim.run("war-ends-early", seed=7).plot()).__name__
        'Picture'
        """
        from sim.report.figures.run_figures import story
        from sim.report.render.plots import draw

        return draw(story(self))

    def chronicle(self) -> str:
        """Tell the story of this run in words (Markdown).

        Examples
        --------
        >>> import sim
        >>> sim.run("war-ends-early", seed=7).chronicle().splitlines()[0]
        '# War ends early: a chronicle'
        """
        from sim.report.text.chronicle import chronicle_of

        return chronicle_of(self)

    def why(self, capital: str, month: str) -> str:
        """Say in words why a capital did what it did in a month.

        Parameters
        ----------
        capital
            Beijing, Moscow, Pyongyang, Washington or Seoul.
        month
            YYYY-MM.

        Raises
        ------
        ValueError
            If there is no such capital, or the month is not one of the run's.

        Examples
        --------
        >>> import sim
        >>> run = sim.run("war-ends-early", seed=7)
        >>> "Beijing" in run.why("Beijing", "2025-02")
        True
        """
        from sim.report.text.explanation import why

        return why(self, capital, month)

    def _repr_html_(self) -> str:
        from sim.report import cards

        return cards.run_html(self)


@dataclass(frozen=True, eq=False)
class ShownEnsemble(Ensemble):
    """Many runs of one scenario that show themselves.

    Attributes
    ----------
    failed
        The numbers of the runs that are left out, for their states left the finite numbers.
    """

    failed: tuple[int, ...] = field(default=(), kw_only=True)

    @cached_property
    def drift(self) -> Drift:
        """Whether Pyongyang drifted back: the five definitions, beside the world without an end.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.drift.share.index.tolist()
        ['D1', 'D2', 'D3', 'D4', 'D5']
        """
        return drift(self, self.control)

    @cached_property
    def outcomes(self) -> "pd.DataFrame":
        """A row a run: what became of it, and the five definitions.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> len(many.outcomes)
        3
        """
        return outcomes(self, self.drift)

    def replay(self, number: int) -> ShownRun:
        """Simulate one run again, in the Mesa engine, with every decision.

        Parameters
        ----------
        number
            Of the run.

        Raises
        ------
        KeyError
            If it is not in the ensemble.
        """
        return show(ShownRun, super().replay(number))

    def plot(self, name: str = "reengagement") -> "Figure":
        """Draw the fan of one series over all runs, beside its control where that is at hand.

        Parameters
        ----------
        name
            A state, a measure or a lever.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> type(many.plot("china_flow")).__name__
        'Picture'
        """
        from sim.report.figures.ensemble_figures import fan
        from sim.report.render.plots import draw

        return draw(fan(self, name, self.control_at_hand))

    def to_xarray(self) -> "Dataset":
        """Return all kept series and levers by run and month, and the parameters and the war's end by run.

        Every variable has its ``long_name`` and ``units``. Levers are the values of the options taken.

        Raises
        ------
        ImportError
            If xarray is not installed; the message says how to get it.

        Examples
        --------
        >>> import sim
        >>> sim.ensemble("hindcast", runs=2, seed=7).to_xarray()["tension"].sel(month="2020-06").shape
        (2, 1)
        """
        from sim.report.datasets import ensemble_dataset

        return ensemble_dataset(self)

    def _repr_html_(self) -> str:
        from sim.report import cards

        return cards.ensemble_html(self)


@dataclass(frozen=True, eq=False)
class Pair(ensemble.Pair):
    """Two scenarios under the same chance that show themselves."""

    one: ShownEnsemble
    other: ShownEnsemble

    def effect(self, name: str = "reengagement", months_after: int = 24, at: str | None = None) -> Effect:
        """Return the paired effect on a series, some months after the war's end, or in a month.

        Parameters
        ----------
        name, months_after, at
            As for :func:`sim.analysis.pairs.paired_effect`.

        Raises
        ------
        ValueError
            As there.

        Examples
        --------
        >>> import sim
        >>> pair = sim.experiment("war-ends-early", runs=8, seed=7).with_control()
        >>> len(pair.effect().values)
        8
        """
        return paired_effect(self, name, months_after, at)

    def plot(self, name: str = "reengagement") -> "Figure":
        """Draw both fans and their difference.

        Parameters
        ----------
        name
            A state, a measure or a lever.

        Examples
        --------
        >>> import sim
        >>> pair = sim.compare("war-ends-early", "baseline", runs=2, seed=7)
        >>> type(pair.plot()).__name__
        'Picture'
        """
        from sim.report.figures.ensemble_figures import pair
        from sim.report.render.plots import draw

        return draw(pair(self, name))

    def _repr_html_(self) -> str:
        from sim.report import cards

        return cards.pair_html(self)


@dataclass(frozen=True, eq=False)
class ShownExperiment(Experiment):
    """What is simulated, whose results show themselves.

    Runs whose states leave the finite numbers are left out of what many runs give, with a word on stderr.
    """

    def run(self, number: int) -> ShownRun:
        """Simulate one of the runs in the Mesa engine, with every decision.

        Parameters
        ----------
        number
            Of the run.

        Raises
        ------
        KeyError
            If it is none of the runs.
        """
        return show(ShownRun, super().run(number))

    def ensemble(
        self, kept: tuple[str, ...] = SERIES, control: bool = False, tell: Tell | None = None
    ) -> ShownEnsemble:
        """Simulate all runs.

        Parameters
        ----------
        kept
            The states and measures to record.
        control
            Simulate the control beside it, sharing the months before the war's end.
        tell
            Hears how many runs are done, and of how many.

        Raises
        ------
        FloatingPointError
            If all runs fail.
        """
        if not control or self.scenario.war_end is None:
            (many,) = self._finite(((part.ensemble(kept),) for part in _in_parts(self)), tell)
            return many
        pair = self.with_control(kept, tell)
        return replace(pair.one, beside=pair.other)

    def with_control(self, kept: tuple[str, ...] = SERIES, tell: Tell | None = None) -> Pair:
        """Simulate all runs beside the same runs without an end of the war.

        Parameters
        ----------
        kept, tell
            As for :meth:`ensemble`.

        Raises
        ------
        FloatingPointError
            If all runs fail.
        """
        return Pair(*self._finite((tuple(part.with_control(kept)) for part in _in_parts(self)), tell))

    def versus(self, other: Experiment, kept: tuple[str, ...] = SERIES, tell: Tell | None = None) -> Pair:
        """Simulate the same runs of this and of another experiment, under the same chance.

        Parameters
        ----------
        other
            With the same seed and runs.
        kept, tell
            As for :meth:`ensemble`.

        Raises
        ------
        ValueError
            If seed or runs differ.
        FloatingPointError
            If all runs fail.
        """
        parts = zip(_in_parts(self), _in_parts(other), strict=True)
        return Pair(*self._finite((tuple(one.versus(beside, kept)) for one, beside in parts), tell))

    def _finite(self, parts: Iterable[tuple[Ensemble, ...]], tell: Tell | None) -> list[ShownEnsemble]:
        """Join what is simulated part by part, and leave out the runs that failed in any of the ensembles."""
        gathered, done = [], 0
        for part in parts:
            gathered.append(part)
            done += len(part[0])
            if tell:
                tell(done, len(self))
        whole = [type(same[0]).concatenate(same) for same in zip(*gathered, strict=True)]
        finite = np.all([np.isfinite(many.states).all(axis=(1, 2)) for many in whole], axis=0)
        failed = tuple(whole[0].runs[~finite].tolist())
        if failed:
            if not finite.any():
                raise FloatingPointError("all runs failed: their states left the finite numbers")
            numbers = ", ".join(map(str, failed[:10])) + ", ..." * (len(failed) > 10)
            print(f"{len(failed)} of {len(self)} runs failed and are left out: {numbers}", file=sys.stderr)
            whole = [many.select(finite) for many in whole]
        return [show(ShownEnsemble, many, failed=failed) for many in whole]


def _in_parts(experiment: Experiment) -> Iterator[Experiment]:
    """Yield an experiment in parts whose results are those of the engines."""
    return show(Experiment, experiment).in_parts(_AT_A_TIME)


class ShownStudy(Study):
    """A sweep and its results, whose runs show themselves."""

    def replay(self, number: int) -> ShownRun:
        """Simulate one run of the study again in the Mesa engine, with every decision, and check it.

        Parameters
        ----------
        number
            The run's number in the study, the column ``run``.

        Raises
        ------
        StudyError
            See :meth:`sim.studies.study.Study.replay`.
        """
        return show(ShownRun, super().replay(number))

    def to_xarray(self) -> "Dataset":
        """Return the outcomes by point and replicate, the factors by point, and kept series by month as well.

        Every variable has its ``long_name`` and ``units``. What came true is 1, else 0; a failed run is missing.

        Raises
        ------
        ImportError
            If xarray is not installed; the message says how to get it.
        StudyError
            If no part is finished yet.

        Examples
        --------
        >>> import sim, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     study = sim.sweep("hindcast", {"grievance": sim.values(12, 36)}, folder, runs=2, seed=7)
        ...     dict(study.to_xarray().sizes)
        {'point': 2, 'replicate': 2}
        """
        from sim.report.datasets import study_dataset

        return study_dataset(self)

    def _repr_html_(self) -> str:
        from sim.report import cards

        return cards.study_html(self)


def show(kind: type[Shown], result: "DataclassInstance", **more: object) -> Shown:
    """Return a result of the engines or the analysis as one that shows itself.

    Parameters
    ----------
    kind
        What it becomes.
    result
        A run, an ensemble, a pair or a study.
    **more
        Fields that it does not have yet.
    """
    return kind(**{field.name: getattr(result, field.name) for field in fields(result)} | more)
