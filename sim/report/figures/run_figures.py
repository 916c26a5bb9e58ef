"""Pictures of one run: its story in lanes, and the ties between the capitals at chosen dates."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

import pandas as pd

from sim.analysis import units
from sim.engine.mesa.single_run import Run
from sim.engine.war_end import NEVER
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.moves import Lever, levers_of
from sim.model.world import RANGE
from sim.report import style
from sim.report.figures.data import (
    Flow,
    Head,
    Lane,
    Lanes,
    Mark,
    Network,
    Snapshot,
    Stretch,
    Tie,
    source_of_run,
    war_of,
)
from sim.report.style import spoken_month
from sim.report.text.turning_points import turns

NOTHING = 0.005  # of the most arms, from which on arms are said to be sent
_TIES = (
    ("Beijing", "Moscow"),
    ("Beijing", "Seoul"),
    ("Beijing", "Washington"),
    ("Seoul", "Pyongyang"),
    ("Washington", "Pyongyang"),
    ("Beijing", "Pyongyang"),
    ("Moscow", "Pyongyang"),
)


def story(run: Run) -> Lanes:
    """Return the story of one run: who moved what, month by month."""
    lanes = tuple(_lane(lever, run) for capital in style.ORDER for lever in levers_of(capital)) + _outside_lanes(run)
    shown_turns = [turn for turn in turns(run) if turn.kind in ("war", "arms") or "treaty" in turn.text]
    marks = tuple(Mark(turn.month, _brief(turn.text)) for turn in shown_turns)
    changed = run.moves.ne(run.moves.shift()).iloc[1:]
    busiest = max(CAPITALS, key=lambda capital: sum(int(changed[lever.field].sum()) for lever in levers_of(capital)))
    head = Head(
        _story_title(run),
        "Each lane is a lever, a matter that a capital decides. A taller and darker bar is closer to the option "
        "named at the top right.",
        source_of_run(run),
        f"The capitals change policy {int(changed.to_numpy().sum())} times in {len(run.moves)} months, {busiest} most "
        "often. " + " ".join(f"{spoken_month(turn.month)}: {turn.text}." for turn in shown_turns),
    )
    war = war_of(run.scenario, [NEVER if run.war_end is None else run.war_end])
    return Lanes(head, (run.scenario.first, run.scenario.horizon), lanes, war, marks, run.moves)


def _story_title(run: Run) -> str:
    sold = run.moves["deal_arms"].ne("none")
    bloc = run.moves["beijing_bloc"].eq("join").mean()
    if bloc > 0.25:
        return f"Beijing joins the three-way bloc in {bloc * 100:.0f}% of months"
    if not sold.any():
        return "Pyongyang never arms Moscow in this run"
    began, sales = spoken_month(months.index(str(sold.idxmax()))), int(sold.sum())
    counted = f"{sales} month{'s' if sales > 1 else ''}"
    if run.war_end is not None and run.war_end < run.scenario.horizon:
        after = int(sold.iloc[max(run.war_end - run.scenario.first, 0) :].sum())
        return f"From {began} on, Pyongyang sends Moscow arms in {counted} in all, {after} of them after the war's end"
    return f"From {began} on, Pyongyang sends Moscow arms in {counted} in all"


def _brief(text: str) -> str:
    """Shorten a turning point to what fits above a lane."""
    return (
        text.split(",")[0]
        .replace("Moscow's war begins", "war begins")
        .replace("the war ends", "war ends")
        .replace("the first arms go to Moscow", "first arms")
        .replace("arms go to Moscow again", "arms again")
        .replace("arms to Moscow stop", "arms stop")
        .replace("Pyongyang ties itself to Moscow by treaty", "treaty")
    )


def _lane(lever: Lever, run: Run) -> Lane:
    names = [option.name for option in lever.options]
    levels = {name: place / (len(names) - 1) for place, name in enumerate(names)}
    made = _stretches(run.moves[lever.field], run.scenario.first, lambda option: (option, levels[option]))
    return Lane(style.GROUP[lever.capital], style.LANE[lever.field], lever.capital, names[0], names[-1], made)


def _outside_lanes(run: Run) -> tuple[Lane, ...]:
    frame = run.drivers.clip(0.0, 1.0)

    def lane(name: str, title: str, low: str, high: str) -> Lane:
        made = _stretches(frame[name], run.scenario.first, lambda level: ("", level))
        return Lane("From outside", title, "outside", low, high, made)

    return (
        lane("border", "border with China", "shut", "open"),
        lane("flood", "floods", "", "flood"),
        lane("crisis", "crises", "", "crisis"),
    )


def _stretches(values: pd.Series, first: int, labelled: Callable[[Any], tuple[str, float]]) -> tuple[Stretch, ...]:
    """Return the stretches in which a series by month stays the same, with the label and the level of its value."""
    stretches = []
    for value, months_of in groupby(values):
        last = first + len(list(months_of))
        stretches.append(Stretch(first, last, *labelled(value)))
        first = last
    return tuple(stretches)


def capitals(run: Run) -> Network:
    """Return the ties between the five capitals at the dates that show most: the start, the war, its end, the last."""
    chosen = _telling_dates(run)
    snapshots = tuple(_snapshot(run, month) for month in chosen)
    rows = [
        {"month": snapshot.title, "one": tie.one, "other": tie.other, "warmth": tie.warmth}
        | {flow.label.split()[0]: flow.size for flow in tie.flows}
        for snapshot in snapshots
        for tie in snapshot.ties
    ]
    title = _capitals_title(run, chosen[0], chosen[-1])
    head = Head(
        title,
        "Lines show warmth, from -10 (hostile) to 10 (close): solid above zero, dashed below. Each arrow, in its "
        "sender's colour, shows what the sender gives in a month, or how many of its workers are abroad; a thicker "
        "arrow is closer to its maximum. Where several arrows run side by side, their labels have the same order, from "
        "the outermost inward.",
        source_of_run(run),
        " ".join(_in_words(run, month, snapshot) for month, snapshot in zip(chosen, snapshots, strict=True)),
    )
    return Network(head, snapshots, pd.DataFrame(rows))


def _telling_dates(run: Run) -> list[int]:
    first, last = run.scenario.first, run.scenario.horizon - 1
    arms = first + run.series["arms_flow"].tolist().index(run.series["arms_flow"].max())
    dates = {first, arms if run.series["arms_flow"].max() > 0.05 else (2 * first + last) // 3, last}
    end = run.war_end
    if end is not None and first <= end <= last - 12:
        dates.add(min(end + 24, (end + last) // 2))
    else:
        dates.add((first + 2 * last) // 3)
    return sorted(dates)


def _snapshot(run: Run, month: int) -> Snapshot:
    world = run.series.iloc[month - run.scenario.first]
    trade, goods = (_round(flow * units.MILLION_USD) for flow in (world.china_flow, world.russia_flow))
    in_china, in_russia = world.workers_in_china, world.workers_in_russia
    most = RANGE["china_flow"][1]  # for goods from Russia too, so that both arrows have one scale
    flows = {
        ("Beijing", "Pyongyang"): (
            Flow("Beijing", "Pyongyang", f"trade {trade} m USD", world.china_flow / most),
            Flow("Pyongyang", "Beijing", f"workers {_round(in_china * units.WORKERS_IN_CHINA)}", in_china),
        ),
        ("Moscow", "Pyongyang"): (
            Flow("Moscow", "Pyongyang", f"goods {goods} m USD", world.russia_flow / most),
            Flow("Pyongyang", "Moscow", f"arms {world.arms_flow * units.MILLION_SHELLS:.1f} m shells", world.arms_flow),
            Flow("Pyongyang", "Moscow", f"workers {_round(in_russia * units.WORKERS_IN_RUSSIA)}", in_russia),
        ),
    }
    ties = tuple(
        Tie(one, other, float(world[_warmth((one, other))]), flows.get((one, other), ())) for one, other in _TIES
    )
    return Snapshot(spoken_month(month), ties)


def _round(amount: float) -> str:
    return f"{round(amount, -3):,.0f}" if amount >= 1000 else f"{amount:.0f}"


def _capitals_title(run: Run, first: int, last: int) -> str:
    then, now = (run.series.iloc[month - run.scenario.first] for month in (first, last))
    if first == last:
        one, other = max(_TIES, key=lambda tie: float(now[_warmth(tie)]))
        return f"{one} and {other} are the closest of the capitals in {spoken_month(last)}"
    moved = {tie: float(now[_warmth(tie)] - then[_warmth(tie)]) for tie in _TIES}
    one, other = max(_TIES, key=lambda tie: abs(moved[tie]))
    how = "warm to" if moved[one, other] > 0 else "cool toward"
    return f"From {spoken_month(first)} to {spoken_month(last)}, {one} and {other} {how} each other most"


def _warmth(tie: tuple[str, str]) -> str:
    return f"warmth_{tie[0]}_{tie[1]}".lower()


def _in_words(run: Run, month: int, snapshot: Snapshot) -> str:
    world = run.series.iloc[month - run.scenario.first]
    closest, furthest = (choose(snapshot.ties, key=lambda tie: tie.warmth) for choose in (max, min))
    trade, goods = (_round(flow * units.MILLION_USD) for flow in (world.china_flow, world.russia_flow))
    goods = f"goods worth {goods} million USD" if goods != "0" else "hardly any goods"
    sent = f"{world.arms_flow * units.MILLION_SHELLS:.1f} million"
    shells = f"{sent if world.arms_flow >= NOTHING else 'no'} shells"
    in_china = _round(world.workers_in_china * units.WORKERS_IN_CHINA)
    in_russia = _round(world.workers_in_russia * units.WORKERS_IN_RUSSIA)
    return (
        f"{snapshot.title}: {closest.one} and {closest.other} are the closest ({closest.warmth:+.1f}), {furthest.one} "
        f"and {furthest.other} the furthest apart ({furthest.warmth:+.1f}). In this month, Beijing and Pyongyang trade "
        f"goods worth {trade} million USD, and Moscow gets {shells} and sends {goods}. China "
        f"hosts {in_china} North Korean workers, Russia {in_russia}."
    )
