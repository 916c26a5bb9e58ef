"""Results that plot themselves, explain themselves and show in notebooks: what the public verbs return."""

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sim.analysis.definitions import Drift, drift, no_end
from sim.analysis.pairs import Pair
from sim.analysis.run_outcomes import outcomes
from sim.engine.ensemble import Ensemble
from sim.engine.mesa.single_run import Run
from sim.studies.study import Study

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance
    from matplotlib.figure import Figure
    from xarray import Dataset


Shown = TypeVar("Shown")


class ShownRun(Run):
    """One run, with every decision, that shows itself."""

    def plot(self) -> "Figure":
        """Draw the story of this run: who moved what, month by month."""
        from sim.report.figures.single_run import story
        from sim.report.render.plots import draw

        return draw(story(self))

    def chronicle(self) -> str:
        """Tell the story of this run in words (Markdown)."""
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
        """
        from sim.report.text.explanation import why

        return why(self, capital, month)

    def _repr_html_(self) -> str:
        from sim.report import notebook as cards

        return cards.run(self)


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
    def control(self) -> Ensemble:
        """The same runs in a world whose war does not end."""
        return no_end(self)

    @cached_property
    def drift(self) -> Drift:
        """Whether Pyongyang drifted back: the five definitions, beside the world without an end."""
        return drift(self, self.control)

    @cached_property
    def outcomes(self) -> "pd.DataFrame":
        """A row a run: what became of it, and the five definitions."""
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
        return shown(ShownRun, super().replay(number))

    def plot(self, name: str = "reengagement") -> "Figure":
        """Draw the fan of one series over all runs.

        Parameters
        ----------
        name
            A state, a measure or a lever.
        """
        from sim.report.figures.ensembles import fan
        from sim.report.render.plots import draw

        return draw(fan(self, name, self.control))

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
        from sim.report import notebook as cards

        return cards.ensemble(self)


@dataclass(frozen=True, eq=False)
class ShownPair(Pair):
    """Two scenarios under the same chance that show themselves."""

    one: ShownEnsemble
    other: ShownEnsemble

    def plot(self, name: str = "reengagement") -> "Figure":
        """Draw both fans and their difference.

        Parameters
        ----------
        name
            A state, a measure or a lever.
        """
        from sim.report.figures.ensembles import pair
        from sim.report.render.plots import draw

        return draw(pair(self, name))

    def _repr_html_(self) -> str:
        from sim.report import notebook as cards

        return cards.pair(self)


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
        return shown(ShownRun, super().replay(number))

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
        from sim.report import notebook as cards

        return cards.study(self)


def shown(kind: type[Shown], result: "DataclassInstance", **more: object) -> Shown:
    """Return a result of the engines or the analysis as one that shows itself.

    Parameters
    ----------
    kind
        What it becomes.
    result
        A run, an ensemble, a pair or a study.
    more
        Fields that it does not have yet.
    """
    return kind(**{field.name: getattr(result, field.name) for field in fields(result)}, **more)
