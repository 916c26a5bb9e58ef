"""The commands that put the prediction on trial: what they print, keep, refuse, and every flag."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer

from sim.cli import app, guard
from sim.inference import parameter_sets
from sim.inference.matching import draw_prior
from sim.inference.sets_file import Retained
from sim.prediction.sensitivity import DUMMY
from sim.report.style import percent
from tests.prediction.trials import study

from .conftest import Sim

SEEDED = ("--seed", "7")
ABLATE = ("ablate", "short.yaml", "--kind", "readings", "--runs", "6", *SEEDED)
FALSIFY = ("falsify", "short.yaml", "--runs", "16", "--prior", "12", *SEEDED)
RIVALS = ("rivals", "short.yaml", "--runs", "4", *SEEDED)
FORECAST = ("forecast", "--as-of", "known", "--to", "2021-08", "--runs", "2", *SEEDED)
_NUMBER = '<td class="number">{}</td>'
COMMANDS = ("ablate", "falsify", "forecast", "rivals", "score", "sensitivity", "verdict")
# Every flag of these commands, and where it is tested.
TESTED = {
    "ablate": {
        "--kind", "--sets", "--defaults", "--runs", "--seed", "--out", "--overwrite", "--jobs", "--json", "--quiet",
    },
    "falsify": {"--sets", "--runs", "--seed", "--prior", "--out", "--overwrite", "--jobs", "--json", "--quiet"},
    "forecast": {
        "--out", "--as-of", "--to", "--runs", "--moves", "--past", "--hub", "--seed",
        "--overwrite", "--jobs", "--json", "--quiet",
    },
    "rivals": {"--sets", "--defaults", "--runs", "--seed", "--out", "--overwrite", "--jobs", "--json", "--quiet"},
    "score": {"--forecasts", "--out", "--overwrite", "--json", "--quiet"},
    "sensitivity": {"--out", "--overwrite", "--json", "--quiet"},
    "verdict": {"--scenario", "--sets", "--runs", "--coalitions", "--seed", "--jobs", "--json", "--quiet"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def three_retained_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw_prior([1], 3)
    monkeypatch.setattr(parameter_sets, "shipped_sets", lambda: Retained(drawn, np.full(3, 1 / 3), drawn, {}))


def said(sim: Sim, *words: str) -> dict[str, Any]:
    shown = sim(*words, "--json", "-q")
    assert shown.exit_code == 0, shown.output
    assert shown.stderr == ""
    printed: dict[str, Any] = json.loads(shown.stdout)
    return printed


def test_every_flag_is_known_here() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    flags = {name: [option.opts for option in commands[name].params if "-" in option.opts[0]] for name in COMMANDS}
    there = {name: {next(w for w in opts if w[:2] == "--") for opts in options} for name, options in flags.items()}
    assert there == TESTED


@pytest.mark.parametrize("words", [ABLATE, RIVALS], ids=["ablate", "rivals"])
def test_a_trial_is_printed_kept_and_not_overwritten(sim: Sim, words: tuple[str, ...]) -> None:
    shown = sim(*words, "--jobs", "1", "--out", "here")
    assert shown.exit_code == 0, shown.output
    assert "ncalibrated" in shown.stdout and "parameter set" in shown.stderr and "next: sim " in shown.stderr
    manifest = json.loads(Path("here/manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == words[0] and manifest["command"].startswith(f"sim {words[0]} short.yaml")
    assert list(Path("here/figures").glob("*.png")) and list(Path("here/tables").glob("*.csv"))
    refused = sim(*words, "--out", "here")
    assert refused.exit_code == 1 and "holds results already" in refused.stderr
    again = sim(*words, "--jobs", "3", "--out", "here", "--overwrite")
    assert again.stdout == shown.stdout
    assert said(sim, *words)["seed"] == 7


@pytest.mark.parametrize("words", [ABLATE, RIVALS], ids=["ablate", "rivals"])
def test_the_hand_set_defaults_may_stand_in_for_the_retained_sets(sim: Sim, words: tuple[str, ...]) -> None:
    asked = (*words, "--out", "here", "--defaults")
    refused = sim(*asked, "--sets", "2")
    assert refused.exit_code == 2 and "say --sets or --defaults, not both" in refused.output
    shown = sim(*asked)
    assert shown.exit_code == 0, shown.output
    assert "parameters: the hand-set defaults alone" in shown.stderr
    assert "every parameter is a hand-set default" in shown.stdout
    assert " --defaults" in Path("here/manifest.json").read_text(encoding="utf-8")
    assert said(sim, *asked, "--overwrite")["sets"] == 1


def test_a_trial_leaves_out_sets_that_break_an_ordering_beside_a_weight_of_the_scenario(
    sim: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = Path("short.yaml").read_text(encoding="utf-8") + "parameters: {beijing_influence_weight: 0.3}\n"
    Path("weighty.yaml").write_text(heavy, encoding="utf-8")
    drawn = draw_prior([1], 3).assign(beijing_west_weight=[0.25, 0.4, 0.5])
    monkeypatch.setattr(parameter_sets, "shipped_sets", lambda: Retained(drawn, np.full(3, 1 / 3), drawn, {}))
    for command in ("ablate", "rivals"):
        assert said(sim, command, "weighty.yaml", "--runs", "2", *SEEDED)["sets"] == 2


def test_ablate_takes_away_what_is_asked_for(sim: Sim) -> None:
    groups = said(sim, "ablate", "short.yaml", "--runs", "2", *SEEDED)
    assert [row["without"] for row in groups["without"]][:2] == ["the West", "a dependent North"]
    assert groups["runs"] == 2 and groups["sets"] == 3
    assert said(sim, "ablate", "short.yaml", "--runs", "2", "--sets", "1", *SEEDED, "--out", "one")["sets"] == 1
    assert sim("ablate", "short.yaml", "--kind", "whims").exit_code == 2
    readings = sim(*ABLATE)
    assert "two patrons add up" in readings.stdout
    assert "By the reading of claim 5" in readings.stdout or "too close to zero" in readings.stdout


def test_falsify_says_where_it_looked_and_what_turned(sim: Sim) -> None:
    shown = sim(*FALSIFY)
    assert shown.exit_code == 0, shown.output
    assert "12 parameter sets: draws of the plausible ranges" in shown.stderr
    assert "of 12 cases" in shown.stdout and "smallest change that" not in shown.stdout
    other = sim("falsify", "short.yaml", "--runs", "4", "--sets", "2", *SEEDED, "--out", "elsewhere")
    assert "of 2 cases" in other.stdout and Path("elsewhere/tables/cases.csv").exists()
    assert sim(*FALSIFY).exit_code == 1
    assert said(sim, *FALSIFY, "--overwrite", "--jobs", "2")["cases"] == 12


@pytest.mark.parametrize(
    "words",
    [ABLATE, RIVALS, ("falsify", "short.yaml", "--runs", "4"), ("verdict",), ("hindcast", "--sets", "3")],
    ids=lambda words: words[0],
)
def test_without_retained_sets_no_trial_is_held_and_only_what_the_command_has_is_advised(
    sim: Sim, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def none() -> Retained:
        raise FileNotFoundError

    monkeypatch.setattr(parameter_sets, "shipped_sets", none)
    shown = sim(*words)
    assert shown.exit_code == 3 and "retained.parquet" in shown.stderr and shown.stdout == ""
    advised = set(re.findall(r"--[a-z]+", shown.stderr))
    assert advised <= set(re.findall(r"--[a-z]+", sim(words[0], "--help").stdout))
    assert advised == {"falsify": {"--prior"}, "verdict": set(), "hindcast": set()}.get(words[0], {"--defaults"})


@pytest.mark.parametrize("command", ["verdict", "falsify", "score facts.csv", "sensitivity nowhere"])
def test_a_library_that_is_not_there_is_named_before_anything_is_computed(
    sim: Sim, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(guard, "find_spec", lambda name: None)
    shown = sim(*command.split())
    assert shown.exit_code == 1
    assert "pip install -c constraints.txt -e '.[study]'" in shown.stderr and not Path("runs").exists()


def test_forecasts_are_written_once_and_scored(sim: Sim) -> None:
    assert sim("filter", "--as-of", "2020-02", "--particles", "64", "--out", "known", *SEEDED).exit_code == 0
    shown = sim(*FORECAST, "--hub", "hub", "--moves", "moves.csv")
    assert shown.exit_code == 0, shown.output
    assert "summit/2020-03" in shown.stdout and "Uncalibrated" in shown.stdout
    text = Path("forecasts.csv").read_text(encoding="utf-8")
    command = "sim forecast --as-of known --to 2021-08 --runs 2 --seed 7"
    assert text.startswith(f"# made by: {command}\n# states: sim filter --as-of 2020-02 --particles 64 --seed 7 (")
    assert "2020-03 0.0000; " in text and "later 1.0000" in text, "the war had not begun"
    assert text.splitlines()[5].endswith("q05,q10,q15,q20,q25,q30,q35,q40,q45,q50,q55,q60,q65,q70,q75,q80,q85,q90,q95")
    assert json.loads(Path("hub/manifest.json").read_text(encoding="utf-8"))["as_of"] == "2020-02"
    moves = pd.read_csv("moves.csv", comment="#")
    assert list(moves) == ["month", "capital", "lever", "option", "forecaster", "probability"]
    assert sim(*FORECAST, "--out", "mine.csv", "--moves", "moves.csv").exit_code == 1
    without = sim(*FORECAST, "--out", "mine.csv", "--past", "nowhere")
    assert without.exit_code != 0 and "there are no forecasts as of earlier months in nowhere" in without.stderr
    assert sim(*FORECAST).exit_code == 1
    assert sim(*FORECAST, "--out", "mine.csv", "--hub", "hub").exit_code == 1 and not Path("mine.csv").exists()
    assert sim(*FORECAST, "--hub", "hub", "--jobs", "1", "--overwrite", "-q").stderr == ""
    assert Path("forecasts.csv").read_text(encoding="utf-8") == text
    assert said(sim, *FORECAST, "--out", "other.csv")["file"] == "other.csv"
    assert "no folder" in sim(*FORECAST, "--out", "nowhere/other.csv").stderr
    for wrong, says in (
        (("--to", "2020-02"), "a forecast as of 2020-02 is of later months: choose one after it with --to"),
        (("--to", "soon"), "'soon' is not a month"),
        (("--as-of", "2030-01"), "2030-01 is not within the record"),
    ):
        refused = sim("forecast", "--as-of", "known", *wrong, "--out", "x.csv")
        assert refused.exit_code == 1 and says in refused.stderr

    Path("facts.csv").write_text("id,value\ngrowth/2020,1\nsummit/2020-03,0\n", encoding="utf-8")
    scored = sim("score", "facts.csv", "--out", "scores")
    assert scored.exit_code == 0, scored.output
    assert "2 facts of" in scored.stdout and "base rate" in scored.stdout
    assert Path("scores/figures/reliability.png").exists()
    assert sim("score", "facts.csv", "--out", "scores").exit_code == 1
    again = sim("score", "facts.csv", "--out", "scores", "--overwrite", "--forecasts", "other.csv")
    assert again.stdout == scored.stdout
    assert said(sim, "score", "facts.csv")["facts"] == 2
    assert sim("score", "facts.csv", "--forecasts", "none.csv", "--out", "x").exit_code == 3
    Path("facts.csv").write_text("id,value\ngrowth/2042,1\n", encoding="utf-8")
    wrong = sim("score", "facts.csv", "--out", "x")
    assert wrong.exit_code == 3 and "facts.csv:2: no question 'growth/2042'" in wrong.stderr


def test_sensitivity_reads_a_sweep_and_refuses_others(sim: Sim) -> None:
    file = "scenario: ./short.yaml\ndesign: {}\nvary:\n  postwar_need: {}\n  foresight: {}\nruns: 3\nseed: 1\n"
    Path("m.yaml").write_text(file.format("morris\npoints: 4", "prior", "prior"), encoding="utf-8")
    span = "{span: [2, 3, 2]}"
    Path("f.yaml").write_text(file.format("factorial", "{values: [0.1, 0.9]}", span), encoding="utf-8")
    for name in "mf":
        assert sim("sweep", f"{name}.yaml", "--out", name, "-q").exit_code == 0
    shown = sim("sensitivity", "m", "--out", "here")
    assert shown.exit_code == 0, shown.output
    assert "mu_star" in shown.stdout and "postwar_need" in shown.stdout
    assert Path("here/figures/indices.svg").exists()
    assert sim("sensitivity", "m", "--out", "here").exit_code == 1
    assert sim("sensitivity", "m", "--out", "here", "--overwrite").stdout == shown.stdout
    printed = said(sim, "sensitivity", "m")
    assert {row["parameter"] for row in printed["indices"]} == {"postwar_need", "foresight", DUMMY}
    assert 0.0 < printed["noise_share"] <= 1.0 and "of the variance between points" in shown.stdout
    refused = sim("sensitivity", "f", "--out", "x")
    assert refused.exit_code == 1 and "factorial design" in refused.stderr
    assert sim("sensitivity", "nowhere", "--out", "x").exit_code == 1


def test_a_verdict_is_told_kept_and_the_same_again(sim: Sim, tmp_path: Path) -> None:
    study(tmp_path / "study", np.random.default_rng(3).random(12), flipped=1, placebo=2.0, pictures=True)
    shown = sim("verdict", "study", "--jobs", "1")
    assert shown.exit_code == 0, shown.output
    other = "the rule allows 20%. These are: each side sets its own part of the arms deal (V1)."
    for words in ("Not reliably.", "Without the assumption that", "“no deal ever” does something in ", other):
        assert words in shown.stdout
    assert "D2" in shown.stdout and "With half the model's precision (λ) the verdict is not supported" in shown.stdout
    page = Path("study/report.html").read_text(encoding="utf-8")
    assert "Not supported" in page and page.count("<figure>") == 9 and "by hand" in page
    words = Path("study/verdict.md").read_text(encoding="utf-8")
    assert words.startswith("# The verdict: not supported\n") and "&#" not in words and "(D2) |" in words
    manifest = json.loads(Path("study/manifest.json").read_text(encoding="utf-8"))
    assert manifest["verdict"] == "not supported" and manifest["command"] == "by hand"
    table = pd.read_csv("study/tables/definitions.csv").set_index("definition")
    assert table.loc["D2", "mean"] == pytest.approx(manifest["d2"])
    true, endless = (percent(table.loc["D1", column]) for column in ("mean", "without_an_end"))
    assert true != endless
    assert re.search(rf"^D1 +{true} +{endless} +recovery", shown.stdout, re.MULTILINE)
    assert re.search(rf"<td>D1</td><td>recovery[^<]+</td>{_NUMBER.format(true)}.*?{_NUMBER.format(endless)}", page)
    assert re.search(rf"^\| recovery: [^|]+ \(D1\) \| {true} \| [^|]+ \| {endless} \|", words, re.MULTILINE)
    assert said(sim, "verdict", "study")["d2"] == manifest["d2"]
    assert Path("study/report.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("flags", "what"),
    [
        (("--seed", "2"), "seed"),
        (("--runs", "3"), "size"),
        (("--coalitions", "4"), "size"),
        (("--scenario", "short.yaml"), "scenario"),
        (("--sets", "1"), "sets"),
    ],
)
def test_a_study_that_was_begun_otherwise_is_not_mixed_with_another(
    sim: Sim, tmp_path: Path, flags: tuple[str, ...], what: str
) -> None:
    study(tmp_path / "study", np.ones(2))
    refused = sim("verdict", "study", *flags)
    assert refused.exit_code == 1
    assert "holds another study" in refused.stderr and what in refused.stderr
    assert not Path("study/report.html").exists()
