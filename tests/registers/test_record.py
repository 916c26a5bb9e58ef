"""The record of moves: typed, dated by the article, and its agreement computed from it by another way."""

from collections import Counter

import numpy as np
import pytest

from sim.model import months
from sim.model.moves import LEVER
from sim.registers import fact_tables, record


def test_the_tables_end_with_the_article() -> None:
    moves, facts = record.moves(), record.dated_facts()
    assert (len(moves), len(facts)) == (1009, 185)
    assert moves["month"].between("2019-01", "2024-08").all()
    assert (facts["date"] <= "2024-08-16").all()
    assert not moves.duplicated(["month", "capital", "lever"]).any()
    later = r"(?<!by )\b(?:202[5-9]|20[3-9]\d|2024-(?:09|1[0-2]))\b"
    for table in (moves, facts):  # "by 2025" was announced before
        for column in table:
            assert not table[column].astype(str).str.contains(later).any(), column


def test_every_coding_says_how_sure_it_is_and_on_what_basis() -> None:
    moves = record.moves()
    for k in fact_tables.CODINGS:
        there = moves[f"option_{k}"].notna()
        for column in ("confidence", "basis", "source"):
            assert (moves[f"{column}_{k}"].notna() == there).all()
        assert set(moves.loc[there, f"confidence_{k}"]) == set(fact_tables.CONFIDENCE)
    assert moves[["option_1", "option_2"]].notna().any(axis=1).all()


def test_agreement_and_kappa_are_those_of_the_file() -> None:
    """Counted here cell by cell, without a table."""
    both: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in record.moves().to_dict("records"):
        if isinstance(row["option_1"], str) and isinstance(row["option_2"], str):
            both.setdefault((row["capital"], row["lever"]), []).append((row["option_1"], row["option_2"]))
    agreement = record.coding_agreement()
    assert set(agreement.index) == set(both)
    for key, cells in both.items():
        agree = sum(one == other for one, other in cells) / len(cells)
        first, second = Counter(one for one, _ in cells), Counter(other for _, other in cells)
        expected = sum(first[option] * second[option] for option in first) / len(cells) ** 2
        kappa = 1.0 if expected == 1.0 else (agree - expected) / (1.0 - expected)
        assert agreement.loc[key].tolist() == pytest.approx([len(cells), agree, kappa])
    assert record.overall() == (685, pytest.approx(np.mean([a == b for cells in both.values() for a, b in cells])))
    assert 0.905 < record.overall()[1] < 0.915
    assert agreement.loc[("Pyongyang", "toward_beijing"), "kappa"] == pytest.approx(0.95, abs=0.005)


def test_cells_are_those_of_levers_in_the_words_of_the_rules() -> None:
    cells = record.cells()
    assert {cell.lever for cell in cells} <= set(LEVER) and len({cell.lever for cell in cells}) == 19
    by_lever = {(cell.lever, cell.month): cell for cell in cells}
    assert len(by_lever) == len(cells)
    assert by_lever["pyongyang_toward_moscow", months.index("2024-07")].agreed == "treaty"
    assert by_lever["beijing_visits", months.index("2019-06")].agreed == "leader"
    shut = range(months.index("2020-02"), months.index("2023-06") + 1)
    assert not [month for lever, month in by_lever if lever == "beijing_visits" and month in shut]
    north = by_lever["seoul_north", months.index("2022-10")]
    assert north.agreed is None and len(north.options) == 2


def test_one_coding_alone_has_its_own_cells() -> None:
    moves = record.moves()
    for k in fact_tables.CODINGS:
        alone = record.cells(k)
        assert all(len(cell.options) == len(cell.confidence) == 1 for cell in alone)
        of_levers = (moves["capital"].str.lower() + "_" + moves["lever"]).isin(LEVER)
        assert len(alone) <= int((moves[f"option_{k}"].notna() & of_levers).sum())
    assert {cell.options for cell in record.cells(1) if cell.lever == "pyongyang_provoke"} >= {(3,)}
    assert (3,) not in {cell.options for cell in record.cells(2) if cell.lever == "pyongyang_provoke"}


def test_a_fact_that_is_repeated_weighs_as_one() -> None:
    """Before the first delivery nobody found arms: that is one thing known, and no 46."""
    cells = record.cells()
    early = [cell for cell in cells if cell.lever == "deal_arms" and cell.month < months.index("2022-11")]
    assert len(early) == 46 and sum(1.0 / cell.repeats for cell in early) < 4.0
    assert sum(1.0 / cell.repeats for cell in cells) == pytest.approx(642)
    tests = [cell for cell in cells if cell.lever == "pyongyang_provoke" and cell.agreed == "missile"]
    assert sum(1.0 / cell.repeats for cell in tests) > 0.9 * len(tests), "launches are dated one by one"
