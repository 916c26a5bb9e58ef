"""Results of trials that show themselves in notebooks: an ablation, a verdict."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sim.analysis.estimates import Estimate
from sim.calibration.parameter_sets import Sets
from sim.report import notebook as cards
from sim.report.figures import trials as exhibits
from sim.report.figures import verdict as court
from sim.report.folders import verdict as ruling
from sim.report.render.sheet import Picture
from sim.report.text import doubt
from sim.scenario import Scenario
from sim.trial.ablation import Loss, meter
from sim.trial.evidence import Evidence
from sim.trial.tables import losses_table
from sim.trial.verdict import Verdict
from sim.trial.verdict import meter as meter_of


@dataclass(frozen=True, eq=False)
class Ablation:
    """What the effect of the war's end becomes without things; see :mod:`sim.trial.ablation`.

    Attributes
    ----------
    effect
        Of the war's end with everything, in points of re-engagement.
    losses
        One a thing that was taken away.
    """

    scenario: Scenario
    kind: str
    sets: Sets
    runs: int
    seed: int
    effect: Estimate
    losses: list[Loss]

    @property
    def table(self) -> pd.DataFrame:
        """A row a thing taken away: the change of the effect with its interval, what it becomes, and by what ratio."""
        return losses_table(self.losses)

    @property
    def meter(self) -> str:
        """How much of the effect rests on what is taken away, in a sentence."""
        return meter(self.losses)

    @property
    def picture(self) -> tuple[str, Picture]:
        """How the effect changes, with a title."""
        source = f"scenario {self.scenario.name!r}, {len(self.sets):,} sets, {self.runs} pairs each, seed {self.seed}."
        return exhibits.ablation(self.table, self.kind, f"{source} {doubt.of_sets(self.sets)}")

    def plot(self) -> Picture:
        """Draw how the effect changes."""
        return self.picture[1]

    def _repr_html_(self) -> str:
        return cards.ablation(self)


@dataclass(frozen=True, eq=False)
class Trial:
    """The verdict of a study and the study itself; see :mod:`sim.trial.verdict`."""

    study: Evidence
    verdict: Verdict

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the study, by name: definitions, end_dates, dose, variants, placebos and others."""
        return ruling.tables(self.study, self.verdict)

    @property
    def answer(self) -> str:
        """The answer, in a few sentences."""
        return " ".join(filter(None, [ruling.answer(self.verdict, self.tables), ruling.condition(self.verdict)]))

    @property
    def meter(self) -> str:
        """How much of the answer was assumed, in a sentence."""
        return meter_of(self.study)

    def plot(self, name: str = "variants") -> Picture:
        """Draw one of the study's pictures, such as variants, end-dates, survival, dose, assumptions or placebos.

        Parameters
        ----------
        name
            Of the picture; its file in the folder of the study has it.
        """
        return court.picture(name, self.study, self.verdict, self.tables)

    def _repr_html_(self) -> str:
        return cards.trial(self)
