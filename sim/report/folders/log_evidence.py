"""The folder of a study of the record: what it says as tables and pictures."""

from functools import cached_property

import pandas as pd

from sim.report.figures import log_evidence as figures
from sim.report.folders import common
from sim.report.render.sheet import Picture
from sim.trial import log_evidence as evidence
from sim.trial import move_forecasters as forecasters
from sim.trial.log_evidence import PRIOR, RecordStudy


class Findings:
    """What a study of the record says."""

    def __init__(self, record_study: RecordStudy) -> None:
        self.study = record_study

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Each contender beside the model; see :func:`sim.trial.log_evidence.compared`."""
        return evidence.compared(self.study)

    @cached_property
    def capitals(self) -> pd.DataFrame:
        """The model beside base rates, by capital; see :func:`sim.trial.move_forecasters.beside`."""
        return forecasters.beside(self.study.scores())

    @cached_property
    def unheld(self) -> pd.DataFrame:
        """The same of the model with parameter sets drawn from their plausible ranges, never held against history."""
        return forecasters.beside(self.study.scores(PRIOR))

    @cached_property
    def levers(self) -> pd.DataFrame:
        """The model beside base rates, by lever."""
        return forecasters.beside(self.study.scores(), "lever")

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Log evidence of the model and its checks; see :func:`sim.trial.log_evidence.levels`."""
        return evidence.levels(self.study)

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """Every picture by the name of its file."""
        return figures.pictures(self.study, self.compared, self.levers)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its file."""
        return {
            "compared": self.compared, "capitals": self.capitals, "capitals_plausible_ranges": self.unheld,
            "levers": self.levers, "levels": self.levels,
        }  # fmt: skip


def write(findings: Findings) -> None:
    """Write pictures, tables and manifest into the folder of the study."""
    study = findings.study
    asked = {key: value for key, value in study.asked.items() if key not in ("kind", "files", "command")}
    with study.study.locked():
        common.write(study.folder, "evidence", study.asked["command"], asked, findings.pictures, findings.tables)
