"""The picture of what reaches what: its boxes, arrows and signs stand for links, and links are read off rules."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from sim.model.capitals import CAPITALS
from sim.model.goals import GOALS
from sim.model.moves import LEVER, LEVERS, decider
from sim.report.reference import influence
from sim.report.reference.influence import Link, columns, goal_name, links

SVG = "{http://www.w3.org/2000/svg}"


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


@pytest.fixture(scope="module", params=CAPITALS)
def drawn(request: pytest.FixtureRequest) -> tuple[str, ElementTree.Element]:
    return request.param, ElementTree.fromstring(influence.of_capital(request.param))


def boxes(picture: ElementTree.Element) -> dict[str, tuple[float, float, float, float]]:
    """Return left, top, right and bottom of each box by its anchor."""
    edges = {}
    for link in picture.findall(f"{SVG}a"):
        box, text = link
        x, y, width, height = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        edges[link.attrib["href"][1:]] = (x, y, x + width, y + height)
        assert x < float(text.attrib["x"]) < x + width and y < float(text.attrib["y"]) < y + height
    return edges


def test_boxes_stand_apart_and_within_the_picture(drawn: tuple[str, ElementTree.Element]) -> None:
    _, picture = drawn
    _, _, width, height = numbers(picture.attrib["viewBox"])
    assert (float(picture.attrib["width"]), float(picture.attrib["height"])) == (width, height)
    for left, top, right, bottom in boxes(picture).values():
        assert left > 0 and right < width and top > 18 and bottom < height
    for one, other in combinations(boxes(picture).values(), 2):
        assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def test_every_arrow_is_a_link_from_one_box_to_another_further_right(drawn: tuple[str, ElementTree.Element]) -> None:
    capital, picture = drawn
    levers = [lever.field for lever in LEVERS if decider(lever) == capital]
    placed = columns(levers, [goal_name(capital, goal) for goal in GOALS[capital]])
    depth = {name: column for column, names in enumerate(placed) for name in names}
    wanted = [(link, influence.protocol_anchor(link.source), influence.protocol_anchor(link.target)) for link in links()
              if {link.source, link.target} <= depth.keys() and depth[link.source] < depth[link.target]]  # fmt: skip
    at, signs = boxes(picture), [text for text in picture.findall(f"{SVG}text") if text.get("font-size")]
    assert set(at) == {influence.protocol_anchor(name) for name in depth}
    arrows = picture.findall(f"{SVG}path")
    assert len(arrows) == len(wanted) == len(signs) > 5
    for arrow, sign, (link, source, target) in zip(arrows, signs, wanted, strict=True):
        points = np.array(numbers(arrow.attrib["d"])).reshape(4, 2)
        left, top, right, bottom = at[source]
        assert points[0].tolist() == [right, (top + bottom) / 2]
        left, top, right, bottom = at[target]
        assert points[3].tolist() == [left, (top + bottom) / 2]
        assert points[1].tolist() == [(points[0, 0] + points[3, 0]) / 2, points[0, 1]]
        assert points[2].tolist() == [(points[0, 0] + points[3, 0]) / 2, points[3, 1]]
        place = np.linspace(0.8, 0.95, 151)[:, None]  # of the curve of Bézier, near its head
        weights = np.hstack([(1 - place) ** 3, 3 * (1 - place) ** 2 * place, 3 * (1 - place) * place**2, place**3])
        words = np.array([float(sign.attrib["x"]), float(sign.attrib["y"])])
        assert np.hypot(*(weights @ points - words).T).min() < 4, "the sign stands on its arrow"
        assert (sign.text or "") == link.sign.replace("-", "\u2212")
        assert arrow[0].text == f"{link.rule} {sign.text or ''}"
        assert arrow.get("stroke-dasharray") == {"+": None, "": None, "-": "6 4", "±": "1 4"}[link.sign]


def test_a_column_is_reached_from_the_one_before_and_every_box_reaches_a_goal() -> None:
    for capital in CAPITALS:
        goals = [goal_name(capital, goal) for goal in GOALS[capital]]
        levers = [lever.field for lever in LEVERS if decider(lever) == capital]
        steps = columns(levers, goals)
        assert steps[0] == levers and set(steps[-1]) <= set(goals)
        names = [name for column in steps for name in column]
        assert len(names) == len(set(names))
        for before, column in pairwise(steps[:-1]):
            reached = {link.target for name in before for link in influence.readers(name)}
            assert column and set(column) <= reached
        for name in (name for column in steps[1:-1] for name in column):
            assert felt(name, set(goals)), name


def felt(name: str, goals: set[str]) -> bool:
    seen, waiting = {name}, [name]
    while waiting:
        new = {link.target for link in influence.readers(waiting.pop())} - seen
        seen |= new
        waiting += new
    return bool(seen & goals)


@pytest.mark.parametrize(("source", "target", "sign"), [
    ("beijing_trade", "china_flow", "+"), ("beijing_workers", "workers_in_china", "+"), ("deal_arms", "arms_flow", "+"),
])  # fmt: skip
def test_signs_of_links_that_everybody_would_say(source: str, target: str, sign: str) -> None:
    (link,) = (link for link in links() if (link.source, link.target) == (source, target))
    assert link.sign == sign and link in influence.readers(source) and link in influence.influences(target)
    assert link == Link(source, target, link.rule, sign)


def test_every_link_begins_at_something_that_can_move_and_ends_elsewhere() -> None:
    assert all(link.source != link.target and link.sign in ("+", "-", "±", "") for link in links())
    assert {decider(LEVER[name]) for name in LEVER if influence.readers(name)} == set(CAPITALS)
