"""What commands say: lists, checks, differences, claims, explanations, and whole folders of results."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.loading import WRONG
from sim.engine import provenance
from sim.registers.register import assumptions, claims
from sim.report.style import percent
from sim.scenario import available

from .conftest import Sim
from .test_flags import COMPARE, RUN


@pytest.fixture
def results(sim: Sim, bare: dict[str, Any]) -> Path:
    """A folder as ``sim run`` leaves it, without the pictures."""
    sim(*RUN, "--out", "results")
    return Path("results")


def test_list_names_every_scenario_with_its_question(sim: Sim) -> None:
    listed = json.loads(sim("list", "--json").stdout)
    assert [(row["name"], row["question"]) for row in listed] == available()
    words = sim("list").stdout
    assert all(name in words and question in words for name, question in available())


def test_check_says_everything_that_is_wrong_in_one_pass_and_goes_on_to_the_next_file(sim: Sim) -> None:
    Path("bad.yaml").write_text("wr: {ends: 2027-01}\ndrivers: {border: 7}\n", encoding="utf-8")
    shown = sim("check", "bad.yaml", "short.yaml", "absent.yaml")
    assert shown.exit_code == 3
    assert "bad.yaml:1: wr: there is no such key here" in shown.stdout
    assert "bad.yaml:2: drivers.border: 7 is outside the range" in shown.stdout
    assert "short.yaml: ok: What changes when the war is short?" in shown.stdout
    assert "absent.yaml: there is no such file" in shown.stdout
    checks = json.loads(sim("check", "bad.yaml", "short.yaml", "--json").stdout)
    assert [row["ok"] for row in checks] == [False, True]
    assert [problem["line"] for problem in checks[0]["problems"]] == [1, 2]


@pytest.mark.parametrize("kind", WRONG)
def test_check_says_twenty_mistakes_and_the_number_of_the_others(sim: Sim, kind: str) -> None:
    Path("bad.yaml").write_text(WRONG[kind](1000), encoding="utf-8")
    shown, plain = sim("check", "bad.yaml"), json.loads(sim("check", "bad.yaml", "--json").stdout)[0]
    count = len(plain["problems"]) + plain["more"]
    assert shown.exit_code == 3 and len(shown.stdout.encode()) < 10_000
    assert shown.stdout.count("\n    fix ") == len(plain["problems"]) == min(count, 20)
    assert (f"and {count - 20:,} more" in shown.stdout) == (count > 20) == (plain["more"] > 0)
    assert count > 900 or kind == "administrations of no goal"


def test_a_new_file_is_a_scenario_whose_every_commented_line_holds(sim: Sim) -> None:
    sim("new", "mine")
    text = Path("mine.yaml").read_text(encoding="utf-8")
    keys = ("months", "drivers", "  flood", "  border", "parameters", "without", "variant", "moves")
    lines = []
    for line in text.splitlines():
        bare_line = line.removeprefix("# ")
        lines.append(bare_line if bare_line.startswith((*(f"{key}:" for key in keys), "  - {")) else line)
    Path("all.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert sum(line != given for line, given in zip(lines, text.splitlines(), strict=True)) == 10
    shown = sim("check", "all.yaml")
    assert shown.exit_code == 0, shown.output


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("baseline", "a scenario called baseline already"),
        ("Baseline", "a scenario called Baseline already"),
        ("short", "short.yaml is there already"),
        ("nowhere/mine", "there is no folder nowhere"),
    ],
)
def test_new_refuses_names_that_would_hide_or_overwrite(sim: Sim, name: str, says: str) -> None:
    before = sorted(Path().iterdir())
    shown = sim("new", name)
    assert shown.exit_code == 1
    assert says in shown.stderr
    assert sorted(Path().iterdir()) == before


def test_new_refuses_a_name_that_is_no_word_and_says_one(sim: Sim) -> None:
    assert "write two-words" in sim("new", "two words").stderr


def test_diff_shows_what_a_run_would_see_and_nothing_of_words(sim: Sim) -> None:
    rows = json.loads(sim("diff", "short.yaml", "baseline", "--json").stdout)
    assert {row["key"]: (row["a"], row["b"]) for row in rows} == {
        "months simulated to": ("2024-12", "2032-12"),
        "war ends": ("2022-12", "never"),
    }
    assert sim("diff", "short.yaml", "short.yaml").stdout == "A run would see no difference between them.\n"


def test_claims_show_every_claim_and_assumption(sim: Sim) -> None:
    rows = json.loads(sim("claims", "--json").stdout)
    assert {row["id"] for row in rows} == {*claims(), *assumptions()}
    uncited = json.loads(sim("claims", "--uncited", "--json").stdout)
    assert 0 < len(uncited) < len(rows)
    assert not any(row["rules"] or row["parameters"] for row in uncited)


@pytest.mark.parametrize("word", ["C08", "c8", "c08"])
def test_one_claim_is_shown_whole(sim: Sim, word: str) -> None:
    shown = sim("claims", word)
    assert shown.stdout.startswith("C08\n")
    assert claims()["C08"].says in shown.stdout
    assert f"paragraph {claims()['C08'].paragraph} " in shown.stdout


def test_run_says_the_question_the_answer_its_doubt_and_what_happened(sim: Sim, bare: dict[str, Any]) -> None:
    said = sim(*RUN).stdout
    assert said.startswith("A short war\nWhat changes when the war is short?\n")
    assert "ncalibrated" in said
    assert "One of these histories (run 0, seed 7): the war ends in" in said
    assert "2022-12  the war ends" in said
    facts = json.loads(sim(*RUN, "--json", "--overwrite").stdout)
    assert facts["answer"] in " ".join(said.split())
    assert facts["calibrated"] is False
    assert facts["effect_of_the_end"]["sets"] == facts["runs"] == 4
    assert facts["effect_of_the_end"]["caveat"] in facts["answer"] and "4 parameter sets alone" in facts["answer"]
    shares = [(definition["share"], definition["share_without_an_end"]) for definition in facts["definitions"].values()]
    assert any(true != endless for true, endless in shares if endless is not None)
    for name, (true, endless) in list(zip(facts["definitions"], shares, strict=True))[:2]:  # the report has them all
        beside = "-" if endless is None else percent(endless)
        assert re.search(rf"\({name}\) +{percent(true)} +{beside}$", said, re.MULTILINE)
    mean = (bare["many"].array("reengagement")[:, -1] - bare["control"].array("reengagement")[:, -1]).mean()
    assert facts["effect_of_the_end"]["mean"] == pytest.approx(mean)
    year = bare["run"].series["reengagement"].loc["2023"].mean()
    assert [row["reengagement"] for row in facts["world"]["years"] if row["year"] == 2023] == pytest.approx([year])
    alone = json.loads(sim(*RUN, "--json", "--overwrite", "--defaults").stdout)
    assert "run-to-run noise alone" in alone["answer"] and alone["effect_of_the_end"]["sets"] == 1


def test_run_says_so_where_the_war_never_ends(sim: Sim, bare: dict[str, Any]) -> None:
    facts = json.loads(sim("run", "long.yaml", "--seed", "7", "--runs", "2", "--json").stdout)
    assert facts["judged"] == 0
    assert facts["effect_of_the_end"] is facts["definitions"] is facts["world"]["war_ends"] is None
    assert bare["many"] is bare["control"]


def test_compare_is_the_first_less_the_second(sim: Sim, bare: dict[str, Any]) -> None:
    facts = json.loads(sim(*COMPARE, "--json").stdout)
    pair = bare["pair"]
    assert (
        (pair.one.scenario.name, pair.other.scenario.name)
        == ("a short war", "a long war")
        == (
            facts["one"],
            facts["other"],
        )
    )
    month = pair.one.states.shape[1] - 1
    gap = pair.one.array("reengagement")[:, month] - pair.other.array("reengagement")[:, month]
    assert facts["effect"]["mean"] == pytest.approx(gap.mean())
    assert facts["first_divergence"]["month"] >= "2022-12"


def test_compare_says_where_two_scenarios_are_one(sim: Sim, bare: dict[str, Any]) -> None:
    said = sim("compare", "short.yaml", "short.yaml", "--seed", "7", "--runs", "2").stdout
    assert "Run 0 is the same in both." in said


@pytest.mark.parametrize("capital", ["Pyongyang", "pyongyang", "PYONGYANG"])
def test_explain_answers_for_the_world_of_the_folder(sim: Sim, results: Path, capital: str) -> None:
    shown = sim("explain", str(results), capital, "2023-06")
    assert shown.exit_code == 0, shown.output
    assert "Pyongyang" in shown.stdout
    assert "seed 7" in shown.stdout
    assert "next: sim claims C" in shown.stderr
    quiet = sim("explain", str(results), capital, "2023-06", "-q")
    assert (quiet.stdout, quiet.stderr) == (shown.stdout, "")


def test_explain_uses_the_scenario_as_it_was_run(sim: Sim, results: Path) -> None:
    before = sim("explain", str(results), "Beijing", "2024-03").stdout
    Path("short.yaml").write_text("war: {ends: never}\nmonths: {to: 2020-12}\n", encoding="utf-8")
    assert sim("explain", str(results), "Beijing", "2024-03").stdout == before != ""


@pytest.mark.parametrize(
    ("capital", "month", "says"),
    [
        ("Pyongyong", "2023-06", "Pyongyang"),
        ("Tokyo", "2023-06", "Beijing, Moscow, Pyongyang, Washington, Seoul"),
        ("Beijing", "June", "YYYY-MM"),
        ("Beijing", "2023-13", "2023-13"),
        ("Beijing", "2031-01", "2024-12"),
    ],
)
def test_explain_helps_where_capital_or_month_is_wrong(
    sim: Sim, results: Path, capital: str, month: str, says: str
) -> None:
    shown = sim("explain", str(results), capital, month)
    assert shown.exit_code == 2
    assert says in shown.stderr


@pytest.mark.parametrize(
    ("changed", "says"),
    [("rules_version", "the rules of the model"), ("registers_digest", "the registers")],
    ids=["rules", "registers"],
)
def test_explain_refuses_a_world_that_cannot_be_simulated_again(
    sim: Sim, results: Path, monkeypatch: pytest.MonkeyPatch, changed: str, says: str
) -> None:
    monkeypatch.setattr(provenance, changed, lambda: "another")
    shown = sim("explain", str(results), "Beijing", "2023-06")
    assert shown.exit_code == 1
    assert says in shown.stderr
    assert "sim run short.yaml --seed 7" in shown.stderr
    assert shown.stdout == ""


def test_explain_says_where_there_are_results(sim: Sim, results: Path) -> None:
    assert "some in results" in sim("explain", "resluts", "Beijing", "2023-06").stderr
    sim(*COMPARE, "--out", "pair")
    shown = sim("explain", "pair", "Beijing", "2023-06")
    assert "not written by sim run, but by sim compare" in shown.stderr
    for text, says in (("{", "is damaged"), ('{"kind": "unfinished"}', "was cut short")):
        (results / "manifest.json").write_text(text, encoding="utf-8")
        assert says in sim("explain", str(results), "Beijing", "2023-06").stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace('"seed": 7', '"seed": 8'), "is not what was written"),
        (lambda text: text.replace('"number"', '"nomber"'), "is not what was written"),
        (lambda text: text[:-40], "is damaged"),
        (lambda text: text.replace('"format"', '"x"').replace('"digest"', '"y"'), "an earlier release (driftback "),
    ],
)
def test_explain_believes_no_manifest_that_was_changed(
    sim: Sim, results: Path, change: Callable[[str], str], says: str
) -> None:
    file = results / "manifest.json"
    text = file.read_text(encoding="utf-8")
    assert change(text) != text
    file.write_text(change(text), encoding="utf-8")
    shown = sim("explain", str(results), "Beijing", "2023-06")
    assert shown.exit_code == 3 and says in shown.stderr and str(results) in shown.stderr and shown.stdout == ""


def test_a_run_leaves_a_report_and_explain_reads_its_folder(sim: Sim) -> None:
    shown = sim(*RUN, "--out", "mine")
    assert shown.exit_code == 0, shown.output
    there = {path.name for path in Path("mine").iterdir()}
    assert there >= {"report.html", "chronicle.md", "manifest.json", "figures", "tables"}
    explained = sim("explain", "mine", "Pyongyang", "2023-06")
    assert explained.exit_code == 0, explained.output


def test_a_comparison_leaves_a_report(sim: Sim) -> None:
    shown = sim(*COMPARE, "--out", "mine")
    assert shown.exit_code == 0, shown.output
    assert {path.name for path in Path("mine").iterdir()} >= {"report.html", "manifest.json", "figures", "tables"}
