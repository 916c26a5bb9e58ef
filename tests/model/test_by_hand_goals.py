"""What capitals want, worked by hand: every goal of a world, its weight, and the goals of the variants.

Numbers are typed from the specification, as in test_by_hand_world.
"""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from sim.model.capitals import CAPITALS
from sim.model.goals import GOALS, utility, weights
from sim.model.goals.pyongyang import economy_linear
from tests.model.test_by_hand_world import CRISIS, EXACT, MOVES, WORLD


def test_every_goal_of_a_world_and_its_weight(params) -> None:
    """The world, moves and drivers of the two months of crisis."""
    resources = 0.5 + 0.2 * 0.4 + 0.2 + 0.1 * 0.6 + 0.15 * 0.8 + 0.24 * (1 - 0.55)
    fed = resources / (resources + 0.95)
    beijing, moscow = 8 / 20, 16 / 20  # goodwill toward Pyongyang
    worked = {
        "Beijing": [
            (0.35, 1.1 * (0.65 * 11 / 20 + 0.35 * 12 / 20) - 0.029 * (1 - 1) / 2),
            (0.33, (0.6 * beijing) ** 0.5),
            (0.11, 0.5 * fed + 0.5 * (1 - 0.5)),
            (0.10, 1 - 0.7),
            (0.041, 1 - 0.46 * 0.7 * 0.7 * 0.6 - 0.19 * 0),
            (0.041, 14 / 20),
        ],
        "Moscow": [
            (0.505, 1 - 0.9 * (1 - 0.67 * 0.8)),
            (0.14, 1 - 0.37 * 1 * (0.34 + 0.66 * 0.8) - 0.066 * 0.67 - 0.22 * 1 - 0.18 * 0.25),
            (0.10, 1.0 * 0.6),
            (0.054, 1.0 * moscow),
            (0.13, 14 / 20),
            (0.053, 1 - 3.5 * 0.67**4 - 0.42 * (-1 - 1) ** 2),
        ],
        "Pyongyang": [
            (0.35, fed),
            (0.35, 0.87 * 0.6 + 0.13 * (1 - 0.7)),
            (0.074, 0.4),  # in a month of a nuclear test nothing is gained by probing
            (0.075, 1 - 0.18 * (1 - 1) ** 2 / 2 - 24.8 * 0.02 * (1 - 1) - 0.04 * 1.6**2 / 2),
            (0.24, 0.6 + 0.86 * (beijing * moscow - 0.6)),
            (0.032, 0.5),
            (0.011, 1 - 0.5),
        ],
        "Washington": [
            (0.22, 1 - 0.5),
            (0.194, 1 - 0.6 / 2 - 0.4 / 2),
            (0.073, 0.55),
            (0.1, 11 / 20),
            (0.110, 0.7),
            (0.027, 1 - ((-1 + 0.5) ** 2 + (-1 - 0.2) ** 2 + (-1 - 0.6) ** 2) / 2),
        ],
        "Seoul": [
            (0.41, 1 - 0.5),
            (0.29, 12 / 20),
            (0.16, 0.7),
            (0.11, 7 / 20),
            (0.047, 1 - ((1 + 0.6) ** 2 + (-1 + 0.4) ** 2) / 2),
        ],
    }
    for capital in CAPITALS:
        goals = [goal(WORLD, MOVES, params, CRISIS) for goal in GOALS[capital]]
        assert goals == pytest.approx([value for _, value in worked[capital]], abs=EXACT), capital
        loaded = [weight for weight, _ in worked[capital]]
        whole = max(sum(loaded), 1.0) if capital == "Washington" else sum(loaded)
        wants = weights(capital, params)
        assert wants == pytest.approx([weight / whole for weight in loaded], abs=EXACT), capital
        total = sum(weight * value for weight, value in worked[capital]) / whole
        assert utility(goals, wants) == pytest.approx(total, abs=EXACT), capital

    # The moves above sit at the cheap end of several prices: the same goals with the dear moves.
    dear = replace(
        MOVES, beijing_toward_west=1.0, beijing_workers=0.5, moscow_labour=1.0, moscow_cover=1.0,
        deal_technology=1.0, pyongyang_toward_beijing=0.3, pyongyang_toward_moscow=1.0, pyongyang_provoke=0.67,
        washington_sanction=1.0, washington_posture=0.0, washington_toward_beijing=1.0, seoul_north=-1.0,
        seoul_toward_beijing=0.0,
    )  # fmt: skip
    half_isolated = replace(CRISIS, isolation=0.5)

    def term(capital: str, goal: str, numbers: SimpleNamespace = params) -> float:
        (rule,) = [rule for rule in GOALS[capital] if rule.__name__ == goal]
        return rule(WORLD, dear, numbers, half_isolated)

    assert term("Beijing", "west") == pytest.approx(1.1 * 0.5675 - 0.029, abs=EXACT)
    assert term("Beijing", "cost") == pytest.approx(1 - 0.46 * 0.49 * 0.6 - 0.19 * 0.5, abs=EXACT)
    given_away = 0.37 * (0.34 + 0.66 * 0.8) + 0.066 + 0.22 + 0.18
    assert term("Moscow", "cost") == pytest.approx(1 - given_away, abs=EXACT)
    assert term("Moscow", "labour") == pytest.approx(0.5 * 0.6, abs=EXACT)
    assert term("Moscow", "partner") == pytest.approx(0.5 * moscow, abs=EXACT)
    assert term("Moscow", "red_line") == pytest.approx(1 - 3.5 - 0.42 * (1 - 0.5) ** 2, abs=EXACT)
    standing = 0.4 + 0.14 * 0.5 * (2 * 0.6 - 1) * (1 - 0.34 / 0.67)  # half a talk in a month of missiles
    assert term("Pyongyang", "recognition") == pytest.approx(standing, abs=EXACT)
    bowed = 0.18 * 1.69 / 2, 24.8 * 0.02 * 1.3, 0.04 * 4 / 2, 0.49 * (1 - 0.3)
    assert term("Pyongyang", "autonomy") == pytest.approx(1 - sum(bowed), abs=EXACT)
    assert term("Washington", "line") == pytest.approx(1 - (1.5**2 + 0.8**2 + 0.6**2) / 2, abs=EXACT)
    assert term("Seoul", "line") == pytest.approx(1 - (0.4**2 + 0.4**2) / 2, abs=EXACT)

    # Variant V11: the tangent of the economy goal at resources of 1.3.
    tangent = 1.3 / 2.25 + 0.95 / 2.25**2 * (resources - 1.3)
    assert economy_linear(WORLD, MOVES, params, CRISIS) == pytest.approx(tangent, abs=EXACT)

    # Variant V14: Beijing minds that Moscow is closer by 8 of 20. V15: to bow costs as much as the patron holds.
    jealous = SimpleNamespace(**{**vars(params), "patron_rivalry": 0.3})
    assert term("Beijing", "influence", jealous) == pytest.approx((0.6 * 0.4) ** 0.5 - 0.3 * 0.4, abs=EXACT)
    hedging = SimpleNamespace(**{**vars(params), "hedging": 0.6})
    bowed = 0.18 * 1.69 / 2 * (0.4 + 0.6 * 0.6), 24.8 * 0.02 * 1.3, 0.04 * 4 / 2 * (0.4 + 0.6 * 0.4), 0.49 * (1 - 0.3)
    assert term("Pyongyang", "autonomy", hedging) == pytest.approx(1 - sum(bowed), abs=EXACT)
    # Without A36 influence is dependence alone.
    heedless = SimpleNamespace(**{**vars(params), "influence_goodwill": 0.0})
    assert term("Beijing", "influence", heedless) == pytest.approx(0.6**0.5, abs=EXACT)
