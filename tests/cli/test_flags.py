"""Each flag of each command changes its output, or leaves it as it was where that is its promise."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from sim.cli import app
from sim.report.folders.writing import Writing
from sim.storage import sealed
from sim.storage.study_errors import StudyError

from .conftest import SHORT, Sim

RUN = ("run", "short.yaml", "--seed", "7", "--runs", "4")
COMPARE = ("compare", "short.yaml", "long.yaml", "--seed", "7", "--runs", "4")

# Flags that change what is printed: command line, what is added, what the change must hold.
CHANGES = [
    (("run", "short.yaml", "--seed", "7"), ("--runs", "5"), "5 histories"),
    (("run", "short.yaml", "--runs", "4"), ("--seed", "7"), "(run 0, seed 7)"),
    (RUN, ("--number", "3"), "(run 3, seed 7)"),
    (RUN, ("--set", "postwar_need=1.5"), "A short war (postwar_need = 1.5)"),
    (RUN, ("--variant", "V4"), "A short war (variant V4)"),
    (RUN, ("--without", "C38"), "A short war (without C38)"),
    (RUN, ("--full",), "The moves made most often:"),
    (RUN, ("--sets", "2"), "over 2 parameter sets alone"),
    (RUN, ("--defaults",), "every parameter is a hand-set default"),
    (COMPARE[:5], ("--runs", "5"), "of 5 paired runs"),
    (COMPARE, ("--sets", "2"), "over 2 parameter sets alone"),
    (COMPARE, ("--defaults",), "every parameter is a hand-set default"),
    (("compare", "short.yaml", "long.yaml", "--runs", "4"), ("--seed", "7"), "In run 0 the scenarios diverge in"),
    (("claims",), ("--uncited",), "C02"),
]
# Commands that print words, JSON on request, and messages unless told to be quiet.
PLAIN = [
    RUN,
    COMPARE,
    ("list",),
    ("check", "short.yaml"),
    ("diff", "short.yaml", "baseline"),
    ("claims",),
    ("doctor",),
]
# Flags whose tests stand below, each under its own name; those of states stand in test_record.py.
BY_NAME = {
    ("run", "--out"), ("run", "--overwrite"), ("run", "--jobs"), ("run", "--as-of"),
    ("compare", "--out"), ("compare", "--overwrite"), ("compare", "--jobs"), ("compare", "--as-of"),
    ("run", "--author"), ("run", "--license"), ("compare", "--author"), ("compare", "--license"),  # in test_crate.py
    ("new", "--from"), ("new", "--quiet"), ("explain", "--quiet"), ("doctor", "--clear-cache"),
}  # fmt: skip
# Commands whose flags are tested here; those of studies and of the application are tested beside what they show.
HERE = ("check", "claims", "compare", "diff", "doctor", "explain", "list", "new", "run")


def test_every_flag_has_a_test() -> None:
    tested = BY_NAME | {(words[0], flag[0]) for words, flag, _ in CHANGES}
    tested |= {(words[0], flag) for words in PLAIN for flag in ("--json", "--quiet")}
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    there = {
        (name, next(word for word in parameter.opts if word.startswith("--")))
        for name, command in commands.items()
        for parameter in command.params
        if parameter.opts[0].startswith("-") and name in HERE
    }
    assert there == tested


@pytest.mark.parametrize(("words", "flag", "says"), CHANGES, ids=[f"{row[0][0]} {row[1][0]}" for row in CHANGES])
def test_a_flag_changes_what_is_printed(
    sim: Sim, bare: dict[str, Any], words: tuple[str, ...], flag: tuple[str, ...], says: str
) -> None:
    without = sim(*words)
    with_flag = sim(*words, *flag, *(("--overwrite",) if words[0] in ("run", "compare") else ()))
    assert without.exit_code == with_flag.exit_code == 0
    assert without.stdout != with_flag.stdout
    assert says in with_flag.stdout


@pytest.mark.parametrize("words", PLAIN, ids=[words[0] for words in PLAIN])
def test_json_holds_what_the_words_say_and_nothing_else(sim: Sim, bare: dict[str, Any], words: tuple[str, ...]) -> None:
    shown = sim(*words, "--json")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)


@pytest.mark.parametrize("words", PLAIN[:-1], ids=[words[0] for words in PLAIN[:-1]])
def test_quiet_silences_messages_alone(sim: Sim, bare: dict[str, Any], words: tuple[str, ...]) -> None:
    again = ("--overwrite",) if words[0] in ("run", "compare") else ()
    loud, quiet = sim(*words), sim(*words, "-q", *again)
    assert "next: sim " in loud.stderr
    assert quiet.stderr == ""
    assert quiet.stdout == loud.stdout != ""


@pytest.mark.parametrize("words", [RUN, COMPARE], ids=["run", "compare"])
def test_jobs_change_no_result(sim: Sim, bare: dict[str, Any], words: tuple[str, ...]) -> None:
    one, three = sim(*words, "--jobs", "1"), sim(*words, "--jobs", "3", "--overwrite")
    assert one.stdout == three.stdout
    assert "--jobs" not in bare["command"]


@pytest.mark.parametrize(
    ("words", "usual"), [(RUN, "runs/short-7"), (COMPARE, "runs/short-against-long-7")], ids=["run", "compare"]
)
def test_out_is_the_folder_of_the_results(sim: Sim, bare: dict[str, Any], words: tuple[str, ...], usual: str) -> None:
    assert f"results: {usual} " in sim(*words).stderr
    assert bare["folder"] == Path(usual)
    assert "results: mine/here " in sim(*words, "--out", "mine/here").stderr
    assert Path("mine/here/manifest.json").is_file()


@pytest.mark.parametrize("words", [RUN, COMPARE], ids=["run", "compare"])
def test_results_are_overwritten_only_when_asked_and_that_is_known_before_anything_is_computed(
    sim: Sim, bare: dict[str, Any], words: tuple[str, ...]
) -> None:
    sim(*words)
    bare.clear()
    refused = sim(*words)
    assert refused.exit_code == 1
    assert "holds results already; nothing was computed" in refused.stderr
    assert "--overwrite" in refused.stderr
    assert not bare
    assert sim(*words, "--overwrite").exit_code == 0
    assert bare["folder"].is_dir()


@pytest.mark.parametrize("place", ["letters", "file"])
def test_other_things_than_results_are_never_overwritten(sim: Sim, bare: dict[str, Any], place: str) -> None:
    Path("letters").mkdir()
    Path("letters", "dear.txt").write_text("x", encoding="utf-8")
    Path("file").write_text("x", encoding="utf-8")
    assert sim(*RUN, "--overwrite", "--out", place).exit_code == 1
    assert not bare


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        ('{"name": "my extension", "version": "1.0"}', "holds other things than results"),
        ("not even JSON", "holds other things than results"),
        ('{"kind": "compare", "driftback": "0.1.0"}', "of sim compare, and sim run replaces only its own"),
    ],
    ids=["foreign", "no JSON", "another kind"],
)
def test_a_folder_that_only_looks_like_results_is_never_overwritten(
    sim: Sim, bare: dict[str, Any], manifest: str, says: str
) -> None:
    Path("mine").mkdir()
    Path("mine", "manifest.json").write_text(manifest, encoding="utf-8")
    for words in ((*RUN, "--overwrite", "--out", "mine"), ("sweep", "end-date", "--overwrite", "--out", "mine")):
        refused = sim(*words)
        assert refused.exit_code == 1, refused.output
        assert says.replace("sim run", f"sim {words[0]}") in refused.stderr and not bare
    assert Path("mine", "manifest.json").read_text(encoding="utf-8") == manifest


def test_overwriting_takes_away_what_the_program_wrote_and_nothing_else(tmp_path: Path) -> None:
    first = Writing(tmp_path, "run")
    for name in ("figures/fan.png", "tables/old.csv"):
        first.path(name).write_text("made", encoding="utf-8")
    first.close("sim run", {})
    (tmp_path / "figures" / "mine.png").write_text("by hand", encoding="utf-8")
    second = Writing(tmp_path, "run")
    second.path("figures/fan.png").write_text("anew", encoding="utf-8")
    assert {path.name for path in tmp_path.rglob("*.*")} == {"manifest.json", "fan.png", "mine.png"}
    third = Writing(tmp_path, "run")  # the second was cut short
    third.close("sim run", {})
    assert {path.name for path in tmp_path.rglob("*.*")} == {"manifest.json", "ro-crate-metadata.json", "mine.png"}


def test_a_manifest_from_elsewhere_takes_away_no_file_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work", encoding="utf-8")
    files = ["../thesis.tex", str(tmp_path / "thesis.tex")]
    sealed.seal(tmp_path / "results" / "manifest.json", {"kind": "run", "driftback": "0", "files": files})
    Writing(tmp_path / "results", "run")
    assert (tmp_path / "thesis.tex").exists()


def test_sweeps_are_replaced_by_sweeps_alone_and_only_when_simulated(sim: Sim, bare: dict[str, Any]) -> None:
    text = "scenario: ./short.yaml\nvary: {postwar_need: {values: [0.1, 0.9]}}\nruns: 2\nseed: 1\n"
    Path("s.yaml").write_text(text, encoding="utf-8")
    assert sim("sweep", "s.yaml", "--out", "study", "-q").exit_code == 0
    before = {path: path.read_bytes() for path in Path("study").rglob("*") if path.is_file()}
    assert "holds results of sim sweep" in sim(*RUN, "--overwrite", "--out", "study").stderr
    assert sim("sweep", "s.yaml", "--out", "study", "--overwrite", "--dry-run").exit_code == 0
    assert {path: path.read_bytes() for path in Path("study").rglob("*") if path.is_file()} == before
    Path("study", "notes.txt").write_text("x", encoding="utf-8")
    assert sim("sweep", "study", "--overwrite", "-q").exit_code == 0
    assert Path("study", "notes.txt").exists()
    assert all(path.read_bytes() == content for path, content in before.items())
    assert sim("sweep", "s.yaml", "--out", "study", "--overwrite", "--seed", "2", "-q").exit_code == 0
    assert not before.keys() <= set(Path("study").rglob("*"))


@pytest.mark.parametrize("inside", ["report.html", "figures", "study.lock"])
def test_what_a_link_in_a_folder_of_results_leads_to_is_never_written_over(
    sim: Sim, bare: dict[str, Any], inside: str
) -> None:
    Path("s.yaml").write_text("scenario: ./short.yaml\nvary: {postwar_need: {values: [0.1]}}\nruns: 2\nseed: 1\n")
    sweep = ("sweep", "s.yaml", "--out", "study", "-q")
    assert (sim(*RUN, "--out", "mine").exit_code, sim(*sweep).exit_code) == (0, 0)
    bare.clear()
    Path("letters").mkdir()
    Path("letters", "fan.png").write_text("dear", encoding="utf-8")
    for folder, words in (("mine", (*RUN, "--out", "mine")), ("study", sweep)):
        link = Path(folder, inside)
        link.unlink(missing_ok=True)
        link.symlink_to(Path("letters" if inside == "figures" else "letters/fan.png").absolute())
        refused = sim(*words, "--overwrite")
        assert refused.exit_code == 1 and f"{link} is a link" in refused.stderr, refused.output
    assert Path("letters", "fan.png").read_text(encoding="utf-8") == "dear"
    assert not bare and len(list(Path("letters").iterdir())) == 1


def test_writing_results_goes_through_no_link(tmp_path: Path) -> None:
    letter, results = tmp_path / "letter.txt", tmp_path / "results"
    letter.write_text("dear", encoding="utf-8")
    first = Writing(results, "run")
    first.path("report.html").write_text("made", encoding="utf-8")
    first.close("sim run", {})
    (results / "report.html").unlink()
    (results / "report.html").symlink_to(letter)
    with pytest.raises(StudyError, match=r"report\.html is a link"):
        Writing(results, "run")
    assert letter.read_text(encoding="utf-8") == "dear"


def test_a_table_that_is_none_of_forecasts_is_never_overwritten(sim: Sim) -> None:
    Path("mine.csv").write_text("id,value\n", encoding="utf-8")
    refused = sim("forecast", "--out", "mine.csv", "--overwrite")
    assert refused.exit_code == 1 and "mine.csv is no table of sim forecast, and it stays" in refused.stderr
    assert Path("mine.csv").read_text(encoding="utf-8") == "id,value\n"


def test_the_command_that_is_kept_makes_the_same_results(sim: Sim, bare: dict[str, Any]) -> None:
    first = sim(*RUN, "--number", "2", "--set", "postwar_need=0.2", "--without", "C38", "--variant", "V4")
    command = bare["command"]
    assert sim(*command.split()[1:], "--overwrite").stdout == first.stdout
    assert command == bare["command"]


def test_without_a_seed_one_is_drawn_and_said(sim: Sim, bare: dict[str, Any]) -> None:
    shown = sim("run", "short.yaml", "--runs", "4")
    seed = bare["run"].seed
    assert shown.stderr.startswith(f"seed {seed}\n")
    assert f"--seed {seed} " in bare["command"]
    assert str(bare["folder"]) == f"runs/short-{seed}"


def test_quiet_new_says_nothing(sim: Sim) -> None:
    assert "wrote mine.yaml" in sim("new", "mine").stderr
    assert sim("new", "other", "-q").output == ""


def test_new_extends_the_parent_that_is_asked_for(sim: Sim) -> None:
    sim("new", "mine")
    sim("new", "other", "--from", "great-flood")
    Path("below").mkdir()
    sim("new", "below/third", "--from", "short.yaml")
    parents = {"mine": "baseline", "other": "great-flood", "below/third": "../short.yaml"}
    for name, parent in parents.items():
        assert f"extends: {parent}\n" in Path(f"{name}.yaml").read_text(encoding="utf-8")
        assert sim("check", f"{name}.yaml").exit_code == 0


def test_doctor_clears_the_cache(sim: Sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "cache" / "kernel" / "months.py"
    kept.parent.mkdir(parents=True)
    kept.write_text("pass", encoding="utf-8")
    monkeypatch.setenv("DRIFTBACK_CACHE", str(tmp_path / "cache"))
    assert str(tmp_path / "cache") in sim("doctor").stdout
    assert kept.exists()
    assert "removed the compiled rules" in sim("doctor", "--clear-cache").stderr
    assert not kept.exists()
    assert sim("doctor", "--clear-cache", "-q").stderr == ""


@pytest.mark.parametrize(("name", "coloured"), [("NO_COLOR", False), ("", True)])
def test_no_color_is_obeyed(name: str, coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from sim.cli import say

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if name:
        monkeypatch.setenv(name, "1")
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    say.data(say.plain_table(("what", "found"), [("a", "b")]))
    assert ("\x1b[" in terminal.getvalue()) is coloured


def test_progress_is_silent_off_a_terminal(sim: Sim, bare: dict[str, Any]) -> None:
    assert "worlds" not in sim(*RUN).stderr


@pytest.mark.parametrize("columns", [60, 80])
def test_no_line_is_wider_than_the_terminal_and_no_row_is_broken_in_a_pipe(
    sim: Sim, bare: dict[str, Any], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    assert any(len(line) > 100 for line in sim("list").stdout.splitlines())
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in PLAIN:
        assert max(map(len, sim(*words).stdout.splitlines())) <= columns


def test_a_path_with_blanks_is_quoted_in_what_to_type_next(sim: Sim, bare: dict[str, Any]) -> None:
    Path("my world.yaml").write_text(SHORT, encoding="utf-8")
    shown = sim("run", "my world.yaml", "--seed", "7", "--runs", "2")
    assert "sim compare 'my world.yaml' baseline" in shown.stderr
    assert "'my world.yaml'" in bare["command"]
    assert "sim run 'my world.yaml'" in sim("check", "my world.yaml").stderr
    assert "sim compare 'my world.yaml' baseline" in sim("diff", "my world.yaml", "baseline").stderr
