"""What decides numbers is compared, however it is written; what earlier trees wrote of it is carried over."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.engine import provenance
from sim.engine.provenance import carried_over, changed_since, decisive, same
from tests.studies.studies import short_war

PACKAGE = Path(sim.__file__).parent
RESTS_ON = """
from sim.analysis import VERSION
from sim.inference.known_states import states_fingerprint
from sim.engine.provenance import decisive
print(decisive(), VERSION, states_fingerprint())
"""
# By source: a name in it, and another. The first line of each gets a better docstring as well.
RENAMED = {
    "analysis/definitions.py": ("_observables", "_seen_to_come_true"),
    "analysis/rows.py": ("_around_the_end", "_about_the_end"),
    "analysis/run_outcomes.py": ("drifted", "fallen_back"),
    "inference/filtering.py": ("_handed_on", "_drawn_states"),
    "inference/coding.py": ("_mistakes", "_slips"),
    "inference/measurements.py": ("_abroad", "_everywhere"),
    "model/saturation.py": ("target", "level"),
}


def _said(package: Path) -> str:
    asked = [sys.executable, "-c", RESTS_ON]
    return subprocess.run(asked, cwd=package.parent, env={"PYTHONPATH": str(package.parent)}, capture_output=True,
                          text=True, check=True).stdout  # fmt: skip


def test_words_names_and_comments_of_sources_and_registers_make_no_result_old(tmp_path: Path) -> None:
    copy = shutil.copytree(PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("web", "__pycache__"))
    for name, (was, becomes) in RENAMED.items():
        text = (copy / name).read_text(encoding="utf-8")
        assert text.startswith('"""') and was in text
        better = f'"""Better said. {text[3:].replace(was, becomes)}\n# a comment\n'
        (copy / name).write_text(better, encoding="utf-8")
    for register in ("claims", "assumptions", "parameters"):
        with (copy / "registers" / f"{register}.yaml").open("a", encoding="utf-8") as file:
            file.write("\n# a comment\n")
    assert _said(copy) == _said(PACKAGE)


def test_what_the_tree_before_wrote_is_carried_over() -> None:
    """Nothing that was made before is made old by how things are counted now; by other rules it is."""
    text, numbers = (
        "5272467165a4c160e9c4b5659cb226e1caaea8145b6886a5edfd17aa6bc7c14b",
        "c9709c75d9557b55fc26b26f470ace86736c89219e135d9c910c958b96b47dbb",
    )
    assert carried_over("registers", text) == carried_over("registers", numbers) == numbers
    sources = "3c09dbe08547d657c8d03f022a20133e233c1d09e32c7bdccb82914bc904d0bc"
    assert carried_over("measures", sources) == carried_over("measures", "") == "1"
    assert carried_over("rests_on", "34686a87f9379b0bb59e") == "c9d12be75652819d4127"
    assert carried_over("sets", "sets that history up to August 2024 has not ruled out") == "retained"
    assert carried_over("registers", "another") == "another"


def test_only_what_is_in_the_table_is_carried_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = decisive()["registers"]
    monkeypatch.setattr(provenance, "_CARRIED_OVER", {"registers": {"of old": now}})
    assert changed_since(decisive() | {"registers": "of old"}) == []
    assert changed_since(decisive() | {"registers": "older"}) == ["the registers (claims, assumptions, parameters)"]
    assert changed_since(decisive() | {"rules": "of old"}) == ["the rules of the model"]
    assert not same("rules", None, now) and not same("runs", 20, 40)


def test_scenarios_are_the_same_where_no_run_would_see_a_difference() -> None:
    world = short_war()
    reworded = world.with_(name="a brief war", question="Does it matter?")
    assert world.to_yaml() != reworded.to_yaml()
    assert same("scenario", world.to_yaml(), reworded.to_yaml())
    assert not same("scenario", world.to_yaml(), world.with_(drivers={"border": 1.0}).to_yaml())
