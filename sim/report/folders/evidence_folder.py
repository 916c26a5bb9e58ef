"""The folder of a study of the record: what it says as tables and pictures."""

from functools import cached_property

import pandas as pd

from sim.prediction import model_comparison, move_forecasters
from sim.prediction.model_comparison import PRIOR, RecordStudy
from sim.report.figures import evidence_figures
from sim.report.folders import study_folders
from sim.report.render.sheet import Picture


class Findings:
    """What a study of the record says."""

    def __init__(self, record_study: RecordStudy) -> None:
        self.study = record_study

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Each contender beside the model; see :func:`sim.prediction.model_comparison.compare_contenders`."""
        return model_comparison.compare_contenders(self.study)

    @cached_property
    def capitals(self) -> pd.DataFrame:
        """The model beside base rates, by capital; see :func:`sim.prediction.move_forecasters.compare_forecasters`."""
        return move_forecasters.compare_forecasters(self.study.scores())

    @cached_property
    def unheld(self) -> pd.DataFrame:
        """The same of the model with parameter sets drawn from their plausible ranges, never held against history."""
        return move_forecasters.compare_forecasters(self.study.scores(PRIOR))

    @cached_property
    def levers(self) -> pd.DataFrame:
        """The model beside base rates, by lever."""
        return move_forecasters.compare_forecasters(self.study.scores(), "lever")

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Log evidence of the model and its checks; see :func:`sim.prediction.model_comparison.log_evidence_levels`."""
        return model_comparison.log_evidence_levels(self.study)

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """Every picture by the name of its file."""
        return evidence_figures.pictures(self.study, self.compared, self.levers)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its file."""
        return {
            "compared": self.compared, "capitals": self.capitals, "capitals_plausible_ranges": self.unheld,
            "levers": self.levers, "levels": self.levels,
        }  # fmt: skip


def write_evidence(findings: Findings) -> None:
    """Write pictures, tables and manifest into the folder of the study."""
    study = findings.study
    asked = {key: value for key, value in study.asked.items() if key not in ("kind", "files", "command")}
    with study.study.lock():
        study_folders.write_study_folder(
            study.folder, "evidence", study.asked["command"], asked, findings.pictures, findings.tables
        )
