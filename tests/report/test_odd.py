"""The protocol: complete, what the code says, and in the repository as it is now."""

import re
import xml.etree.ElementTree as tree
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.cli import app
from sim.engine import draws
from sim.engine.draws import RUN_SLOTS, SLOTS
from sim.model.capitals import CAPITALS
from sim.model.drivers import DRIVERS
from sim.model.goals import GOALS
from sim.model.moves import LEVERS
from sim.model.variants import VARIANTS
from sim.model.world import WORLD_FIELDS
from sim.registers import targets
from sim.registers.register import assumptions, claims, registered_parameters
from sim.registers.trace import rules
from sim.report.reference import influence, protocol
from sim.report.reference.text import anchor
from sim.scenario import load

ROOT = Path(__file__).parents[2]
# Müller et al. (2013), table 1.
HEADINGS = (
    "I.i Purpose", "I.ii Entities, state variables and scales", "I.iii Process overview and scheduling",
    "II.i Theoretical and empirical background", "II.ii Individual decision making", "II.iii Learning",
    "II.iv Individual sensing", "II.v Individual prediction", "II.vi Interaction", "II.vii Collectives",
    "II.viii Heterogeneity", "II.ix Stochasticity", "II.x Observation", "III.i Implementation details",
    "III.ii Initialization", "III.iii Input data", "III.iv Submodels",
)  # fmt: skip


@cache
def texts() -> dict[str, str]:
    """Return the protocol, made once: it takes seconds."""
    return protocol.files()


def pictures() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.endswith(".svg")}


@pytest.fixture
def page() -> str:
    return texts()[protocol.PAGE]


@pytest.fixture
def annex() -> str:
    return texts()[protocol.ANNEX]


def test_it_has_the_headings_of_the_protocol_in_their_order(page: str) -> None:
    assert tuple(re.findall(r"^### (.*)$", page, re.MULTILINE)) == HEADINGS


def test_nothing_that_a_new_implementation_needs_is_left_out(page: str, annex: str) -> None:
    for name in WORLD_FIELDS:
        assert f'id="state-{name.replace("_", "-")}"' in annex
    for lever in LEVERS:
        assert all(f"| {option.name} | {option.value:g} |" in annex for option in lever.options)
    for name in registered_parameters():
        assert f'id="parameter-{name.replace("_", "-")}"' in annex
    for name in rules():
        assert annex.count(f'id="{anchor("rule", name)}"') == 1, name
    goals = [goal.__name__ for capital in CAPITALS for goal in GOALS[capital]]
    assert all(f"<code>{goal}</code>" in page for goal in goals)
    assert all(f"`{name}`" in annex for name in (*DRIVERS, *SLOTS, *RUN_SLOTS))
    assert all(f"| {name} |" in annex for name in VARIANTS)
    assert all(f'id="claim-{name.lower()}"' in annex for name in (*claims(), *assumptions()))


def test_the_baseline_can_be_set_up_from_it(annex: str) -> None:
    """Month by month: what the page says of a driver is what the scenario's schedule holds."""
    for name, values in load("baseline").schedule().items():
        row = re.search(rf"^\| `{name}` \| (\d{{4}}-.*) \|$", annex, re.MULTILINE)
        assert row, name
        said = dict(part.split(": ") for part in row[1].split(", "))
        held = None
        for at, value in enumerate(values):
            held = said.get(f"{2019 + at // 12}-{at % 12 + 1:02d}", held)
            assert held is not None and float(held) == pytest.approx(value, rel=1e-3)


def test_the_order_of_a_step_has_every_state_that_a_step_moves() -> None:
    assert set(protocol.order()) == {*WORLD_FIELDS, "provocation"} - {"trust", "expected_support", "accustomed_west"}
    assert (
        protocol.order().index("china_flow") < protocol.order().index("provocation") < protocol.order().index("tension")
    )


def test_every_box_of_a_picture_leads_to_its_place(annex: str) -> None:
    for name, text in pictures().items():
        links = [str(link.get("href")) for link in tree.fromstring(text).iter("{http://www.w3.org/2000/svg}a")]
        assert links, name
        assert not [link for link in links if f'id="{link[1:]}"' not in annex], name


def test_there_is_a_picture_of_each_capital_and_lever_and_all_are_shown(annex: str) -> None:
    assert len(pictures()) == len(CAPITALS) + len(LEVERS)
    assert set(pictures()) == set(re.findall(r"\]\((influence/\w+\.svg)\)", annex))
    assert protocol.annex(inline=True).count("<svg ") == len(pictures())


def test_that_of_the_repository_is_that_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "files", texts)
    assert protocol.behind(ROOT / "docs" / "odd") == [], "run: sim odd docs/odd"


def test_sim_odd_writes_it_and_says_where_it_is_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sim(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(protocol, "files", texts)
    assert sim("odd", "here").exit_code == 0
    assert sim("odd", "here", "--check").exit_code == 0
    page = tmp_path / "here" / "odd.md"
    lines = page.read_text(encoding="utf-8").splitlines()
    lines[41] += " changed"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "here" / "influence" / "seoul.svg").unlink()
    shown = sim("odd", "here", "--check")
    assert shown.exit_code == 1
    assert "odd.md:42: is not what the model says now" in shown.stdout
    assert "seoul.svg: is missing" in shown.stdout


@pytest.mark.parametrize(("lines", "place"), [
    ("one\nthree\n", 2), ("one\n", 2), ("one\ntwo\nthree\n", 3), ("\none\ntwo\n", 1), ("one\ntwo", 1), ("", 1),
])  # fmt: skip
def test_a_page_that_is_behind_is_told_by_the_first_line_that_differs(
    lines: str, place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one that only lacks the break at its end, no line differs: the first is named."""
    monkeypatch.setattr(protocol, "files", lambda: {"page.md": "one\ntwo\n", "other.md": "as it is\n"})
    protocol.write_protocol(tmp_path)
    assert protocol.behind(tmp_path) == []
    (tmp_path / "page.md").write_text(lines, encoding="utf-8")
    (fault,) = protocol.behind(tmp_path)
    assert fault.startswith(f"{tmp_path / 'page.md'}:{place}: ")


def test_what_decides_is_counted_without_what_never_does(page: str) -> None:
    """Predictions and what is only looked at are no evidence."""
    counted = [bound for bound in targets.bounds().values() if bound.about == "history" and bound.counted]
    said = re.search(r"(\d+) numbers of (\d+) patterns", page)
    assert said and tuple(map(int, said.groups())) == (len(counted), len({bound.pattern for bound in counted}))
    assert int(said[1]) < len(targets.bounds()), "some numbers never decide"


def test_no_claim_that_is_barred_is_counted_as_one_that_may_enter(page: str) -> None:
    enter = [claim for claim in claims().values() if not claim.barred]
    assert f"We read {len(claims())} claims in the article. {len(enter)} of them" in page
    assert f"and {sum(not claim.not_modelled for claim in enter)}\ndo." in page


def test_every_link_within_the_protocol_leads_somewhere(page: str, annex: str) -> None:
    places = set(re.findall(r'id="([\w-]+)"', page)), set(re.findall(r'id="([\w-]+)"', annex))
    for text, own in ((page, places[0]), (annex, places[1])):
        assert not set(re.findall(r'href="#([\w-]+)"', text)) - own
        assert not set(re.findall(r'href="annex\.md#([\w-]+)"', text)) - places[1]
        assert "](#" not in text


def test_equations_are_numbered_without_a_gap(annex: str) -> None:
    numbers = [int(number) for number in re.findall(r"\\qquad \\text\{\((\d+)\)\}", annex)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 100


def test_every_arrow_of_a_picture_has_a_head_and_every_link_that_acts_a_sign() -> None:
    for text in pictures().values():
        assert text.count('marker-end="url(#arrow)"') == text.count("<title>") - 1
    signs = {(link.source, link.target): link.sign for link in influence.links()}
    assert signs["washington_posture", "allied_buildup"] == "+"
    assert signs["arms_flow", "munitions_stock"] == signs["arms_flow", "warmth_beijing_seoul"] == "-"
    assert signs["seoul_north", "Seoul: line"] == "±"


def test_the_draws_that_a_new_generator_is_tested_with_are_those_of_this_one(page: str) -> None:
    for seed, run, month in protocol.EXAMPLES:
        first = draws.uniforms(seed, run, 1 + month)[0]
        assert f"| {seed} | {run} | {month} | {float(first)!r} |" in page
