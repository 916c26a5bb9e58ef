"""Ensembles and studies as datasets of xarray, whose variables carry their long names and units."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.engine.ensemble import Ensemble, war_ended
from sim.engine.mesa.single_run import calendar
from sim.model.moves import LEVERS
from sim.report.folders.crate import column_words
from sim.studies.study import Study

if TYPE_CHECKING:
    import xarray

_UNSAID = "1"  # the unit of what has none


def ensemble_dataset(many: Ensemble) -> "xarray.Dataset":
    """Return the months of many runs, and what differs from run to run.

    Parameters
    ----------
    many
        An ensemble.

    Returns
    -------
    dataset
        Of the dimensions ``run`` and ``month``; see :meth:`sim.report.showing.ShownEnsemble.to_xarray`.

    Raises
    ------
    ImportError
        If xarray is not installed.
    """
    names = (*many.kept, *(lever.field for lever in LEVERS))
    by_month = {name: (("run", "month"), many.series(name).to_numpy(), _attributes(name)) for name in names}
    by_run = {name: ("run", values, _attributes(name)) for name, values in many.parameters.items()}
    ended = ("run", np.where(war_ended(many), many.war_end, np.nan),
             {"long_name": "first month of peace", "units": "months after 2019-01"})  # fmt: skip
    coordinates = {"run": ("run", many.runs, _attributes("run")), "month": _month(calendar(many.scenario))}
    about = {"title": many.scenario.name, "seed": many.seed, "parameters": str(many.source)}
    made: xarray.Dataset = _library().Dataset({**by_month, **by_run, "war_end": ended}, coordinates, about)
    return made


def study_dataset(study: Study) -> "xarray.Dataset":
    """Return the outcomes of a study, and the months that it keeps.

    Parameters
    ----------
    study
        A study; runs that failed or are not there yet are missing.

    Returns
    -------
    dataset
        Of the dimensions ``point``, ``replicate`` and, where months are kept, ``month``; see
        :meth:`sim.report.showing.ShownStudy.to_xarray`.

    Raises
    ------
    ImportError
        If xarray is not installed.
    StudyError
        If no part is finished yet.
    """
    library, design, asked = _library(), study.design, study.store.manifest
    runs = study.outcomes.drop(columns=["fingerprint", *design]).reset_index()
    replicates = pd.Index(np.unique(runs["replicate"]))
    places = design.index.get_indexer(pd.Index(runs["point"])), replicates.get_indexer(pd.Index(runs["replicate"]))
    shape = len(design), len(replicates)
    variables: dict[str, tuple[Any, ...]] = {}
    for name in runs.columns.drop(["point", "replicate"]):
        words = name == "war_ends"  # all else are numbers, or yes and no
        values = np.full(shape, "" if words else np.nan, dtype=object if words else np.float64)
        values[places] = runs[name].to_numpy(values.dtype, na_value="" if words else np.nan)
        variables[name] = (("point", "replicate"), values.astype(str) if words else values, _attributes(name))
    coordinates: dict[str, tuple[Any, ...]] = {
        "point": ("point", design.index, _attributes("point")),
        "replicate": ("replicate", replicates, _attributes("replicate")),
        **{str(name): ("point", design[name].to_numpy(), _attributes(str(name))) for name in design},
    }
    tables = {name: study.series(name).droplevel("point").reindex(runs["run"]) for name in study.store.series}
    for name, table in tables.items():
        values = np.full((*shape, table.shape[1]), np.nan)
        values[places] = table
        variables[name] = (("point", "replicate", "month"), values, _attributes(name))
        coordinates["month"] = _month(pd.PeriodIndex(table.columns))
    about = {"title": asked["name"], "seed": asked["seed"], "parameters": str(study.source)}
    made: xarray.Dataset = library.Dataset(variables, coordinates, about)
    return made


def _attributes(name: str) -> dict[str, str]:
    title, unit = column_words(name)
    return {"long_name": title, "units": unit or _UNSAID}


def _month(months: pd.PeriodIndex) -> "tuple[str, pd.DatetimeIndex, dict[str, str]]":
    """Return the coordinate of months; xarray itself says the unit of times where it writes them."""
    return "month", months.to_timestamp(), {"long_name": "month, by its first day"}


def _library() -> Any:
    """Return xarray, which is an extra."""
    try:
        import xarray
    except ImportError:
        raise ImportError("to_xarray() needs xarray, which is not installed: pip install 'driftback[study]'") from None
    return xarray
