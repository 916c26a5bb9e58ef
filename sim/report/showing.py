"""Results that plot themselves, explain themselves and show in notebooks: what the public verbs return."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.analysis import pairs as _compare
from sim.analysis.definitions import Drift, drift, no_end
from sim.analysis.run_outcomes import outcomes
from sim.engine import ensemble as _ensemble
from sim.engine.mesa import single_run as _run
from sim.studies import study as _study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Run(_run.Run):
    """One run, with every decision; see :class:`sim.engine.mesa.single_run.Run`."""

    def plot(self) -> "Figure":
        """Draw the story of this run: who moved what, month by month."""
        from sim.report.render import plots

        return plots.story(self)

    def chronicle(self) -> str:
        """Tell the story of this run in words (Markdown)."""
        from sim.report.text.chronicle import chronicle

        return chronicle(self)

    def why(self, capital: str, month: str) -> str:
        """Say in words why a capital did what it did in a month, YYYY-MM."""
        from sim.report.text.explanation import why

        return why(self, capital, month)

    def _repr_html_(self) -> str:
        from sim.report import notebook as cards

        return cards.run(self)


class Ensemble(_ensemble.Ensemble):
    """Many runs of one scenario; see :class:`sim.engine.ensemble.Ensemble`."""

    @cached_property
    def control(self) -> _ensemble.Ensemble:
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

    def replay(self, number: int) -> Run:
        """Simulate one run again, in the Mesa engine, with every decision."""
        return shown(Run, super().replay(number))

    def plot(self, name: str = "reengagement") -> "Figure":
        """Draw the fan of one series over all runs."""
        from sim.report.render import plots

        return plots.fan(self, name)

    def _repr_html_(self) -> str:
        from sim.report import notebook as cards

        return cards.ensemble(self)


@dataclass(frozen=True, eq=False)
class Pair(_compare.Pair):
    """Two scenarios under the same chance; see :class:`sim.analysis.pairs.Pair`."""

    def plot(self, name: str = "reengagement") -> "Figure":
        """Draw both fans and their difference."""
        from sim.report.render import plots

        return plots.pair(self, name)

    def _repr_html_(self) -> str:
        from sim.report import notebook as cards

        return cards.pair(self)


class Study(_study.Study):
    """A sweep and its results; see :class:`sim.studies.study.Study`."""

    def replay(self, number: int) -> Run:
        """Simulate one run of the study again in the Mesa engine, with every decision, and check it."""
        return shown(Run, super().replay(number))


def shown(kind: type, result: Any) -> Any:
    """Return a result of the engines or the experiments as one of these."""
    return kind(**{field.name: getattr(result, field.name) for field in fields(result)})
