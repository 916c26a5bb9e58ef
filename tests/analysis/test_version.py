"""The version of the measures moves when they do; what this version says of some months is kept beside this file."""

from io import StringIO

import pandas as pd
import pytest

from sim.analysis import VERSION
from tests.analysis.measures import FOLDER, tables, written


@pytest.mark.parametrize("name", ["rows", "pairs", "fans", "aftermath"])
def test_the_version_of_the_measures_moves_when_one_does(name: str) -> None:
    record = "record what it says: python -m tests.analysis.measures"
    assert FOLDER.is_dir(), f"version {VERSION} of the measures is new; {record}"
    now = pd.read_csv(StringIO(written(tables()[name])))
    try:
        pd.testing.assert_frame_equal(now, pd.read_csv(FOLDER / f"{name}.csv"), check_exact=False, rtol=1e-9)
    except AssertionError as error:
        pytest.fail(f"raise VERSION in sim/analysis/__init__.py, then {record}\n{error}")


def test_every_measure_comes_out_in_more_than_one_way_in_the_recorded_months() -> None:
    """Else it could change unseen."""
    for name in ("rows", "pairs"):
        table = tables()[name].drop(columns="error", errors="ignore")
        assert [column for column in table if table[column].dropna().nunique() < 2] == []
