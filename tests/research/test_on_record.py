"""What the record says, as people read it: three sentences, tables, pictures and the page."""

from pathlib import Path

import pandas as pd
import pytest

from research import record_page, verdict_page
from research.pages import of_frame, templates
from sim.prediction.model_comparison import (
    CLAIMS,
    COSTS,
    EARNS,
    FAMILIES,
    IDLE,
    REMOVED,
    SEEMS_TO_COST,
    SEEMS_TO_EARN,
    UNSEEN,
    open_record_study,
)
from sim.prediction.move_forecasters import ALL, BASE_RATE, LAST_MOVE
from sim.report.folders.evidence_folder import Findings, write_evidence
from sim.report.text import on_record
from sim.storage.study_errors import StudyError
from tests.prediction.records import made

WORSE = {"C05": -3.0, "C11": 3.0, "A16": -2.0, "two blocs": -20.0}
BEHIND = {"seoul_north": -0.5}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return Findings(made(tmp_path_factory.mktemp("made") / "study", WORSE, 0.2, BEHIND))


def test_where_the_model_knows_less_than_base_rates_comes_first(findings: Findings) -> None:
    first, second, third = on_record.answer(findings.capitals, findings.compared)
    less = -float(findings.capitals[f"over {BASE_RATE}"]["Seoul"])
    assert first.startswith("For Seoul the model predicts next month's moves worse")
    assert f"{less:.2f} nats a move less" in first
    assert "chance of" in second and "last month's move" in second
    assert "the record speaks for 1, against 1, and cannot see 27" in third
    aims = on_record.aims(findings.capitals)
    assert aims[0] == "Ahead of base rates for every capital: missed for Seoul."


def test_where_it_knows_more_of_all_that_is_said(findings: Findings) -> None:
    better = findings.capitals.assign(**{f"over {BASE_RATE}": 0.2, f"over {LAST_MOVE}": -0.1})
    first, *_ = on_record.answer(better, findings.compared)
    assert first.startswith("For every capital")
    assert "0.10 nats a move less" in on_record.aims(better)[1]
    assert on_record.aims(better)[0].endswith("reached.") and "missed" in on_record.aims(better)[1]


def test_what_may_be_chance_is_called_so(findings: Findings) -> None:
    table = findings.capitals.copy()
    for p, says in ((0.001, False), (0.4, True)):
        table.loc[ALL, f"p {LAST_MOVE}"] = p
        assert ("may be chance" in on_record.aims(table)[1]) == says


def test_what_blind_choice_lacks_is_said(findings: Findings) -> None:
    table = findings.compared.copy()
    for nats, says in ((-30.0, "30 nats less likely"), (4.0, "4 nats likelier")):
        table.loc["random moves", "nats"] = nats
        assert says in on_record.politics(findings.capitals, table)


def test_claims_that_go_together_count_each(findings: Findings) -> None:
    claims = findings.compared[findings.compared["family"] == CLAIMS]
    assert len(claims) < 29
    assert "took out 29 claims" in on_record.answer(findings.capitals, findings.compared)[2]


def test_worth_is_above_zero_where_the_record_speaks_for_a_thing(findings: Findings) -> None:
    table = on_record.evidence_table(findings.compared, CLAIMS).set_index("")
    assert table.loc["C05", "nats"].startswith("+5") and table.loc["C05", "says"] == "earns its keep"
    assert table.loc["C11", "nats"].startswith("-5") and table.loc["C11", "says"] == "costs"
    assert table.loc["C03", "says"] == "not at work"
    assert on_record.evidence_table(findings.compared, "rivals").set_index("").loc["two blocs", "says"] == "worse"


def test_the_folder_has_tables_pictures_and_how_to_make_them_again(findings: Findings) -> None:
    write_evidence(findings)
    folder = findings.study.folder
    assert {path.stem for path in (folder / "figures").glob("*.png")} == {
        "cumulative",
        "levers",
        "claims",
        "assumptions",
    }
    table = pd.read_parquet(folder / "tables/compared.parquet").set_index("name")
    assert table.loc["C05", "nats"] == findings.compared.loc["C05", "nats"]
    assert "Seoul: line on the North: -9.0" in findings.pictures["levers"].alt


def test_no_page_is_made_of_half_a_study(tmp_path: Path) -> None:
    open_record_study(tmp_path / "begun", {"particles": 64, "seeds": 2, "seed": 3}, "sim evidence begun")
    with pytest.raises(StudyError, match=r"sim evidence .*begun"):
        record_page.main(str(tmp_path), str(tmp_path / "begun"))
    assert not (tmp_path / record_page.PAGE).exists()


def test_the_page_begins_with_the_answer_and_its_doubt(findings: Findings) -> None:
    said = record_page._said(findings)
    assert said["answer"][0].startswith("For Seoul") and said["options"] == "--particles 64 --seeds 2 --seed 3"
    template = Path(templates().get_template(record_page.PAGE).filename or "").read_text(encoding="utf-8")
    title, answer, doubt, *_ = (part for part in template.split("\n\n") if part.strip())
    assert "# " in title and "answer" in answer and doubt.startswith("**How sure is that?**")


def test_the_page_says_of_each_claim_and_assumption_what_the_study_says(findings: Findings) -> None:
    tables = [of_frame(on_record.evidence_table(findings.compared, family)) for family in FAMILIES]
    said = verdict_page.words_on("\n\n".join(tables))
    removed = findings.compared[findings.compared["family"].isin(REMOVED)]
    assert said == {id: row["word"] for names, row in removed.iterrows() for id in str(names).split(", ")}
    assert {EARNS, COSTS} <= set(said.values())


@pytest.mark.parametrize(
    ("word", "verb", "likely"),
    [
        (EARNS, "supports this assumption:", "is less likely without it."),
        (SEEMS_TO_EARN, "seems to support this assumption:", "is less likely without it, but the difference may be"),
        (COSTS, "speaks against this assumption:", "is likelier without it."),
        (SEEMS_TO_COST, "seems to speak against this assumption:", "is likelier without it, but the difference may be"),
        (UNSEEN, "says nothing clear about this assumption:", "is about as likely without it."),
        (IDLE, "says nothing clear about this assumption:", "is about as likely without it."),
    ],
)
def test_what_the_record_says_stands_behind_each_assumption(word: str, verb: str, likely: str) -> None:
    line = "* Without the assumption (A7), the end leaves Pyongyang 1.8 points further from Beijing."
    page = verdict_page.add_support(f"{line}\n\n* Something else (A8).\n", {"A7": word})
    said, other = page.splitlines()[::2]
    assert said.startswith(line) and verb in said and likely in said and other == "* Something else (A8)."
