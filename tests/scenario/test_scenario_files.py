"""Finding files, and laying one over another."""

import os
import socket
from pathlib import Path

import pytest

from sim.scenario import Scenario, ScenarioError, available, find, load, loads
from sim.scenario import load as load_module_function
from sim.scenario.loading import __file__
from sim.scenario.parts import driver_entry


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def message(name_or_path: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(name_or_path)
    return str(caught.value)


def test_a_name_is_found_whatever_its_case_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load("BaseLine") == load("baseline")
    assert Path(load("baseline").path or "").name == "baseline.yaml"


def test_ones_own_scenarios_come_before_those_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scenarios").mkdir()
    own = write(tmp_path / "scenarios", "great-flood", "name: mine\nquestion: Mine?\n")
    monkeypatch.chdir(tmp_path)
    assert find("great-flood").samefile(own)
    assert load("great-flood").name == "mine"
    assert ("great-flood", "Mine?") in available()


def test_a_misspelt_name_gets_the_nearest_and_a_strange_one_all_there_are() -> None:
    text = message("war-end-early")
    assert "Did you mean war-ends-early" in text and "baseline, " not in text
    assert "baseline, " in message("zzqq")


def test_a_missing_file_gets_the_nearest_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "mine", "name: a")
    text = message(tmp_path / "mien.yaml")
    assert "no such file" in text
    assert "nearest  mine.yaml" in text


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert "a folder, not a scenario file" in message(tmp_path)


def test_what_is_no_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.yaml")
    Path("dangling.yaml").symlink_to("nowhere.yaml")
    Path("circle.yaml").symlink_to("circle.yaml")
    Path("device.yaml").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket.yaml")
    kinds = {"pipe": "a pipe (FIFO)", "device": "a device", "socket": "a socket"}
    for name, what in (kinds | dict.fromkeys(("dangling", "circle"), "a link that leads to no file")).items():
        for way in (f"./{name}.yaml", name):
            text = message(write(tmp_path, "child", f"extends: {way}"))
            assert f"this is {what}, not a scenario file" in text
            assert "child.yaml:1: extends" in text
        assert f"this is {what}" in message(f"{name}.yaml")
    assert "this is a device" in message("/dev/zero")


def test_a_list_of_scenarios_does_not_wait_for_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scenarios").mkdir()
    os.mkfifo("scenarios/pipe.yaml")
    assert dict(available())["pipe"] == "(cannot be read; sim check says why)"
    assert "a pipe (FIFO)" in message("pipe")


SECRET = "hunter2"


NO_SCENARIOS = [
    f"root:{SECRET}:0:0:root\n",
    f"{SECRET}\n",
    f"- {SECRET}\n",
    f"password: {SECRET}\n",
    f"name: {{ {SECRET}\n",
    f"name: !{SECRET} a\n",
    f"name: !!python/name:{SECRET} a\n",
    f"{SECRET}: &{SECRET} 1\nb: *{SECRET}\n",
    f"name: a\n\t{SECRET}: 1\n",
    f"? [{SECRET}]\n: 1\n",
    f"name: {'[' * 20}{SECRET}{']' * 20}\n",
    f"%TAG ! tag:{SECRET}\n---\nname: !x a\n",
    f"name: a\n---\n{SECRET}: b\n",
    f"{SECRET}\x07",
]


@pytest.mark.parametrize(
    "text", [*NO_SCENARIOS, f"name: app\n{SECRET}: {{a: {SECRET}}}\n", f"name: a\nname: {SECRET}\n{SECRET}: 1\n"]
)
@pytest.mark.parametrize("name", ["secret.yaml", "secret"])
def test_nothing_is_printed_of_a_file_that_is_no_scenario(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / name).write_text(text, encoding="utf-8")
    refusal = message(write(tmp_path, "child", f"extends: sub/{name}\nvariant: V99"))
    assert SECRET not in refusal
    assert name in refusal
    assert "child.yaml:2: variant" in refusal


@pytest.mark.parametrize("text", [*NO_SCENARIOS, f"{SECRET}: 1\nparametres: {{}}\n"])
def test_nothing_is_printed_of_a_link_to_something_else_that_is_checked(tmp_path: Path, text: str) -> None:
    (tmp_path / "private").write_text(text, encoding="utf-8")
    (tmp_path / "mine.yaml").symlink_to("private")
    refusal = message(tmp_path / "mine.yaml")
    assert SECRET not in refusal
    assert f"{tmp_path / 'mine.yaml'}:" in refusal and "fix " in refusal


def test_a_file_whose_only_key_is_misspelt_is_told_the_nearest(tmp_path: Path) -> None:
    assert "nearest  parameters" in message(write(tmp_path, "mine", "parametres: {postwar_need: 0.2}"))


def test_a_path_that_no_system_takes_is_not_a_file() -> None:
    assert "no such file" in message("a" * 5000 + ".yaml")
    assert "no such file" in message("a\0b.yaml")


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("# a line before\nname: détente".encode("latin-1"))
    assert "latin.yaml:2: not UTF-8 text" in message(path)
    path.write_bytes("name: a".encode("utf-16"))
    assert "not UTF-8 text" in message(path)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: from Windows\r\nwar: {ends: 2027-06}\r\n")
    assert load(path).war_end == 101


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(10**9)
    assert "too large" in message(path)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "mine", "name: a")

    def refuse(self: Path, mode: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    text = message(path)
    assert "permission denied" in text
    assert "check its permissions" in text


def test_a_file_without_a_name_is_called_by_its_file(tmp_path: Path) -> None:
    assert load(write(tmp_path, "my world", "question: Why?")).name == "my world"


def test_a_file_that_names_no_parent_extends_the_baseline(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, "mine", "war: {ends: 2027-06}\nparameters: {postwar_need: 0.2}\nwithout: [C38]"))
    assert scenario.schedule() == load("baseline").schedule()
    assert scenario.overrides == {"war": {"ends": "2027-06"}, "parameters": {"postwar_need": 0.2}, "without": ["C38"]}
    assert {type(value) for value in scenario.overrides["parameters"].values()} == {float}


def test_a_chain_is_laid_down_from_the_eldest(tmp_path: Path) -> None:
    write(
        tmp_path, "grandparent", "war: {ends: 2027-06}\nparameters: {postwar_need: 0.1, confidence: 2}\nwithout: [C38]"
    )
    write(tmp_path, "parent", "extends: grandparent\nparameters: {postwar_need: 0.9}\nquestion: Parent?")
    child = load(write(tmp_path, "child", "extends: ./parent.yaml\nwar: {starts: 2022-03}\nwithout: [A3, C38]"))
    assert (child.war_start, child.war_end) == (38, 101)
    assert child.parameters == {"postwar_need": 0.9, "confidence": 2.0}
    assert child.without == ("C38", "A3")
    assert child.question == ""  # a question is a scenario's own


def test_lists_are_appended_after_the_parents(tmp_path: Path) -> None:
    move = "{{capital: Beijing, lever: {}, option: {}, from: 2025-01, to: 2025-06}}"
    write(tmp_path, "parent", f"moves: [{move.format('trade', 'trim')}]")
    child = load(write(tmp_path, "child", f"extends: parent\nmoves: [{move.format('bloc', 'join')}]"))
    assert [move.lever for move in child.moves] == ["trade", "bloc"]


def test_a_problem_of_a_parent_names_the_parents_file_and_line(tmp_path: Path) -> None:
    parent = write(tmp_path, "parent", "name: p\nparameters: {postwar_need: 7}\nmoves: [{capital: Beijing}]")
    child = write(tmp_path, "child", "extends: parent\nmoves:\n  - {capital: Bejing}\nvariant: V99")
    text = message(child)
    assert f"{parent}:2: parameters.postwar_need" in text
    assert f"{parent}:3: moves #1.lever" in text
    assert f"{child}:3: moves #1.lever" in text
    assert f"{child}:4: variant" in text


def test_a_clash_with_the_parents_script_is_found_at_the_child(tmp_path: Path) -> None:
    move = "moves: [{{capital: Beijing, lever: trade, option: {}, from: 2025-01, to: 2025-06}}]"
    write(tmp_path, "parent", move.format("trim"))
    child = write(tmp_path, "child", "extends: parent\n" + move.format("squeeze"))
    assert f"{child}:2: moves #1: Beijing's trade is scripted as trim too" in message(child)


def test_a_circle_is_shown_whole(tmp_path: Path) -> None:
    write(tmp_path, "a", "extends: b")
    write(tmp_path, "b", "extends: c")
    write(tmp_path, "c", "name: c\nextends: a")
    text = message(tmp_path / "a.yaml")
    assert "a -> b -> c -> a" in text
    assert "let one of them extend baseline" in text
    assert f"{tmp_path / 'c.yaml'}:2: extends" in text
    assert "self -> self" in message(write(tmp_path, "self", "extends: self"))


def test_a_missing_parent_does_not_hide_the_other_problems(tmp_path: Path) -> None:
    text = message(write(tmp_path, "child", "extends: nobody\nvariant: V99"))
    assert "child.yaml:1: extends" in text
    assert "child.yaml:2: variant" in text
    assert "drivers" not in text


def test_a_parent_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    parent = write(tmp_path, "parent", "name: {")
    assert f"{parent}:1: this is not YAML" in message(write(tmp_path, "child", "extends: parent"))


def test_available_lists_a_broken_file_without_failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scenarios").mkdir()
    write(tmp_path / "scenarios", "broken", "name: {")
    monkeypatch.chdir(tmp_path)
    assert dict(available())["broken"] == "(cannot be read; sim check says why)"
    assert dict(available())["baseline"].endswith("?")


def test_the_whole_scenario_travels_as_text() -> None:
    for name, _ in available():
        scenario = load(name)
        assert loads(scenario.to_yaml()) == scenario


def test_loading_is_safe(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with pytest.raises(ScenarioError):
        loads(f"name: !!python/object/apply:os.mkdir ['{mark}']")
    assert not mark.exists()
    assert "yaml.load" not in Path(__file__).read_text(encoding="utf-8")


def test_a_loaded_scenario_is_a_scenario() -> None:
    assert isinstance(load_module_function("baseline"), Scenario)


def test_a_pulse_without_a_value_is_an_event_that_happens_in_full() -> None:
    for driver in ("news", "flood", "crisis"):
        schedule = loads(f"drivers: {{{driver}: [0, {{from: 2026-03, to: 2026-04}}]}}").schedule()[driver]
        assert [month for month, value in enumerate(schedule) if value] == [86, 87]
        assert schedule[86] == schedule[87] == driver_entry(driver)["usual"] == 1.0


@pytest.mark.parametrize("written", ["war-ends-early.yaml", "scenarios/War-Ends-Early.yml"])
def test_a_scenario_of_the_program_that_is_written_as_a_file_is_named(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = message(written)
    assert "there is no such file" in text and text.endswith("write war-ends-early")
