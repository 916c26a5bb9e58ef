"""What the codings are worth: errors that are found again, and records that say what they know."""

import numpy as np
import pandas as pd
import pytest

from sim.engine.plan import Support
from sim.inference import coding
from sim.model import months
from sim.model.moves import BUNDLES, LEVER, LEVERS
from sim.registers import fact_tables, record
from sim.registers.record import Cell

PLACE = {lever.field: place for place, lever in enumerate(LEVERS)}
OTHERS = [lever for lever in LEVERS if lever.field not in coding.ACTS and lever.capital != "deal"]


def made_up(error: dict[str, float], seed: int) -> pd.DataFrame:
    """Return two codings of many cells that err on their own, alike for all levers."""
    chance, rows = np.random.default_rng(seed), []
    for lever in LEVERS:
        names = [option.name for option in lever.options]
        for month in range(68):
            row: dict[str, str] = {"month": months.name(month), "capital": lever.capital, "lever": lever.name}
            true = int(chance.integers(len(names)))
            for k in fact_tables.CODINGS:
                sure = list(error)[int(chance.integers(3))]
                wrong = chance.random() < error[sure]
                read = (true + int(chance.integers(1, len(names)))) % len(names) if wrong else true
                row |= {f"option_{k}": names[read], f"confidence_{k}": sure, f"basis_{k}": f"{lever.field} {month}"}
            rows.append(row)
    return pd.DataFrame(rows)


def test_errors_of_made_up_codings_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    error = {"high": 0.02, "medium": 0.1, "low": 0.25}
    monkeypatch.setattr(coding, "moves", lambda: made_up(error, 1))
    errors = coding._errors(coding._pairs()).mean()
    assert errors["high"] == pytest.approx(0.02, abs=0.015)
    assert errors["medium"] == pytest.approx(0.1, abs=0.02)
    assert errors["low"] == pytest.approx(0.25, abs=0.03)


def test_the_surer_a_coding_the_less_it_errs_and_the_less_codings_agree_the_more() -> None:
    errors = coding.estimate_coding().errors
    assert (errors["high"] < errors["medium"]).all() and (errors["medium"] < errors["low"]).all()
    assert (errors >= 0.001).all().all() and (errors < 0.5).all().all()
    assert errors["medium"].idxmax() == "pyongyang_toward_moscow"  # 75 % agree
    assert errors["medium"]["seoul_north"] > 2 * errors["medium"]["pyongyang_toward_beijing"]


@pytest.mark.parametrize("times", [0.5, 1.0, 4.0, 100.0])
def test_a_confusion_is_a_chance_for_every_option(times: float) -> None:
    learnt = coding.estimate_coding()
    for lever in LEVERS:
        for sure in fact_tables.CONFIDENCE:
            confusion = learnt.confusion(lever.field, sure, times)
            assert confusion.sum(axis=0) == pytest.approx(1.0) and (confusion > 0.0).all()
            assert (np.diag(confusion) >= 0.5).all()


def test_what_codings_confuse_is_what_they_have_confused() -> None:
    hard, deter, engage = range(3)
    north = coding.estimate_coding().mistakes["seoul_north"]
    assert north[hard, deter] > 0.85 > north[engage, deter]


def test_parts_of_a_fact_multiply_to_one_fact() -> None:
    learnt = coding.estimate_coding()
    whole = learnt.support(Cell(3, "seoul_north", (2,), ("medium",), 1))
    part = learnt.support(Cell(3, "seoul_north", (2,), ("medium",), 7))
    assert part**7 == pytest.approx(whole)


def test_two_codings_of_one_month_are_no_two_months() -> None:
    learnt = coding.estimate_coding()
    one = learnt.support(Cell(3, "seoul_north", (2,), ("medium",), 1))
    same = learnt.support(Cell(3, "seoul_north", (2, 2), ("medium", "medium"), 1))
    apart = learnt.support(Cell(3, "seoul_north", (1, 0), ("medium", "medium"), 1))
    assert same == pytest.approx(one)
    assert apart[1] == pytest.approx(apart[0], rel=0.1) and apart[2] < 0.2 * apart[1]


def test_a_month_without_a_row_says_nothing_but_of_acts() -> None:
    likely, there = coding.record_support(68), {(cell.month, cell.lever) for cell in record.cells()}
    for lever in OTHERS:
        for month in range(68):
            assert likely.recorded[month, PLACE[lever.field]] == ((month, lever.field) in there), (lever.field, month)
    visits = likely.support[:, PLACE["beijing_visits"]]
    assert visits[months.index("2019-02"), 1] < 0.2 * visits[months.index("2019-02"), 0], "no meeting was seen"
    assert (visits[months.index("2021-02")] == 1.0).all(), "the border was shut"


def test_the_deal_is_told_by_its_parts() -> None:
    likely, month = coding.record_support(68), months.index("2024-03")
    parts = [likely.support[month, PLACE[f"deal_{part}"]] for part in ("arms", "pay", "technology")]
    for place, bundle in enumerate(BUNDLES):
        options = [LEVER[f"deal_{part}"].index(value) for part, value in zip(("arms", "pay", "technology"), bundle)]  # noqa: B905
        product = np.prod([part[option] for part, option in zip(parts, options, strict=True)])
        assert likely.support[month, -1, place] == pytest.approx(product)


def test_larger_errors_say_less() -> None:
    def spread(support: Support) -> float:
        return float(np.log(support.support.max(axis=2) / support.support.min(axis=2))[support.recorded].mean())

    assert (
        spread(coding.record_support(68, times=4.0))
        < spread(coding.record_support(68, times=2.0))
        < spread(coding.record_support(68))
    )
    assert (coding.record_support(68, coding=1).recorded.sum(), coding.record_support(68, coding=2).recorded.sum()) < (
        2000,
        2000,
    )
    assert not np.array_equal(coding.record_support(68, coding=1).support, coding.record_support(68, coding=2).support)


def test_visits_say_nothing_from_the_first_month_of_the_shut_border_to_the_last() -> None:
    visits = coding.record_support(68).support[:, PLACE["beijing_visits"]]
    silent = [months.name(month) for month in range(68) if (visits[month] == 1.0).all()]
    assert (silent[0], silent[-1], len(silent)) == ("2020-02", "2023-06", 41)
    assert not coding.out_of_hand("beijing_trade", months.index("2021-01")), (
        "nothing else was out of its capital's hands"
    )


def test_a_record_ends_with_its_last_month_and_has_what_was_recorded_in_it() -> None:
    august = coding.record_support(months.index("2024-08") + 1)
    last = {cell.lever for cell in record.cells() if cell.month == months.index("2024-08")} - coding.ACTS.keys()
    assert last and all(august.recorded[-1, PLACE[lever]] for lever in last)
    july = coding.record_support(months.index("2024-08"))
    assert len(july.recorded) == len(august.recorded) - 1 and (july.support == august.support[:-1]).all()


# --- How often an act leaves a row, by hand


def recorded(monkeypatch: pytest.MonkeyPatch, lever: str, rows: list[tuple[int, dict[int, int]]]) -> None:
    """Make the record hold only these: a month, and the option that each coding reads."""

    def cells(only: int | None = None) -> list[Cell]:
        return [
            Cell(month, lever, tuple(read[k] for k in there), ("high",) * len(there), 1)
            for month, read in rows
            if (there := [k for k in fact_tables.CODINGS if k in read and only in (None, k)])
        ]

    monkeypatch.setattr(coding, "cells", cells)


def test_an_act_is_seen_by_one_coding_and_again_by_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three by both, two by the first alone, one by the second alone, and two rows of another option."""
    one, other = fact_tables.CODINGS
    lever = next(name for name in coding.ACTS if not LEVER[name].line)
    names = [option.name for option in LEVER[lever].options]
    act = names.index(coding.ACTS[lever])
    rest = (act + 1) % len(names)
    rows = [(3, {one: act, other: act}), (4, {one: act}), (5, {one: act}), (6, {other: act})]
    rows += [(7, {one: rest, other: rest}), (8, {one: rest})]
    rows += [(month, {one: act, other: act}) for month in (9, 12)]
    recorded(monkeypatch, lever, rows)
    seen = coding._seen(lever, coding.ACTS[lever])
    missed = ((5 - 3 + 1) / (5 + 2), (4 - 3 + 1) / (4 + 2))
    chance = 1.0 - missed[0] * missed[1]
    shut = sum(coding.out_of_hand(lever, month) for month in range(68))
    others = (2 + 1) / (68 - shut - 6 / chance + 2)
    assert seen.tolist() == pytest.approx([chance if place == act else others for place in range(len(names))])


def test_a_line_is_seen_in_the_months_between_its_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts in months 10, 13 and 14, then another option, then an act again: two months are bridged."""
    one, _ = fact_tables.CODINGS
    lever = next(name for name in coding.ACTS if LEVER[name].line)
    names = [option.name for option in LEVER[lever].options]
    act = names.index(coding.ACTS[lever])
    rest = (act + 1) % len(names)
    recorded(
        monkeypatch, lever, [(10, {one: act}), (13, {one: act}), (14, {one: act}), (20, {one: rest}), (30, {one: act})]
    )
    chance = (4 + 1) / (4 + 2 + 2)
    seen = coding._seen(lever, coding.ACTS[lever])
    shut = sum(coding.out_of_hand(lever, month) for month in range(68))
    assert seen[act] == pytest.approx(chance) and seen[rest] == pytest.approx(2 / (68 - shut - 4 / chance + 2))


def test_what_is_read_in_error_is_the_nearer_option_and_what_was_confused(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = pd.DataFrame({"lever": ["seoul_north"] * 3, "place_1": [0, 1, 2], "place_2": [1, 1, 0]})
    mistakes = coding._mistakes("seoul_north", pairs)
    prior = np.array([[0, 0.5, 1 / 3], [2 / 3, 0, 2 / 3], [1 / 3, 0.5, 0]])
    counts = prior + np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    assert mistakes == pytest.approx(counts / counts.sum(axis=0))
    errors = pd.DataFrame({"high": [0.1], "low": [0.4]}, index=["seoul_north"])
    made = coding.Coding(errors, {"seoul_north": mistakes}, {})
    assert made.confusion("seoul_north", "high", 2.0) == pytest.approx(0.2 * mistakes + 0.8 * np.eye(3))
    assert made.confusion("seoul_north", "low", 2.0) == pytest.approx(0.5 * mistakes + 0.5 * np.eye(3))
