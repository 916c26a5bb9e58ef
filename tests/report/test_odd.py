"""The protocol: complete, what the code says, and in the repository as it is now."""

import re
import xml.etree.ElementTree as tree
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.article.register import assumptions, claims, parameters
from sim.article.trace import rules
from sim.cli import app
from sim.engine.draws import RUN_SLOTS, SLOTS
from sim.model.drivers import DRIVERS
from sim.model.goals import GOALS
from sim.model.moves import CAPITALS, LEVERS
from sim.model.variants import VARIANTS
from sim.model.world import WORLD_FIELDS
from sim.report.reference import odd
from sim.report.reference.text import anchor
from sim.scenario import load

ROOT = Path(__file__).parents[2]
PAGE = odd.page()
# Müller et al. (2013), table 1.
HEADINGS = (
    "I.i Purpose", "I.ii Entities, state variables and scales", "I.iii Process overview and scheduling",
    "II.i Theoretical and empirical background", "II.ii Individual decision making", "II.iii Learning",
    "II.iv Individual sensing", "II.v Individual prediction", "II.vi Interaction", "II.vii Collectives",
    "II.viii Heterogeneity", "II.ix Stochasticity", "II.x Observation", "III.i Implementation details",
    "III.ii Initialization", "III.iii Input data", "III.iv Submodels",
)  # fmt: skip


def test_it_has_the_headings_of_the_protocol_in_their_order() -> None:
    assert tuple(re.findall(r"^### (.*)$", PAGE, re.MULTILINE)) == HEADINGS


def test_nothing_that_a_new_implementation_needs_is_left_out() -> None:
    for name in WORLD_FIELDS:
        assert f'id="state-{name.replace("_", "-")}"' in PAGE
    for lever in LEVERS:
        assert all(f"| {option.name} | {option.value:g} |" in PAGE for option in lever.options)
    for name in parameters():
        assert f'id="parameter-{name.replace("_", "-")}"' in PAGE
    for name in rules():
        assert PAGE.count(f'id="{anchor("rule", name)}"') == 1, name
    goals = [goal.__name__ for capital in CAPITALS for goal in GOALS[capital]]
    assert all(f"<code>{goal}</code>" in PAGE for goal in goals)
    assert all(f"`{name}`" in PAGE for name in (*DRIVERS, *SLOTS, *RUN_SLOTS))
    assert all(f"| {name} |" in PAGE for name in VARIANTS)
    assert all(f'id="claim-{name.lower()}"' in PAGE for name in (*claims(), *assumptions()))


def test_the_baseline_can_be_set_up_from_it() -> None:
    """Month by month: what the page says of a driver is what the scenario's schedule holds."""
    for name, values in load("baseline").schedule().items():
        row = re.search(rf"^\| `{name}` \| (\d{{4}}-.*) \|$", PAGE, re.MULTILINE)
        assert row, name
        said = dict(part.split(": ") for part in row[1].split(", "))
        held = None
        for at, value in enumerate(values):
            held = said.get(f"{2019 + at // 12}-{at % 12 + 1:02d}", held)
            assert held is not None and float(held) == pytest.approx(value, rel=1e-3)


def test_the_order_of_a_step_has_every_state_that_a_step_moves() -> None:
    assert set(odd.order()) == {*WORLD_FIELDS, "provocation"} - {"trust", "expected_support", "accustomed_west"}
    assert odd.order().index("china_flow") < odd.order().index("provocation") < odd.order().index("tension")


@pytest.mark.parametrize("name", [name for name in odd.files() if name.endswith(".svg")])
def test_every_box_of_a_picture_leads_to_its_place(name: str) -> None:
    drawn = tree.fromstring(odd.files()[name])
    links = [link.get("href") for link in drawn.iter("{http://www.w3.org/2000/svg}a")]
    assert links
    assert not [link for link in links if f'id="{link[1:]}"' not in PAGE]


def test_there_is_a_picture_of_each_capital_and_lever_and_all_are_shown() -> None:
    pictures = {name for name in odd.files() if name.endswith(".svg")}
    assert len(pictures) == len(CAPITALS) + len(LEVERS)
    assert pictures == set(re.findall(r"\]\((influence/\w+\.svg)\)", PAGE))
    assert odd.page(inline=True).count("<svg ") == len(pictures)


def test_that_of_the_repository_is_that_of_the_code() -> None:
    assert odd.behind(ROOT / "docs" / "odd") == [], "run: sim odd docs/odd"


def test_sim_odd_writes_it_and_says_where_it_is_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sim(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    monkeypatch.chdir(tmp_path)
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
