"""Forecasts as of earlier months that a folder keeps, and what of them is known: they recalibrate the model.

``python -m research.forecasts_page docs FOLDER`` makes such a folder.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.model import months
from sim.prediction.forecasting import MODEL
from sim.prediction.questions import SITTING, questions_on
from sim.prediction.references import question_outcomes
from sim.registers import vintage
from sim.storage.folder import StudyFolder
from sim.storage.sealed import Manifest
from sim.storage.study_errors import StudyError

ORIGINS = ("2021-07", "2022-01", "2022-07", "2023-01", "2023-07", "2024-01", "2024-07", "2025-01")
PROGRAM = "python -m research.forecasts_page docs"  # goes on with a folder, which it is given last


class RollingManifest(Manifest, total=False):
    """What the manifest of rolling origins says."""

    particles: int
    runs: int
    seed: int
    rests_on: str


def last_asked(as_of: int) -> int:
    """Return the last month that is asked about as of a month: two years on, as far as the record reaches."""
    return min(as_of + SITTING, months.index(vintage.last_month()))


def known_past(tables: Mapping[str, pd.DataFrame], as_of: int) -> pd.DataFrame:
    """Return the model's forecasts of figures whose facts were known as of a month, with these as ``fact``.

    Parameters
    ----------
    tables
        Forecasts by origin.
    as_of
        Months since 2019-01.
    """
    parts = []
    for origin, table in tables.items():
        first = months.index(origin)
        asked = questions_on(first, last_asked(first))
        known = question_outcomes(asked, as_of) if first < as_of else pd.Series(dtype=float)
        own = table[(table["forecaster"] == MODEL) & (table["kind"] == "number") & table["id"].isin(known.index)]
        parts.append(own.assign(fact=own["id"].map(known).astype(float)))
    return pd.concat(parts, ignore_index=True)


def kept_forecasts(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the forecasts of a folder of origins, by origin.

    Raises
    ------
    StudyError
        If there are none.
    """
    study = study_of_origins(folder)
    if not study.exists():
        raise StudyError(f"there are no forecasts as of earlier months in {folder}. `{study.again}` makes them")
    return {origin: study.rows(f"{origin}/figures") for origin in ORIGINS if study.has(f"{origin}/figures")}


def study_of_origins(folder: Path) -> StudyFolder[RollingManifest]:
    """Return the folder in which forecasts are kept, an origin at a time."""
    return StudyFolder[RollingManifest](folder, "rolling", "origins", (), program=PROGRAM)
