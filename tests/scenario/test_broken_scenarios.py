"""Broken scenario files: each gets a message with its line, its key, why, and the fix."""

import re
from itertools import pairwise

import pytest

from sim.model.months import index
from sim.registers.register import registered_parameters
from sim.scenario import ScenarioError, loads
from sim.scenario.parts import Drivers, driver_bounds, driver_range
from sim.scenario.paths import pulse
from sim.scenario.plain_data import FIRST, LAST

# One case a row: what is broken, the file, the line of the message, and what the message must say.
MOVE = "{capital: Beijing, lever: trade, option: squeeze, from: 2025-01, to: 2025-06}"
BROKEN = [
    # Keys
    ("misspelt top key", "parametres: {postwar_need: 0.2}", 1,
     ["parametres", "nearest  parameters", "written  {postwar"]),
    ("misspelt war key", "war: {end: 2027-06}", 1, ["war.end:", "allowed  starts, ends", "nearest  ends"]),
    ("misspelt months key", "name: a\nmonths:\n  form: 2020-01", 3, ["months.form", "nearest  from"]),
    ("misspelt driver", "drivers:\n  bordr: 0.5", 2, ["drivers.bordr", "nearest  border", "written  0.5"]),
    ("misspelt parameter", "parameters: {postwar_ned: 0.2}", 1, ["parameters.postwar_ned", "write postwar_need"]),
    ("misspelt uniform", "war: {ends: {unifrm: [2026-01, 2027-01]}}", 1, ["war.ends.unifrm", "nearest  uniform"]),
    ("misspelt pulse key", "drivers: {flood: {form: 2025-01, to: 2025-02}}", 1, ["drivers.flood.form", "write from"]),
    ("misspelt line", "drivers: {border: {2019-01: 1, 2025-01: {liner: 1}}}", 1, ["2025-01.liner", "write linear"]),
    ("misspelt move key", "moves:\n  - {capitol: Beijing, lever: trade, option: trim, from: 2025-01, to: 2025-02}", 2,
     ["moves #1.capitol", "nearest  capital"]),
    ("our own fields are no keys", "_path: x", 1, ["_path", "no such key"]),
    ("repeated key", "war: {ends: 2027-01}\nwar: {ends: 2028-01}", 2, ["war", "stands in line 1 too", "delete one"]),
    ("repeated inner key", "war:\n  ends: 2027-01\n  ends: 2028-01", 3, ["war.ends", "stands in line 2 too"]),
    ("merge key", "<<: {war: {ends: 2027-01}}", 1, ["<<", "no such key"]),
    ("a list as a key", "? [a, b]\n: 3", 1, ["a key must be a single word"]),
    # Missing and empty
    ("empty file", "", None, ["the file is empty", "extends: baseline"]),
    ("comment alone", "# nothing here\n", None, ["the file is empty"]),
    ("empty value", "name: a\nwar:", 2, ["war", "keys with values are wanted", "starts, ends"]),
    ("empty name", "name:", 1, ["name", "text is wanted"]),
    ("empty driver", "drivers: {border: }", 1, ["drivers.border", "nothing is written here"]),
    ("move without an end", "moves:\n  - {capital: Beijing, lever: trade, option: trim, from: 2025-01}", 2,
     ["moves #1.to", "a key is missing", "add to:"]),
    ("pulse without an end", "drivers: {flood: {from: 2025-01}}", 1, ["drivers.flood.to", "missing", "add to:"]),
    ("border pulse without a value", "drivers: {border: {from: 2027-01, to: 2027-12}}", 1,
     ["drivers.border.value", "0 to 1.2 [1 = open as in 2019]", "add value"]),
    ("empty path", "drivers: {border: {}}", 1, ["drivers.border", "the path is empty"]),
    # Kinds
    ("list at top", "- a\n- b", 1, ["holds a list", "key: value"]),
    ("word at top", "baseline", 1, ["holds a single value", "written  baseline"]),
    ("war is a month", "war: 2027-06", 1, ["war", "keys with values", "starts, ends"]),
    ("moves is one move", "moves: " + MOVE, 1, ["moves", "a list is wanted", "each after a dash"]),
    ("move is a word", "moves: [squeeze]", 1, ["moves #1", "capital, lever, option, from, to"]),
    ("drivers is a number", "drivers: 5", 1, ["drivers", "border, border_visits, border_russia"]),
    ("parameters is a list", "parameters: [postwar_need]", 1, ["parameters", "names with numbers"]),
    ("without is a word", "without: C38", 1, ["without", "a list of ids", "without: [C38, A3]"]),
    ("name is a mapping", "name: {a: b}", 1, ["name", "text is wanted"]),
    ("extends is a list", "extends: [baseline]", 1, ["extends", "text is wanted"]),
    # Traps of YAML
    ("tab", "war:\n\tends: 2027-01", 2, ["a tab in the indentation", "two spaces"]),
    ("date with a day", "war: {ends: 2027-06-01}", 1, ["war.ends", "a month is wanted", "write 2027-06\n"]),
    ("NO for a number", "drivers: {news: NO}", 1, ["drivers.news", "not yes or no", "written  NO", "write 0"]),
    ("yes for a number", "drivers: {news: yes}", 1, ["drivers.news", "not yes or no", "write 1"]),
    ("off for a month", "war: {ends: off}", 1, ["war.ends", "a month is wanted", "written  off"]),
    ("base 60", "parameters: {postwar_need: 12:30:45}", 1, ["postwar_need", "base 60", "written  12:30:45"]),
    ("octal", "parameters: {foresight: 010}", 1, ["foresight", "octal", "written  010", "without a leading zero"]),
    ("hexadecimal", "parameters: {foresight: 0xA}", 1, ["foresight", "hexadecimal"]),
    ("underscore", "parameters: {foresight: 1_0}", 1, ["foresight", "underscore", "write 10"]),
    ("decimal comma", "parameters:\n  postwar_need: 0,5", 2, ["postwar_need", "a comma", "write 0.5"]),
    ("decimal comma in braces", "parameters: {foresight: 3, 5}", 1, ["parameters.5", "1.5, not 1,5"]),
    ("word for a number", "parameters: {postwar_need: lots}", 1, ["postwar_need", "number is wanted", "0 to 1.6"]),
    ("number with a unit", "parameters: {restocking_months: 12 months}", 1, ["3 to 60 [months]", "write 12 alone"]),
    ("word for a driver", "drivers: {border: open}", 1, ["drivers.border", "0 to 1.2 [1 = open as in 2019]"]),
    ("no space after the colon", "war:{ends: 2027-01}", 1, ["war:{ends", "no such key", "a space after the colon"]),
    ("tab after a dash", "moves:\n-\tcapital: Beijing", 2, ["a tab in the indentation"]),
    ("escapes in a key", '"\\e[31mred": 1', 1, ["'\\x1b[31mred': there is no such key"]),
    ("empty key", '"": 1', 1, ["'': there is no such key"]),
    ("list of months", "war: {ends: [2026-01, 2030-12]}", 1, ["write {uniform: [2026-01, 2030-12]}"]),
    ("percent", "drivers: {alternative_supplier: 50 %}", 1, ["alternative_supplier", "percentage", "0.5 for 50%"]),
    ("infinity", "parameters: {postwar_need: .inf}", 1, ["postwar_need", "not finite"]),
    ("not a number", "drivers: {news: .NaN}", 1, ["drivers.news", "not finite"]),
    ("too large for a float", "parameters: {postwar_need: 1e999}", 1, ["postwar_need", "not finite"]),
    ("number in quotes", "parameters: {postwar_need: '0.2'}", 1, ["postwar_need", "in quotes", "write 0.2 without"]),
    ("anchor", "war: &w {ends: 2027-01}", 1, ["anchors (&) and aliases (*) are not allowed"]),
    ("alias", "name: a\nmoves: [*w, *w]", 2, ["anchors (&) and aliases (*) are not allowed"]),
    ("python tag", "name: !!python/object/apply:os.system [ls]", 1, ["!!python/object/apply:os.system", "not allowed"]),
    ("standard tag", "parameters: {postwar_need: !!float 1}", 1, ["postwar_need", "!!float"]),
    ("two documents", "name: a\n---\nname: b", 2, ["a second document", "one scenario a file"]),
    ("open bracket", "name: a\nwar: {ends: 2027-01", 2, ["not YAML", "brackets and quotes close"]),
    ("open quote", 'name: "a', 1, ["not YAML", "quotes"]),
    ("bad indentation", "war:\n  ends: 2027-01\n starts: 2022-02", 3, ["not YAML", "indentation"]),
    ("colon in a sentence", "name: a: b", 1, ["not YAML", "colon"]),
    ("nested deeply", "name: " + "[" * 5000 + "]" * 5000, 1, ["nested too deeply", "at most 12"]),
    ("nested a little too deeply", "name: " + "[" * 20 + "]" * 20, 1, ["nested too deeply", "at most 12"]),
    ("too large", "name: " + "a" * 300_000, None, ["too large", "at most 256 KiB"]),
    ("control character", "name: a\nquestion: b\x07c", 2, ["a character that YAML does not allow", "'\\x07'", "UTF-8"]),
    # Months
    ("month without a zero", "war: {ends: 2027-6}", 1, ["war.ends", "write 2027-06"]),
    ("a year", "war: {ends: 2027}", 1, ["war.ends", "written  2027", "write 2027-01"]),
    ("the other way round", "war: {ends: 06/2027}", 1, ["war.ends", "write 2027-06"]),
    ("month 13", "war: {ends: 2027-13}", 1, ["war.ends", "write 2027-01 to 2027-12"]),
    ("a word for never", "war: {ends: nevr}", 1, ["war.ends", "nearest  never"]),
    ("before the model", "months: {from: 2018-12}", 1, ["months.from", "before the first", "2019-01 to 2045-12"]),
    ("after the model", "months: {to: 2050-01}", 1, ["months.to", "after the last", "write 2045-12"]),
    ("months the wrong way", "months: {from: 2030-01, to: 2025-01}", 1, ["months.to", "before the first", "exchange"]),
    ("end before the start", "war: {ends: 2022-02}", 1, ["war.ends", "before it has begun", "after 2022-02"]),
    ("uniform the wrong way", "war: {ends: {uniform: [2028-01, 2026-01]}}", 1, ["war.ends.uniform #2", "exchange"]),
    ("uniform with one month", "war: {ends: {uniform: [2028-01]}}", 1, ["war.ends.uniform", "two months"]),
    ("uniform before the start", "war: {ends: {uniform: [2021-01, 2026-01]}}", 1, ["war.ends", "written  2021-01"]),
    ("pulse the wrong way", "drivers: {news: {from: 2025-06, to: 2025-01}}", 1,
     ["drivers.news.to", "2025-06 or later"]),
    ("path out of order", "drivers:\n  border:\n    2026-01: 1\n    2025-01: 0.5", 4,
     ["drivers.border.2025-01", "must follow one another", "a month after 2026-01"]),
    ("path with a bad month", "drivers: {border: {2025-00: 1}}", 1, ["drivers.border.2025-00", "a month is wanted"]),
    ("line from nowhere", "drivers: {border: {2025-01: {linear: 1}}}", 1,
     ["straight line needs a month to start from"]),
    # Ranges
    ("border too open", "drivers: {border: 1.5}", 1, ["drivers.border", "0 to 1.2 [1 = open as in 2019]", "write 1.2"]),
    ("negative news", "drivers: {news: -0.5}", 1, ["drivers.news", "0 to 1", "write 0 or"]),
    ("need below its range", "drivers: {need_for_us: {2025-01: 0.1}}", 1, ["need_for_us.2025-01", "0.4 to 1.4"]),
    ("line out of range", "drivers: {border: {2025-01: 1, 2026-01: {linear: 2}}}", 1, ["border.2026-01.linear", "1.2"]),
    ("parameter too high", "parameters: {restocking_months: 99}", 1,
     ["restocking_months", "3 to 60 [months]", "write 60"]),
    ("fixed parameter", "parameters: {hazard_ends: 2}", 1, ["hazard_ends", "a fixed number", "delete the key"]),
    ("west below influence", "parameters:\n  beijing_west_weight: 0.15", 2,
     ["beijing_west_weight", "at least beijing_influence_weight", "C01, C08"]),
    ("line too hard", "drivers: {line_seoul_north: -2}", 1,
     ["drivers.line_seoul_north", "-1 to 1 [-1 = hard, 1 = engage]", "write -1"]),
    ("rivalry without a value", "drivers: {rivalry: {from: 2025-01, to: 2028-12}}", 1, ["rivalry", "needs a value"]),
    # Names
    ("unknown claim", "without: [C64]", 1, ["without #1", "neither a claim nor an assumption", "C01 to C63"]),
    ("claim without its zero", "without: [c8]", 1, ["without #1", "nearest  C08", "write C08"]),
    ("a pattern cannot be switched off", "without: [C02]", 1,
     ["nothing in the model switches off with C02", "never coded"]),
    ("unknown variant", "variant: V13-complement", 1, ["variant", "V0, V1", "nearest  V13-complements"]),
    ("unknown capital", f"moves: [{MOVE.replace('Beijing', 'Bejing')}]", 1, ["moves #1.capital", "nearest  Beijing"]),
    ("unknown lever", f"moves: [{MOVE.replace('trade', 'trad')}]", 1, ["moves #1.lever", "nearest  trade"]),
    ("unknown option", f"moves: [{MOVE.replace('squeeze', 'squeze')}]", 1,
     ["moves #1.option", "squeeze, trim, normal"]),
    ("a lever of the deal", f"moves: [{MOVE.replace('trade', 'arms')}]", 1, ["moves #1.lever", "capital: deal"]),
    ("administrations are gone", "name: a\nadministrations: [{capital: Seoul, goal: north, scale: 2}]", 2,
     ["administrations: there is no such key any more", "line_washington_beijing", "line_seoul_north"]),
    ("an option that is gone", f"moves: [{MOVE.replace('trade', 'bloc').replace('squeeze', 'shun')}]", 1,
     ["moves #1.option", "aloof, observe, join"]),
    ("clashing scripts", f"moves:\n  - {MOVE}\n  - {MOVE.replace('squeeze', 'trim')}", 3,
     ["moves #2", "scripted as squeeze too", "from 2025-01 to 2025-06"]),
    # Parents
    ("unknown parent", "name: a\nextends: basline", 2, ["extends", "no scenario \"basline\"", "Did you mean baseline"]),
    ("missing parent", "extends: ./nowhere.yaml", 1, ["extends", "no such file", "nowhere.yaml"]),
    ("root without drivers", "extends: nothing", None, ["drivers", "a key is missing", "extend the baseline"]),
    ("root with half a driver", "extends: nothing\ndrivers: {border: {2025-01: 1}, border_russia: 1, need_for_us: 1, "
     "sanctions_nominal: 1, news: 0, alternative_supplier: 0, flood: 0, crisis: 0, rivalry: 1, "
     "line_washington_beijing: 0, line_washington_sanction: 0, line_washington_posture: 0, line_seoul_north: 0, "
     "line_seoul_beijing: 0}", 2,
     ["drivers.border", "not said for every month", "from 2019-01 on"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "says"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_file_gets_a_message_that_helps(text: str, line: int | None, says: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "mine.yaml")
    message = str(caught.value)
    blocks = [str(problem) for problem in caught.value.problems if problem.line == line]
    assert any(all(part in block + "\n" for part in says) for block in blocks), message
    assert message.startswith("mine.yaml")
    assert all(len(row) < 700 for row in message.splitlines())


def test_a_fault_is_reported_once() -> None:
    for what, text, _, _ in BROKEN:
        with pytest.raises(ScenarioError) as caught:
            loads(text, "mine.yaml")
        places = [(problem.line, problem.key) for problem in caught.value.problems]
        assert len(places) == len(set(places)), f"{what}: {caught.value}"
        if what != "decimal comma in braces":
            assert len(places) == 1, f"{what}: {caught.value}"


def test_all_problems_are_reported_in_one_pass_in_the_order_of_their_lines() -> None:
    text = """\
name: many faults
war: {ends: 2027-6}
war: {ends: 2027-06}
drivers:
  border: 3
  bordr: 1
  flood: {from: 2025-06, to: 2025-01}
parameters:
  postwar_ned: 0.2
  foresight: 99
  confidence: NO
without: [C99, C2]
variant: V99
moves:
  - {capital: Beijing, lever: trade, option: squeze, from: 2025-01, to: 2025-06}
  - {capital: deal, lever: arms, option: none}
extends: basline
"""
    with pytest.raises(ScenarioError) as caught:
        loads(text, "mine.yaml")
    lines = [problem.line for problem in caught.value.problems]
    assert lines == [2, 3, 5, 6, 7, 9, 10, 11, 12, 12, 13, 15, 16, 16, 17]
    assert all(a <= b for a, b in pairwise(lines))


def test_every_word_of_a_move_is_looked_at_even_where_others_are_wrong() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads("moves: [{capital: Beijing, lever: trade, option: embargo, from: soon, to: later, why: x}]", "mine.yaml")
    assert {problem.key.removeprefix("moves #1.") for problem in caught.value.problems} == {
        "option",
        "from",
        "to",
        "why",
    }


@pytest.mark.parametrize(
    ("text", "key", "meaning"),
    [
        ("name: NO", "name", "NO"),
        ("name: 2027", "name", "2027"),
        ("name: 12:30:45", "name", "12:30:45"),
        ("parameters: {restocking_months: 1e1}", "parameters", {"restocking_months": 10.0}),
        ("parameters: {restocking_months: +1.2E1}", "parameters", {"restocking_months": 12.0}),
        ("parameters: {postwar_need: .5}", "parameters", {"postwar_need": 0.5}),
        ("parameters: {postwar_need: 1.}", "parameters", {"postwar_need": 1.0}),
    ],
)
def test_what_other_programs_misread_is_taken_as_written(text: str, key: str, meaning: object) -> None:
    assert getattr(loads(text), key) == meaning


WRITTEN = ("yes", "no", "word", "'3'", "1000,5", "-7,5", "9_000_000", "900%", "-20%", "77 months", "-1e9", "1e9", "")
RANGES = {
    **{
        f"parameters.{name}": (entry.low, entry.high)
        for name, entry in registered_parameters().items()
        if entry.low is not None
    },
    **{f"drivers.{name}": driver_bounds(name) for name in Drivers.model_fields if driver_range(name)},
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_fix_stands_inside_the_range_that_is_printed_above_it(written: str) -> None:
    """Of a parameter or a driver, whatever stands there in place of a number."""
    text = "\n".join(
        f"{group}:\n" + "\n".join(f"  {key.split('.')[1]}: {written}" for key in RANGES if key.startswith(group))
        for group in ("parameters", "drivers")
    )
    with pytest.raises(ScenarioError) as refused:
        loads(text, "mine.yaml")
    seen = 0
    for problem in refused.value.problems:
        low, high = RANGES[problem.key]
        assert problem.allowed.startswith(f"{low:g} to {high:g}")
        if number := re.match(r"write (?:a number such as )?([-+0-9.e]+)", problem.fix):
            assert float(f"{low:g}") <= float(number[1]) <= float(f"{high:g}"), f"{problem}"
            seen += 1
    assert seen > 100


@pytest.mark.parametrize("month", ["2050", "13/2051", "2018", "2061-13", "1999-5"])
def test_a_month_that_is_meant_stands_inside_the_years_of_the_model(month: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        loads(f"war: {{ends: {month}}}")
    (problem,) = refused.value.problems
    years = re.findall(r"[0-9]{4}-[0-9]{2}", problem.fix)
    assert years and all(FIRST <= year <= LAST for year in years)


def test_a_clash_of_scripted_moves_is_told_with_all_that_is_wrong_otherwise() -> None:
    move = "{capital: Beijing, lever: trade, option: %s, from: 2025-01, to: 2025-06}"
    moves = "\n".join(f"  - {move % option}" for option in ("squeeze", "sqeeze", "trim"))
    text = f"moves:\n{moves}\nparameters: {{postwar_need: 99}}"
    with pytest.raises(ScenarioError) as refused:
        loads(text)
    problems = refused.value.problems
    assert [problem.line for problem in problems] == [3, 4, 5]
    assert "no option" in problems[0].why and problems[0].nearest == "squeeze"
    assert "scripted as squeeze too" in problems[1].why
    assert "outside the plausible range" in problems[2].why


@pytest.mark.parametrize(
    ("text", "inside", "outside", "side"),
    [
        ("war: {{starts: {}, ends: 2027-01}}", FIRST, "2018-12", "before the first"),
        ("months: {{to: {}}}", LAST, "2046-01", "after the last"),
    ],
)
def test_the_first_and_the_last_month_of_the_model_are_inside_and_their_neighbours_are_not(
    text: str, inside: str, outside: str, side: str
) -> None:
    loads(text.format(inside))
    with pytest.raises(ScenarioError, match=f"{outside} lies {side} month of the model"):
        loads(text.format(outside))


@pytest.mark.parametrize("lasts", [1, 2, 3])
def test_a_pulse_ends_with_the_last_month_of_the_model(lasts: int) -> None:
    december = index(LAST)
    assert pulse(december, lasts, 1.0).months == range(december, december + 1)
    assert list(pulse(december - 1, lasts, 1.0).months) == list(range(december - 1, december - 1 + min(lasts, 2)))
