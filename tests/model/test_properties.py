"""What must hold of the equations, whatever the world, the moves and the parameters: specification, section 9, 1 to 13.

A property is stated as the equations bear it out. Where a push comes back through Beijing's leash, which works on
threats as far as Beijing has influence, later months are promised only with a leash that cannot turn it round: each
such case says why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from itertools import cycle, islice
from types import SimpleNamespace

from hypothesis import assume, given
from hypothesis import strategies as st

from sim.model import outcomes
from sim.model.drivers import Drivers
from sim.model.foresight import look_ahead
from sim.model.moves import LEVER, Moves
from sim.model.pace import pace_over
from sim.model.transition import expectations, next_world
from sim.model.transition.economy import influence
from sim.model.transition.security import provocation
from sim.model.transition.warmth import favour
from sim.model.world import RANGE, World
from tests import strategies

ROUNDING = 1e-9
seasons = st.lists(strategies.drivers, min_size=1, max_size=3)  # what the months bring in turn
silent_or_restraining = st.sampled_from([0.0, 1.0])


def simulated(
    world: World, moves: Moves, params: SimpleNamespace, seasons: Sequence[Drivers], months: int
) -> Iterator[World]:
    """Simulate some months with the same moves; the seasons take turns."""
    month = pace_over(params, 1.0)
    for drivers in islice(cycle(seasons), months):
        world = expectations(next_world(world, world, moves, params, drivers, month), moves, params)
        yield world


def both(
    world: World,
    field: str,
    steps: tuple[float, float],
    moves: Moves,
    params: SimpleNamespace,
    seasons: Sequence[Drivers],
    months: int = 1,
) -> Iterator[tuple[World, World]]:
    """Simulate side by side with the lower and the higher option of a lever."""
    low, high = (replace(moves, **{field: value}) for value in steps)
    return zip(
        simulated(world, low, params, seasons, months), simulated(world, high, params, seasons, months), strict=True
    )


def never_higher(pairs: Iterator[tuple[World, World]], *stocks: str) -> None:
    """Check that the second world of each pair has no more of these stocks than the first."""
    for first, second in pairs:
        for stock in stocks:
            assert getattr(second, stock) <= getattr(first, stock) + ROUNDING, stock


def never_lower(pairs: Iterator[tuple[World, World]], *stocks: str) -> None:
    """Check that the second world of each pair has no less of these stocks than the first."""
    never_higher(((second, first) for first, second in pairs), *stocks)


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["beijing_trade"]))
def test_more_trade_never_lowers_the_economy_nor_warms_washington_in_its_month(world, moves, params, seasons, steps):
    pairs = list(both(world, "beijing_trade", steps, moves, params, seasons))
    never_lower(iter(pairs), "economy")
    never_higher(iter(pairs), "warmth_beijing_washington")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["beijing_trade"]))
def test_more_trade_never_lowers_the_economy_nor_warms_washington_later(world, moves, params, seasons, steps):
    """With a silent leash, for trade gives influence, and influence restrains threats or eggs them on; and where
    Pyongyang receives favours as favours: to a capital that is slighted hard enough, trade brings no goodwill."""
    assume(1.0 + params.reception * moves.pyongyang_toward_beijing >= 0.0)
    moves = replace(moves, beijing_leash=0.0)
    pairs = list(both(world, "beijing_trade", steps, moves, params, seasons, months=12))
    never_lower(iter(pairs), "economy")
    never_higher(iter(pairs), "warmth_beijing_washington")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["beijing_bloc"]))
def test_joining_the_bloc_never_warms_washington_or_seoul_in_its_month(world, moves, params, seasons, steps):
    pairs = both(world, "beijing_bloc", steps, moves, params, seasons)
    never_higher(pairs, "warmth_beijing_washington", "warmth_beijing_seoul")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["beijing_bloc"]))
def test_joining_the_bloc_never_warms_washington_or_seoul_later(world, moves, params, seasons, steps):
    """With a silent leash: the bloc wins influence, and a leash that restrains then calms the peninsula, which
    Seoul may value more than it resents the bloc."""
    moves = replace(moves, beijing_leash=0.0)
    pairs = both(world, "beijing_bloc", steps, moves, params, seasons, months=12)
    never_higher(pairs, "warmth_beijing_washington", "warmth_beijing_seoul")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, st.sampled_from([0.5, 1.0]))
def test_arms_stopped_never_lower_dependence_on_china_in_its_month(world, moves, params, seasons, arms):
    never_higher(both(world, "deal_arms", (0.0, arms), moves, params, seasons), "dependence_on_china")


@given(
    strategies.worlds, strategies.moves, strategies.params, seasons, st.sampled_from([0.5, 1.0]), silent_or_restraining
)
def test_arms_stopped_never_lower_dependence_on_china_later(world, moves, params, seasons, arms, leash):
    """With a leash that does not egg on: dependence gives influence, and egging on then brings threats, which chill
    Beijing and with it trade."""
    moves = replace(moves, beijing_leash=leash)
    never_higher(both(world, "deal_arms", (0.0, arms), moves, params, seasons, 12), "dependence_on_china")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["deal_pay"]))
def test_more_pay_never_lowers_russian_goods_nor_raises_dependence_in_its_month(world, moves, params, seasons, steps):
    pairs = list(both(world, "deal_pay", steps, moves, params, seasons))
    never_lower(iter(pairs), "russia_flow")
    never_higher(iter(pairs), "dependence_on_china")


@given(
    strategies.worlds,
    strategies.moves,
    strategies.params,
    seasons,
    strategies.steps_of(LEVER["deal_pay"]),
    silent_or_restraining,
)
def test_more_pay_never_lowers_russian_goods_nor_raises_dependence_later(world, moves, params, seasons, steps, leash):
    """With a leash that does not egg on, for the reason given for arms."""
    pairs = list(both(world, "deal_pay", steps, replace(moves, beijing_leash=leash), params, seasons, 12))
    never_lower(iter(pairs), "russia_flow")
    never_higher(iter(pairs), "dependence_on_china")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["deal_technology"]))
def test_more_technology_never_lowers_capability(world, moves, params, seasons, steps):
    never_lower(both(world, "deal_technology", steps, moves, params, seasons, months=24), "capability")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["pyongyang_provoke"]))
def test_more_provocation_never_lowers_the_allied_buildup(world, moves, params, seasons, steps):
    """From its own month on. Provoking chills Beijing and so costs it influence, but never so much that a threat
    egged on less is felt as a smaller one."""
    never_lower(both(world, "pyongyang_provoke", steps, moves, params, seasons, months=12), "allied_buildup")


@given(
    strategies.worlds,
    strategies.moves,
    strategies.params,
    seasons,
    strategies.steps_of(LEVER["pyongyang_toward_beijing"]),
)
def test_a_cooler_stance_cools_beijing_and_pyongyang(world, moves, params, seasons, steps):
    """Where favour x reception > -stance weight: to be given nothing but slights can make courting a loss.
    Strictly so, but at the ends of the scale."""
    favoured = favour(moves, params, seasons[0], pace_over(params, 1.0))
    assume(favoured * params.reception > -params.beijing_pyongyang_stance + 1e-3)
    low, high = RANGE["warmth_beijing_pyongyang"]
    ((cooler, warmer),) = both(world, "pyongyang_toward_beijing", steps, moves, params, seasons)
    before, after = cooler.warmth_beijing_pyongyang, warmer.warmth_beijing_pyongyang
    assert before < after or before == after in (low, high)


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["beijing_leash"]))
def test_a_tighter_leash_never_raises_tension_in_its_month(world, moves, params, seasons, steps):
    """In its month alone: later, the chill of being restrained costs the influence that restrains."""
    never_higher(both(world, "beijing_leash", steps, moves, params, seasons), "tension")


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers, st.booleans())
def test_the_leash_holds_nothing_without_influence(world, moves, params, drivers, self_reliant):
    world = replace(world, **({"dependence_on_china": 0.0} if self_reliant else {"warmth_beijing_pyongyang": -10.0}))
    assert influence(world, params) == 0.0
    threats = {provocation(world, replace(moves, beijing_leash=leash), params, drivers) for leash in (-1.0, 0.0, 1.0)}
    assert threats == {moves.pyongyang_provoke + drivers.crisis}


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["beijing_leash"]))
def test_a_leash_chills_pyongyang_only_as_far_as_it_provokes(world, moves, params, seasons, steps):
    """In its month: later the calm that a leash brings is felt."""
    calm = list(both(world, "beijing_leash", steps, replace(moves, pyongyang_provoke=0.0), params, seasons))
    assert calm[0][0].warmth_beijing_pyongyang == calm[0][1].warmth_beijing_pyongyang
    deaf = SimpleNamespace(**{**vars(params), "leash_hold": 0.0})  # else a leash that calms warms Beijing too
    provoking = replace(moves, pyongyang_provoke=1.0)
    never_higher(both(world, "beijing_leash", steps, provoking, deaf, seasons), "warmth_beijing_pyongyang")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["pyongyang_provoke"]))
def test_arms_are_built_by_tests_and_not_by_words(world, moves, params, seasons, steps):
    """More provocation never lowers capability; words raise nothing at all."""
    never_lower(both(world, "pyongyang_provoke", steps, moves, params, seasons, months=12), "capability")
    ((quiet, loud),) = both(world, "pyongyang_provoke", (0.0, 0.33), moves, params, seasons)
    assert quiet.capability == loud.capability


@given(
    strategies.worlds,
    strategies.moves,
    strategies.params,
    seasons,
    strategies.steps_of(LEVER["pyongyang_toward_moscow"]),
)
def test_what_was_signed_stays_and_a_stance_short_of_a_treaty_signs_nothing(world, moves, params, seasons, steps):
    pairs = list(both(world, "pyongyang_toward_moscow", steps, moves, params, seasons, months=12))
    never_lower(iter(pairs), "pact")
    assert all(later.pact >= world.pact for pair in pairs for later in pair)
    if steps[0] < 1.0:
        assert all(lower.pact == world.pact for lower, _ in pairs)


@given(strategies.worlds, strategies.moves, strategies.params, seasons)
def test_talks_without_relief_never_raise_trust_and_without_talks_it_stays(world, moves, params, seasons):
    for talks, sanction in ((0.0, -1.0), (0.5, 0.0), (1.0, 1.0)):
        moves = replace(moves, pyongyang_talks=talks, washington_sanction=sanction)
        (later,) = simulated(world, moves, params, seasons, months=1)
        assert later.trust == world.trust if talks == 0.0 else later.trust <= world.trust


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["deal_arms"]))
def test_more_arms_never_leave_more_munitions(world, moves, params, seasons, steps):
    """Where orders do not make more than is delivered: from an empty store paid orders may fill it sooner than none."""
    most = params.stock_drain / params.stock_refill
    params = SimpleNamespace(**{**vars(params), "stock_orders": min(params.stock_orders, most)})
    never_higher(both(world, "deal_arms", steps, moves, params, seasons, months=36), "munitions_stock")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, strategies.steps_of(LEVER["moscow_cover"]))
def test_more_cover_never_raises_sanctions(world, moves, params, seasons, steps):
    never_higher(both(world, "moscow_cover", steps, moves, params, seasons, months=24), "sanctions_pressure")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, silent_or_restraining, st.floats(0.0, 1.0))
def test_a_less_open_border_never_brings_more_from_china(world, moves, params, seasons, leash, share):
    """In its own month under any leash; later with one that does not egg on, for the reason given for arms."""
    shut = [replace(drivers, border=drivers.border * share) for drivers in seasons]
    open_, closed = (simulated(world, moves, params, drivers, 1) for drivers in (seasons, shut))
    never_higher(zip(open_, closed, strict=True), "china_flow")
    moves = replace(moves, beijing_leash=leash)
    open_, closed = (simulated(world, moves, params, drivers, 12) for drivers in (seasons, shut))
    never_higher(zip(open_, closed, strict=True), "china_flow")


@given(strategies.worlds, strategies.moves, strategies.params, seasons)
def test_a_flood_never_raises_the_economy(world, moves, params, seasons):
    dry, wet = ([replace(drivers, flood=flood) for drivers in seasons] for flood in (0.0, 1.0))
    courses = (simulated(world, moves, params, drivers, 12) for drivers in (dry, wet))
    never_higher(zip(*courses, strict=True), "economy")


@given(strategies.worlds, strategies.moves, strategies.params, seasons, st.floats(1.0, 12.0))
def test_every_stock_stays_in_its_range_from_any_state(world, moves, params, seasons, foresight):
    """Lived month by month, and looked ahead to in one jump."""
    ahead = look_ahead(world, moves, params, seasons[0], pace_over(params, foresight))
    for later in (ahead, *simulated(world, moves, params, seasons, months=12)):
        for stock, (low, high) in RANGE.items():
            assert low <= getattr(later, stock) <= high, stock
        assert 0.0 <= influence(later, params) <= 1.0
        assert outcomes.resources(later, params) >= 0.0
        for stance in (-1.0, 1.0):
            assert 0.0 <= outcomes.reengagement(later, stance, params) <= 100.0
            assert -20.0 <= outcomes.relative_alignment(later, stance, params) <= 120.0


@given(strategies.worlds, strategies.moves, strategies.params, seasons)
def test_the_same_month_simulated_twice_is_the_same_to_the_last_bit(world, moves, params, seasons):
    once, twice = (list(simulated(world, moves, params, seasons, months=3)) for _ in range(2))
    assert [astuple(w) for w in once] == [astuple(w) for w in twice]
