"""Sweep files: what they may say, and what a broken one is told."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

import sim
import sim.scenario
from sim.scenario import ScenarioError
from sim.studies.sweep_file import find_sweep, load_sweep
from tests.studies.studies import FILE, write_file

HEAD = "scenario: baseline\n"
LATIN = HEAD + "design: latin\npoints: 4\nvary:\n"
VARY = "vary:\n  foresight: {values: [2, 5]}\n"
# What is broken, the file, the line of the message, and what it must say.
BROKEN = [
    ("misspelt key", HEAD + VARY + "seeed: 1", 4, ["seeed", "no such key", "write seed"]),
    ("no scenario", VARY, None, ["scenario", "not named", "write scenario:"]),
    ("unknown scenario", "scenario: basline\n" + VARY, 1, ['no scenario "basline"', "Did you mean baseline"]),
    ("missing file", "scenario: ./nowhere.yaml\n" + VARY, 1, ["scenario", "no such file"]),
    ("nothing varied", HEAD, None, ["vary", "what to vary is not said"]),
    ("vary is a word", HEAD + "vary: foresight", 2, ["vary", "what to vary is not said"]),
    ("misspelt parameter", HEAD + "vary:\n  foresigt: {values: [2]}", 3, ["foresigt", "nearest  foresight"]),
    ("misspelt parameter with prior", HEAD + "vary:\n  foresigt: prior", 3, ["foresigt", "write foresight"]),
    ("misspelt path", HEAD + "vary:\n  war.end: {values: [2027-01]}", 3, ["war.end", "write war.ends"]),
    ("misspelt form", HEAD + "vary:\n  foresight: {spam: [2, 5, 3]}", 3, ["nearest  span", "write {span:"]),
    ("a bare number", HEAD + "vary:\n  foresight: 5", 3, ["values to vary over are wanted", "written  5", "prior"]),
    ("form without a list", HEAD + "vary:\n  foresight: {span: 5}", 3, ["values to vary over", "write {span:"]),
    ("span too short", HEAD + "vary:\n  foresight: {span: [2, 5]}", 3, ["do not fit the form", "write {span:"]),
    ("span of one", HEAD + "vary:\n  foresight: {span: [2, 5, 1]}", 3, ["two ends"]),
    ("span of words", HEAD + "vary:\n  foresight: {span: [a, b, 3]}", 3, ["do not fit the form"]),
    ("uniform the wrong way", HEAD + "design: latin\npoints: 4\nvary:\n  foresight: {uniform: [5, 2]}", 5, ["lower"]),
    ("normal of one number", LATIN + "  foresight: {normal: [5]}", 5, ["2 numbers are wanted", "write {normal:"]),
    ("normal of a word", LATIN + "  foresight: {normal: [5, wide]}", 5, ["a number is wanted"]),
    ("normal outside", LATIN + "  foresight: {normal: [99, 1]}", 5, ["hardly anything", "2 to 12"]),
    ("ends outside", LATIN + "  foresight: {beta: [2, 2], within: [2, 99]}", 5, ["99 is outside"]),
    ("ends in words", LATIN + "  foresight: {beta: [2, 2], within: wide}", 5, ["values to vary over"]),
    ("ends of a uniform", LATIN + "  foresight: {uniform: [2, 3], within: [2, 3]}", 5, ["values to vary over"]),
    ("a prior in a factorial", HEAD + "vary: {foresight: {beta: [2, 2]}}", 2, ["needs single values"]),
    ("a drawn month", LATIN + "  months.to: {normal: [5, 1]}", 5, ["months.to is no number that can be drawn"]),
    ("months the wrong way", HEAD + "vary:\n  war.ends: {months: [2028-01, 2027-01]}", 3, ["earlier month first"]),
    ("a bad month", HEAD + "vary:\n  war.ends: {months: [2028-13, 2029-01]}", 3, ["2028-13", "YYYY-MM"]),
    ("a value out of range", HEAD + "vary:\n  foresight: {values: [2, 99]}", 3, ["99 is outside", "2 to 12 [months]"]),
    ("a fixed number", HEAD + "vary:\n  hazard_ends: {values: [1]}", 3, ["a fixed number of the model"]),
    ("unknown variant", HEAD + "vary:\n  variant: {choices: [V0, V44]}", 3, ["V44 is no variant", "nearest"]),
    ("a driver out of range", HEAD + "vary:\n  drivers.border: {values: [0, 3]}", 3, ["3 is outside the range"]),
    ("unknown driver", HEAD + "vary:\n  drivers.bordr: {values: [0]}", 3, ["drivers.bordr", "drivers.border"]),
    ("unknown design", HEAD + VARY + "design: latn", 4, ["latn is no design", "write latin"]),
    ("latin without points", HEAD + "design: latin\nvary: {foresight: prior}", 2, ["needs a number of points"]),
    ("a range in a factorial", HEAD + "vary: {foresight: prior}", 2, ["needs single values"]),
    ("sobol with any number", HEAD + "design: sobol\npoints: 100\nvary: {foresight: prior}", 2, ["power of two"]),
    ("no points", HEAD + "design: latin\npoints: 0\nvary: {foresight: prior}", 3, ["points", "1 to"]),
    ("runs in words", HEAD + VARY + "runs: many", 4, ["runs", "a whole number is wanted"]),
    ("no runs", HEAD + VARY + "runs: 0", 4, ["runs", "1 to"]),
    ("a broken seed", HEAD + VARY + "seed: -1", 4, ["seed", "a whole number is wanted"]),
    ("until what", HEAD + VARY + "until: {efect_of_the_end: 2}", 4, ["nearest  effect_of_the_end"]),
    ("until nothing", HEAD + VARY + "until: {D2: 0}", 4, ["above 0"]),
    ("until a word", HEAD + VARY + "until: soon", 4, ["a measure with a width"]),
    ("until in words", HEAD + VARY + "until: {D2: narrow}", 4, ["a number is wanted"]),
    ("unknown option", HEAD + "vary:\n  moves.Beijing.trade: {choices: [squeez]}", 3, ["squeez", "nearest  squeeze"]),
    ("unknown lever", HEAD + "vary:\n  moves.Beijing.trad: {choices: [free]}", 3, ["nearest  moves.Beijing.trade"]),
    ("a bad month of a lever", HEAD + "vary:\n  moves.Beijing.trade.2025: {choices: [trim]}", 3, ["a month is wanted"]),
    ("no such policy", HEAD + "policies: {hard: []}\nvary:\n  policy: {choices: [hart]}", 4, ["nearest  hard"]),
    ("a broken policy", HEAD + "policies: {hard: 5}\n" + VARY, 2, ["policies", "a list is wanted"]),
    (
        "a policy against a lever",
        HEAD + "policies: {hard: [{capital: Beijing, lever: trade, option: trim, from: 2025-01, to: 2025-03}]}\n"
        "vary:\n  policy: {choices: [hard]}\n  moves.Beijing.trade: {choices: [free, squeeze]}",
        3,
        ["scripted as"],
    ),
    ("a repeated key", HEAD + VARY + "runs: 1\nruns: 2", 5, ["stands in line 4 too"]),
    ("a tab", HEAD + "vary:\n\tforesight: prior", 3, ["a tab in the indentation"]),
    ("missing table", HEAD + "vary: nowhere.csv", 2, ["the points cannot be read"]),
]


@pytest.mark.parametrize(("text", "line", "says"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_file_gets_a_message_that_helps(tmp_path: Path, text: str, line: int | None, says: list[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_sweep(file)
    assert len(caught.value.problems) == 1, str(caught.value)
    assert caught.value.problems[0].line == line, str(caught.value)
    assert caught.value.problems[0].file == str(file)
    assert all(part in str(caught.value) for part in says), str(caught.value)


@pytest.mark.parametrize(
    ("table", "line", "says"),
    [
        ("foresight,foresight\n2,3", 1, "the same name"),
        ("foresight,war.ends\n2", 2, "1 values for 2 columns"),
        ("foresight\n2\n77\n5", 3, "77 is outside"),
        ("foresight\n2\nfive", 3, "a number is wanted"),
        ("foresight\n2\nnan", 3, "not finite"),
        ("foresigt\n2\n3\n5", 1, "foresigt"),
        ("foresight\n\n2\n\n77", 5, "77 is outside"),
        ('foresight\n2\n"5\n7\n', 3, "a quote opens here that does not close"),
        ('foresight\n2\n"5"7\n', 3, "a quote opens here that does not close"),
        ("foresight\n2\n5\0", 3, "not UTF-8 text"),
        ("foresight\n", 1, "there are no points"),
        ("", 1, "there are no points"),
    ],
)
def test_a_broken_table_of_points_is_told_its_line(tmp_path: Path, table: str, line: int, says: str) -> None:
    (tmp_path / "points.csv").write_text(table, encoding="utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + "vary: points.csv", encoding="utf-8")
    with pytest.raises(ScenarioError, match=says) as caught:
        load_sweep(file)
    assert [(p.line, Path(p.file).name) for p in caught.value.problems] == [(line, "points.csv")]


def test_a_table_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "device.csv").symlink_to("/dev/zero")
    (tmp_path / "folder.csv").mkdir()
    with (tmp_path / "large.csv").open("wb") as large:
        large.truncate(10**12)
    says = {
        "pipe": "a pipe (FIFO), not a file",
        "device": "a device, not",
        "folder": "a folder, not",
        "large": "too large",
    }
    for name, said in says.items():
        (tmp_path / "mine.yaml").write_text(f"{HEAD}vary: {name}.csv", encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_sweep(tmp_path / "mine.yaml")
        (problem,) = caught.value.problems
        assert (problem.line, Path(problem.file).name) == (2, "mine.yaml") and said in problem.why and problem.fix


def test_a_sweep_that_is_no_file_is_not_waited_for_and_a_private_one_is_not_printed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "private").write_text("root:hunter2:0:0\n", encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("private")
    (tmp_path / "mine.yaml").write_text(f"scenario: ./link.yaml\n{VARY}", encoding="utf-8")
    for name, says in (("pipe", "a pipe"), ("link", "not keys with values"), ("mine", "not keys with values")):
        with pytest.raises(ScenarioError) as caught:
            load_sweep(tmp_path / f"{name}.yaml")
        assert says in str(caught.value) and "hunter2" not in str(caught.value)


def steps(make: Callable[[], object]) -> int:
    """Return how many lines of the package something takes, each as often as it is run: the same on every machine."""
    count, here = 0, os.fspath(Path(sim.scenario.__file__).parents[1])

    def step(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return step if frame.f_code.co_filename.startswith(here) else None

    before = sys.gettrace()
    sys.settrace(step)
    try:
        make()
    finally:
        sys.settrace(before)
    return count


TOO_MANY = {
    "cells": ("vary: many.csv", lambda count: "foresight,war.ends\n" + "".join(f"x{k},y{k}\n" for k in range(count))),
    "columns": (
        "vary: many.csv",
        lambda count: ",".join(f"x{k}" for k in range(count)) + "\n" + "1," * (count - 1) + "1",
    ),
    "words": ("vary: {foresight: {choices: [WORDS]}}", None),
    "names": ("vary:\n NAMES", None),
    "series": ("vary: {foresight: prior}\nseries: [WORDS]", None),
}


@pytest.mark.parametrize("kind", TOO_MANY)
def test_twenty_mistakes_are_told_and_the_number_of_the_others_soon(kind: str, tmp_path: Path) -> None:
    """Beyond the twenty that are told, a mistake costs some hundred steps and no comparing of words."""
    text, table = TOO_MANY[kind]
    file = tmp_path / "mine.yaml"

    def refusal(count: int) -> ScenarioError:
        words, names = (
            ", ".join(f"x{k}" for k in range(count)),
            "\n ".join(f"x{k}: {{values: [2]}}" for k in range(count)),
        )
        file.write_text(HEAD + text.replace("WORDS", words).replace("NAMES", names), encoding="utf-8")
        if table:
            (tmp_path / "many.csv").write_text(table(count), encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_sweep(file)
        return caught.value

    few, many = refusal(100), refusal(300)
    message = str(many)
    assert len(many.problems) - len(few.problems) in (200, 400) and message.endswith(
        f"and {len(many.problems) - 20:,} more"
    )
    assert message.count("fix ") == 20 and len(message.encode()) < 10_000
    more = steps(lambda: refusal(300)) - steps(lambda: refusal(100))
    assert more < 200 * 300


def test_all_problems_are_reported_in_one_pass(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("scenario: basline\nruns: x\nvary:\n  foresigt: prior\n  variant: {choices: [V77]}\ndesin: latin")
    with pytest.raises(ScenarioError) as caught:
        load_sweep(file)
    assert [problem.line for problem in caught.value.problems] == [1, 2, 4, 5, 6]


def test_a_file_becomes_the_sweep_that_it_says(tmp_path: Path) -> None:
    made = load_sweep(write_file(tmp_path))
    assert (made.name, made.runs, made.seed, made.design, len(made.points)) == ("a small sweep", 40, 3, "factorial", 12)
    assert made.scenario.war.ends == "2022-09"
    assert made.points["war.ends"].tolist()[:3] == ["2022-06", "2022-09", "never"]
    assert load_sweep(write_file(tmp_path), runs=7, seed=9).runs == 7
    assert load_sweep(write_file(tmp_path), runs=7, seed=9).seed == 9


def test_a_table_of_points_is_taken_as_written(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("foresight,war.ends\n2,2022-06\n12,never\n", encoding="utf-8")
    made = load_sweep(write_file(tmp_path, "scenario: ./short-war.yaml\nvary: points.csv\n"))
    assert made.points.to_dict("list") == {"foresight": [2.0, 12.0], "war.ends": ["2022-06", "never"]}


def test_a_seed_that_nobody_says_is_drawn_anew(tmp_path: Path) -> None:
    file = write_file(tmp_path, FILE.replace("seed: 3\n", ""))
    assert load_sweep(file).seed != load_sweep(file).seed
    assert load_sweep(file, otherwise=5).seed == 5


@pytest.mark.parametrize("path", sorted(Path("scenarios/sweeps").glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_sweeps_can_be_found_and_ask_a_question(path: Path) -> None:
    assert find_sweep(path.stem).resolve() == path.resolve()
    made = load_sweep(path)
    assert made.question.endswith("?")
    assert made.reading
    assert made.duplicates == 0


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="Did you mean end-date"):
        find_sweep("end-dates")


def test_a_latin_design_keeps_distributions_and_the_correlations_of_its_scenario(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("correlations: {grievance: {foresight: 0.8}}", encoding="utf-8")
    text = (
        "scenario: ./base.yaml\ndesign: latin\npoints: 2000\nseed: 1\nvary:\n"
        "  grievance: {normal: [24, 3]}\n  foresight: {triangular: [3, 5, 9], within: [4, 9]}\n"
        "  drivers.need_for_us.2025-01: {beta: [2, 2]}\n  noise_sd: prior\n"
    )
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    points = load_sweep(tmp_path / "mine.yaml").points
    assert points["grievance"].std() == pytest.approx(3, abs=0.15) and points["foresight"].between(4, 9).all()
    assert points["drivers.need_for_us.2025-01"].mean() == pytest.approx(0.9, abs=0.01)
    assert points["grievance"].corr(points["foresight"]) == pytest.approx(0.78, abs=0.04)
    others = points[["grievance", "noise_sd", "drivers.need_for_us.2025-01"]].corr().to_numpy()
    assert np.abs(others - np.eye(3)).max() < 0.1
    for design in ("sobol", "morris"):
        (tmp_path / "mine.yaml").write_text(text.replace("latin", design).replace("2000", "4"), encoding="utf-8")
        with pytest.raises(ScenarioError, match="are correlated, and the indices"):
            load_sweep(tmp_path / "mine.yaml")


def test_levers_and_policies_are_factors(tmp_path: Path) -> None:
    text = (
        "scenario: ./short-war.yaml\n"
        "policies:\n  hold: []\n  hard: [{capital: Seoul, lever: north, option: hard, from: 2022-01, to: 2022-12}]\n"
        "vary:\n  moves.Beijing.trade.2022-03: {choices: [free, squeeze]}\n  policy: {choices: [hold, hard]}\nruns: 2\n"
    )
    study = sim.carry_out(load_sweep(write_file(tmp_path, text), seed=3), tmp_path / "study")
    assert study.outcomes["fingerprint"].nunique() == 8 and len(study.design) == 4
    (point,) = study.design.query("policy == 'hard' and `moves.Beijing.trade.2022-03` == 'squeeze'").index
    number = int(study.outcomes.query(f"point == {point}").index[0])
    run = study.replay(number)
    assert set(run.moves.loc["2022-03":, "beijing_trade"]) == {"squeeze"}
    assert set(run.moves.loc["2022-01":"2022-12", "seoul_north"]) == {"hard"}
