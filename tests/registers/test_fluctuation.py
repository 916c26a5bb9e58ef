"""What states move by without anybody meaning it: worked out from the record, and refused where it cannot be meant."""

from collections.abc import Iterator

import numpy as np
import pytest

from sim.analysis.units import MILLION_USD
from sim.registers import fluctuation, register_files
from sim.registers.fluctuation import fluctuations
from sim.registers.register import observed_table, registered_parameters


@pytest.fixture
def fresh() -> Iterator[None]:
    fluctuations.cache_clear()
    yield
    fluctuations.cache_clear()


def test_trade_moves_by_what_customs_recorded_while_the_border_was_open() -> None:
    table = observed_table("monthly")
    series = table[table["series"] == "china_dprk_trade_total"].set_index("month")["value"]
    open_ = series[(series.index.year == 2018) | ((series.index >= "2023-01") & (series.index <= "2024-04"))]
    moves = [open_[month + 1] - value for month, value in open_.items() if month + 1 in open_.index]
    assert len(moves) == 15
    assert fluctuations()["china_flow"].size == pytest.approx(np.sqrt(np.square(moves).mean()) / MILLION_USD, abs=5e-4)
    assert fluctuations()["border"].size == fluctuations()["china_flow"].size


def test_what_is_derived_follows_from_what_is_recorded() -> None:
    learnt = registered_parameters()["expectation_level"].default * fluctuations()["china_flow"].size
    assert fluctuations()["expected_support"].size == pytest.approx(learnt, abs=5e-4)
    drained = registered_parameters()["stock_drain"].default * fluctuations()["arms_flow"].size
    assert fluctuations()["munitions_stock"].size == pytest.approx(drained, abs=1e-3)


@pytest.mark.parametrize(("size", "ground", "reason"), [
    ("-0.1", "recorded", "size is -0.1"), ("0", "recorded", "go together"), ("0.1", "none", "go together"),
    ("0.1", "recoded", "did you mean recorded"), ("much", "none", "must be a number"),
])  # fmt: skip
def test_an_entry_that_cannot_be_meant_is_refused(
    size: str, ground: str, reason: str, monkeypatch: pytest.MonkeyPatch, fresh: None
) -> None:
    entry = f"tension: {{size: {size}, unit: share, ground: {ground}, source: here, why: because}}"
    monkeypatch.setattr(register_files, "register_text", lambda name: entry)
    with pytest.raises(ValueError, match=f"fluctuations.yaml: tension.*{reason}"):
        fluctuation.fluctuations()
