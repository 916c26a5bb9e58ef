"""Results of trials and studies that plot themselves: an ablation, a verdict, a hindcast, a sensitivity."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sim.analysis.definitions import WITHIN
from sim.analysis.estimates import Estimate
from sim.engine.ensemble import Ensemble
from sim.engine.sets import Sets
from sim.inference.hindcast import Scores, pattern_shares
from sim.prediction.ablation_study import Loss, assumption_share_text
from sim.prediction.verdict import Verdict, assumption_shares
from sim.prediction.verdict_study import HEADLINE, Evidence
from sim.prediction.verdict_tables import losses_table
from sim.report.cards import card_html
from sim.report.figures import trial_figures, verdict_figures
from sim.report.folders import hindcast_folder, verdict_folder
from sim.report.render.plots import draw
from sim.report.render.sheet import Picture
from sim.report.text import doubt
from sim.report.text.verdict_text import plainly
from sim.scenario import Scenario
from sim.studies.study import Study


@dataclass(frozen=True, eq=False)
class Ablation:
    """What the effect of the war's end becomes without things; see :mod:`sim.prediction.ablation_study`.

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
        return assumption_share_text(self.losses)

    def plot(self) -> Picture:
        """Draw how the effect changes."""
        source = f"scenario {self.scenario.name!r}, {len(self.sets):,} sets, {self.runs} pairs each, seed {self.seed}."
        return trial_figures.ablation(self.table, self.kind, f"{source} {doubt.of_sets(self.sets)}")

    def _repr_html_(self) -> str:
        facts = [
            ("the war's end", f"{self.effect} points of re-engagement with Beijing, {WITHIN} months on"),
            ("over", f"{len(self.sets):,} parameter sets, {self.runs} pairs each, seed {self.seed}"),
            ("go on with", ".table  .meter  .plot()"),
        ]
        title = f"{self.scenario.name}, {self.kind} taken away one by one"
        return card_html(title, self.scenario.question, facts, self.plot(), doubt.of_sets(self.sets))


@dataclass(frozen=True, eq=False)
class Trial:
    """The verdict of a study and the study itself; see :mod:`sim.prediction.verdict`."""

    study: Evidence
    verdict: Verdict

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the study, by name: definitions, end_dates, dose, variants, placebos and others."""
        return verdict_folder.tables(self.study, self.verdict)

    @property
    def answer(self) -> str:
        """The answer, in three sentences."""
        return plainly(self.verdict, self.study.pairs(HEADLINE))

    @property
    def meter(self) -> str:
        """How much of the answer was assumed, in a sentence."""
        return assumption_shares(self.study)

    def plot(self, name: str = "variants") -> Picture:
        """Draw one of the study's pictures, such as variants, end-dates, survival, dose, assumptions or placebos.

        Parameters
        ----------
        name
            Of the picture; its file in the folder of the study has it.
        """
        return verdict_figures.picture(name, self.study, self.verdict, self.tables)

    def _repr_html_(self) -> str:
        facts = [
            ("verdict", self.answer),
            ("assumed", self.meter),
            ("go on with", ".tables['definitions']  .plot('end-dates')  .plot('assumptions')"),
        ]
        question, note = self.study.world.question, doubt.of_sets(self.study.sets)
        return card_html("the prediction on trial", question, facts, self.plot(), note)


@dataclass(frozen=True, eq=False)
class Hindcast:
    """What history shows of parameter sets; see :mod:`sim.inference.hindcast`.

    Attributes
    ----------
    scores
        What was measured of the ``defaults``, of sets drawn from the ``prior``, and of ``retained`` ones.
    fans
        Runs of the ``defaults`` and of the ``retained`` sets, with all months.
    """

    runs: int
    seed: int
    scores: dict[str, Scores]
    fans: dict[str, Ensemble]

    @property
    def shares(self) -> pd.DataFrame:
        """The share of sets in which each pattern holds: a row a pattern, a column a name."""
        return pd.DataFrame({name: pattern_shares(scores) for name, scores in self.scores.items()}).rename_axis(
            "pattern"
        )

    def plot(self, name: str = "patterns") -> Picture:
        """Draw which patterns hold, or runs beside what was observed.

        Parameters
        ----------
        name
            ``patterns``; or ``defaults`` or ``retained``, for the fans of their runs.
        """
        if name == "patterns":
            return hindcast_folder.pattern_picture(self.scores, self.seed)
        return draw(hindcast_folder.history_fan(name, self.fans[name]))


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Which numbers move the effect of the war's end most; see :mod:`sim.prediction.sensitivity`.

    Attributes
    ----------
    study
        The sweep that says it.
    indices
        Of every number, the largest first; see :func:`sim.prediction.sensitivity.indices`.
    noise_share
        How much of the variance between points is noise between runs, 0 to 1; NaN where nothing tells.
    """

    study: Study
    indices: pd.DataFrame
    noise_share: float

    def plot(self) -> Picture:
        """Draw the indices with their intervals."""
        asked = self.study.store.manifest
        source = f"{asked['name']}, {len(self.study.design):,} points, {asked['runs']} runs each, seed {asked['seed']}."
        return trial_figures.tornado(self.indices, asked["design"], f"{source} {doubt.of(self.study.source)}")
