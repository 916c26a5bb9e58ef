"""Which claims were at work in a world: what each goal added to the choices made, and what it rests on."""

import math
from collections import defaultdict
from dataclasses import dataclass

from sim.engine.mesa.single_run import Run
from sim.model.capitals import CAPITALS
from sim.registers.register import assumptions, claims
from sim.report.text.explanation import purpose


@dataclass(frozen=True)
class AtWork:
    """A goal's share of what told one option from its runner-up, over all the choices of its capital."""

    capital: str
    choices: int
    goal: str
    purpose: str
    share: float
    sources: tuple[str, ...]

    @property
    def assumed(self) -> bool:
        """Whether it rests on assumptions alone."""
        return all(source.startswith("A") for source in self.sources)


def goals_at_work(run: Run) -> list[AtWork]:
    """Return every goal with its share, by capital and the largest first."""
    moved: dict[tuple[str, str], float] = defaultdict(float)
    for decision in run.decisions:
        taken, rival = decision.options[decision.chosen], decision.options[decision.runner_up]
        for goal, weight, mine, other in zip(decision.goals, decision.weights, taken.terms, rival.terms, strict=True):
            moved[decision.capital, goal] += abs(weight * (mine - other))
    at_work = []
    for capital in CAPITALS:
        choices = sum(decision.capital == capital for decision in run.decisions)
        goals = {goal: amount for (who, goal), amount in moved.items() if who == capital}
        total = math.fsum(goals.values()) or 1.0
        for goal in sorted(goals, key=lambda name: -goals[name]):
            words, sources = purpose(run, capital, goal)
            at_work.append(AtWork(capital, choices, goal, words, goals[goal] / total, sources))
    return at_work


def assumed_share(run: Run, at_work: list[AtWork]) -> float:
    """Return the share of what told options apart, each decision counted alike, that rests on assumptions alone."""
    assumed = math.fsum(goal.share * goal.choices for goal in at_work if goal.assumed)
    return assumed / max(len(run.decisions), 1)


def in_our_words(sources: set[str]) -> list[tuple[str, str]]:
    """Return claims and assumptions in our words, in the order of the registers."""
    known = {id: entry.says for register in (claims(), assumptions()) for id, entry in register.items()}
    return [(source, words) for source, words in known.items() if source in sources]
