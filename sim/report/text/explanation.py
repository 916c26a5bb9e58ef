"""Why a capital did what it did: each choice in plain words, every clause with its number and what it rests on.

All numbers are those of the trace (:mod:`sim.engine.mesa.decisions`); only their differences are worked out anew.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sim.analysis.definitions import number_word
from sim.engine.mesa.decisions import Bundle, Deal, Decision, Scored
from sim.engine.mesa.single_run import Run
from sim.model import choice, months
from sim.model.beliefs import survival
from sim.model.capitals import CAPITALS
from sim.model.deal import nash
from sim.model.goals import goals_of, weight_name
from sim.model.moves import DEAL, LEVER, Lever, decider, levers_of
from sim.registers.register import registered_parameters, switches
from sim.report.style import list_names, percent, sentence, spoken_month
from sim.report.text import doubt
from sim.report.text.turning_points import words_of
from sim.scenario.errors import suggest

ALMOST = 0.999  # chance above which a choice is called almost certain
SIDES = ("Moscow", "Pyongyang")  # of the arms deal
DEAL_TITLE = "the arms deal"
DRAWING = "A17"  # the assumption behind a random draw
_STAYING = choice.likelihoods.rests_on[:1]  # type: ignore[attr-defined]  # the assumption behind the bonus


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a reason: a number of utility (or a share), and the claims and assumptions it rests on.

    Attributes
    ----------
    goal
        The goal that it is about; empty where it is about none.
    """

    text: str
    number: float
    sources: tuple[str, ...]
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One choice, accounted for.

    Attributes
    ----------
    did
        What was chosen, and what stood before.
    against
        What it is measured against, with both values.
    belief
        What its capital expected of the war, once there is one.
    clauses
        What each goal said, for it above 0 and against it below.
    against_what
        The option, or no exchange, over which the clauses count.
    better
        The best of what was not chosen, where it scored higher; empty where nothing did.
    chance
        How likely it was.
    draw
        The draw that decided.
    tips
        What would have tipped the choice.
    """

    month: int
    capital: str
    title: str
    did: str
    against: str
    belief: Clause | None
    clauses: tuple[Clause, ...]
    against_what: str
    better: str
    chance: str
    draw: str
    tips: tuple[str, ...]

    @property
    def sources(self) -> set[str]:
        """Every claim and assumption that it names."""
        sources = {source for clause in (*self.clauses, self.belief) if clause for source in clause.sources}
        return sources | {DRAWING} if self.draw else sources


def why(run: Run, capital: str, month: str) -> str:
    """Say in plain words why a capital did what it did in a month.

    Parameters
    ----------
    month
        YYYY-MM.

    Raises
    ------
    ValueError
        If there is no such capital, or the run does not show the month; the message names the nearest.
    """
    capital, number = _capital(capital), _month(run, month)
    parts = [
        f"Why {capital} did what it did in {spoken_month(number)}",
        f"Scenario {run.scenario.name!r}, run {run.number}, seed {run.seed}. {doubt.doubt_of_run(run)}",
        "Goals are in utility: above 0 they spoke for what was done, below 0 against it. In brackets: claims (C) of "
        "the article and assumptions (A).",
    ]
    parts += [_in_text(account) for account in accounts(run, capital, number)]
    if left := levers_not_weighed(run, capital, number):
        parts.append("\n  ".join(["Not under review this month:", *left]))
    return "\n\n".join(parts)


def accounts(run: Run, capital: str, month: int) -> list[Account]:
    """Return an account of every choice that a capital made in a month, the arms deal included."""
    decided = [decision for decision in run.decisions if decision.month == month and decision.capital == capital]
    listed = [account_of(run, decision) for decision in decided]
    if capital in SIDES:
        listed += [account_of_deal(run, deal, capital) for deal in run.deals if deal.month == month]
    return listed


def main_reasons(account: Account) -> str:
    """Return in two sentences how likely a choice was, and which goals spoke most for and against it.

    Parameters
    ----------
    account
        Of a lever, or of an arms deal.
    """
    luck = f"Luck played a part: {account.better} scored higher. " if account.better else ""
    goals = [clause for clause in account.clauses if clause.goal]
    if not goals:
        return f"{luck}{account.chance}"
    best, worst = max(goals, key=lambda clause: clause.number), min(goals, key=lambda clause: clause.number)
    whose = f"{account.capital}'s" if account.title == DEAL_TITLE else "the"
    reasons = f"{whose} main reason to prefer it to {account.against_what} was {_goal_of(best)}"
    if best.number <= 0.0:
        reasons = f"no goal favoured it over {account.against_what}"
    harm = f"; the main reason against it was {_goal_of(worst)}" if worst.number < 0.0 else ""
    return f"{luck}{account.chance} {sentence(reasons)}{harm}."


def _goal_of(clause: Clause) -> str:
    """Return what a goal is, without what is said beside it."""
    name, purposes = clause.text.split(": ", 1)
    return f"“{name}” ({purposes.split(';')[0].split(':')[0]})"


def levers_not_weighed(run: Run, capital: str, month: int) -> list[str]:
    """Return, for each lever that was not weighed in a month, what it stood at and why."""
    scripts = run.scenario.scripts()
    weighed = {decision.lever for decision in run.decisions if decision.month == month}
    if any(deal.month == month for deal in run.deals):
        weighed |= {lever.field for lever in DEAL}
    lines = []
    for lever in _levers(run, capital):
        if lever.field not in weighed:
            scripted = month in scripts.get(lever.field, {})
            reason = "the scenario scripts it" if scripted else "left as it was [A7, A33]"
            option = str(run.moves[lever.field].iloc[month - run.scenario.first])
            lines.append(f"{lever.title}: {words_of(lever, option)} ({reason})")
    return lines


def account_of(run: Run, decision: Decision) -> Account:
    """Return the account of one lever's review."""
    lever = LEVER[decision.lever]
    taken, rival = decision.options[decision.chosen], decision.options[decision.runner_up]
    rival_name = lever.options[decision.runner_up].label
    better = sum(option.utility > taken.utility for option in decision.options)
    clauses = _goals(run, decision.capital, decision.goals, decision.weights, taken, rival)
    clauses += _felt(clauses, decision.margin)
    stayed = (decision.chosen == decision.last) - (decision.runner_up == decision.last)
    bonus = run.scenario.values()["inertia"] * stayed
    if bonus:
        effect = "likelier" if bonus > 0.0 else "less likely"
        words = f"the ease of leaving things as they are (not part of utility, but it makes this choice {effect})"
        clauses.append(Clause(words, bonus, _STAYING))
    tips = [_draw_tip(decision.options, decision.runner_up, rival_name)]
    tips += _weight_tip(decision, clauses, decision.margin + bonus, run)
    return Account(
        decision.month, decision.capital, lever.title,
        _changed(decision.capital, "changes", "keeps its policy", lever.options[decision.last].label, decision.label),
        f"This choice has a utility of {taken.utility:.4f} (rank {better + 1} of {len(decision.options)}), "
        f"{abs(decision.margin):.4f} {'below' if decision.margin < 0.0 else 'above'} the best other option, "
        f"“{rival_name}” ({rival.utility:.4f}){_decided_by(decision.margin, bonus)}.",
        _belief(decision, run),
        tuple(clauses),
        f"“{rival_name}”",
        f"“{rival_name}”" if decision.margin < 0.0 else "",
        *_fell(decision.options, decision.chosen, decision.draw),
        tuple(tips),
    )  # fmt: skip


def account_of_deal(run: Run, deal: Deal, capital: str) -> Account:
    """Return the account of one review of the arms deal, as one of its sides saw it."""
    chosen, rival = deal.bundles[deal.chosen], deal.bundles[_rival(deal)]
    exchange = chosen if chosen.arms else rival  # what is set against no exchange
    side = _side(exchange, capital)
    goals, values = tuple(goals_of(capital, run.scenario.variant)), run.scenario.values()
    weights = [values[weight_name(capital, goal)] for goal in goals]  # no term of office scales them on these sides
    clauses = _goals(run, capital, goals, weights, side, _side(deal.bundles[0], capital))
    clauses += _felt(clauses, _surplus(exchange, capital))
    sources = nash.rests_on  # type: ignore[attr-defined]
    for party in SIDES:
        clauses.append(Clause(f"{party}'s gain over no exchange", _surplus(exchange, party), sources))
    what = "the deal that was made" if exchange is chosen else f"“{terms(exchange)}”"
    tips = [_draw_tip(deal.bundles, _rival(deal), terms(rival))] if rival.chance > 0.0 else []
    if not exchange.feasible:
        short = [f"{party} {-_surplus(exchange, party):.4f}" for party in SIDES if _surplus(exchange, party) < 0.0]
        more = " and ".join(short)
        tips.append(f"{sentence(what)} would have been agreed to only with more in it, in utility, for {more}.")
    return Account(
        deal.month, capital, DEAL_TITLE,
        _changed("Moscow and Pyongyang", "change", "keep their deal", terms(deal.bundles[deal.last]), terms(chosen))
        + ("; the scenario imposes it" if deal.imposed else ""),
        f"The deal scores {_score(chosen)}, the geometric mean of both sides' gains, weighted by their bargaining "
        f"power; the best deal not made, “{terms(rival)}”, scores {_score(rival)}. The table weighs {what} against "
        f"making none, as {capital} saw it, and shows what each side gains.",
        None,
        tuple(clauses),
        "no exchange",
        "" if deal.imposed or rival.chance <= chosen.chance else f"“{terms(rival)}”",
        *_fell(deal.bundles, deal.chosen, deal.draw),
        tuple(tips),
    )  # fmt: skip


def terms(bundle: Bundle) -> str:
    """Return what a bundle exchanges, in words."""
    if not bundle.arms:
        return "no exchange"
    arms, pay, technology = (
        lever.label(value) for lever, value in zip(DEAL, (bundle.arms, bundle.pay, bundle.technology), strict=True)
    )
    gains = [gain for gain, value in ((pay, bundle.pay), (technology, bundle.technology)) if value]
    return f"{arms} for {list_names(gains or ['nothing in return'], 'and')}"


def purpose(run: Run, capital: str, goal: str) -> tuple[str, tuple[str, ...]]:
    """Return what a goal is, in words, and what it rests on in this run."""
    rule = goals_of(capital, run.scenario.variant)[goal]
    said: str = rule.says.rstrip(".")  # type: ignore[attr-defined]
    sources = rule.rests_on  # type: ignore[attr-defined]
    return said[:1].lower() + said[1:], tuple(source for source in sources if _speaks(run, source))


def _speaks(run: Run, source: str) -> bool:
    """Return whether a claim or assumption has a part in this run: not all that it could switch off is neutral."""
    names, values = switches().get(source, ()), run.scenario.values()
    return not names or any(values[name] != registered_parameters()[name].neutral for name in names)


def _goals(
    run: Run, capital: str, goals: Sequence[str], weights: Sequence[float], taken: Scored, rival: Scored
) -> list[Clause]:
    """Return what each goal adds to one option over another, the largest first."""
    clauses = []
    for goal, weight, mine, other in zip(goals, weights, taken.terms, rival.terms, strict=True):
        text, sources = purpose(run, capital, goal)
        clauses.append(Clause(f"{goal.replace('_', ' ')}: {text}", weight * (mine - other), sources, goal))
    return sorted((clause for clause in clauses if clause.number), key=lambda clause: -abs(clause.number))


def _felt(clauses: Sequence[Clause], difference: float) -> list[Clause]:
    """Return what losses add where they count for more than gains (variant V6)."""
    rest = difference - math.fsum(clause.number for clause in clauses)
    sources = choice.loss_averse.rests_on  # type: ignore[attr-defined]
    return [Clause("what is lost counts for more than what is gained", rest, sources)] if abs(rest) > 1e-9 else []


def _belief(decision: Decision, run: Run) -> Clause | None:
    if decision.month < run.scenario.war_start:
        return None
    ahead = run.scenario.values()["foresight"]
    whose = "its" if decision.capital == "Moscow" else "Moscow's"
    said = (
        f"{decision.capital} expects {percent(decision.survives)} of {whose} need for arms to remain in "
        f"{number_word(round(ahead))} months"
    )
    return Clause(said, decision.survives, survival.rests_on)  # type: ignore[attr-defined]


def _weight_tip(decision: Decision, clauses: Sequence[Clause], lead: float, run: Run) -> list[str]:
    """Return the smallest change of one goal's weight, within its range, that makes both options equally good."""
    if run.scenario.values()["loss_aversion"] != 1.0:  # utility is then no plain sum
        return []
    said = {clause.goal: clause.number for clause in clauses if clause.goal}
    weights = dict(zip(decision.goals, decision.weights, strict=True))
    needed = {goal: weight * (1.0 - lead / said[goal]) for goal, weight in weights.items() if said.get(goal)}
    within = [goal for goal, weight in needed.items() if _plausible(decision.capital, goal, weight)]
    if not within:
        return ["No plausible change of a single goal's weight would have put the two options in another order."]
    goal = min(within, key=lambda name: abs(needed[name] / weights[name] - 1.0))
    way = "below" if needed[goal] < weights[goal] else "above"
    rival = f"“{LEVER[decision.lever].options[decision.runner_up].label}”"
    ahead, behind = (rival, "the option taken") if lead > 0.0 else ("the option taken", rival)
    weight = f"{way} {needed[goal]:.4f} (it gave {weights[goal]:.4f})"
    higher = f"{ahead} would have been more likely than {behind}"
    return [f"If {decision.capital} had given “{goal}” a weight {weight}, {higher}."]


def _plausible(capital: str, goal: str, weight: float) -> bool:
    known = registered_parameters()[weight_name(capital, goal)]
    return known.low is not None and known.high is not None and known.low <= weight <= known.high


def _changed(who: str, change: str, keep: str, last: str, now: str) -> str:
    """Return that an option took another's place, or stayed; what somebody does then is given in words."""
    return f"{who} {keep}: “{now}”" if now == last else f"{who} {change} from “{last}” to “{now}”"


def _decided_by(margin: float, bonus: float) -> str:
    """Return what decided where the option that was taken has less utility than another."""
    if margin >= 0.0:
        return ""
    if margin + bonus > 0.0:
        return "; it was easier to leave things as they were"
    return "; the random draw picked an option with a lower utility"


def _draw_tip(options: Sequence[Scored | Bundle], place: int, name: str) -> str:
    low, high = _slot(options, place)
    return f"Draws between {low:.4f} and {high:.4f} would have led to “{name}”."


def _fell(options: Sequence[Scored | Bundle], place: int, draw: float) -> tuple[str, str]:
    """Return how likely an option was, and which draw gave it."""
    low, high = _slot(options, place)
    chance = options[place].chance
    if chance > ALMOST:
        return f"The model was almost certain to choose this (over {100 * ALMOST:g}%).", ""
    drawn = f"The random draw was {draw:.4f}; every draw between {low:.4f} and {high:.4f} leads to this choice."
    return f"The option chosen had a chance of {percent(chance)}.", drawn


def _slot(options: Sequence[Scored | Bundle], place: int) -> tuple[float, float]:
    """Return the draws that an option answers to."""
    edges = [0.0, *accumulate(option.chance for option in options)]
    return edges[place], edges[place + 1]


def _rival(deal: Deal) -> int:
    """Return the best bundle that was not taken; where none is feasible, the one that comes nearest."""
    others = [place for place in range(len(deal.bundles)) if place != deal.chosen]
    likely = [place for place in others if deal.bundles[place].chance > 0.0]
    if likely:
        return max(likely, key=lambda place: deal.bundles[place].score)
    return max(others, key=lambda place: min(deal.bundles[place].surplus_moscow, deal.bundles[place].surplus_pyongyang))


def _side(bundle: Bundle, capital: str) -> Scored:
    return bundle.moscow if capital == "Moscow" else bundle.pyongyang


def _surplus(bundle: Bundle, capital: str) -> float:
    return bundle.surplus_moscow if capital == "Moscow" else bundle.surplus_pyongyang


def _score(bundle: Bundle) -> str:
    return f"{bundle.score:.4f}" if bundle.feasible and abs(bundle.score) < 1e3 else "none, for one side would refuse"


def _levers(run: Run, capital: str) -> Iterable[Lever]:
    if run.scenario.variant.unilateral:
        return (*levers_of(capital), *(lever for lever in DEAL if decider(lever) == capital))
    return (*levers_of(capital), *(DEAL if capital in SIDES else ()))


def _capital(name: str) -> str:
    named = name.strip().title()
    if named not in CAPITALS:
        raise ValueError(f"{name!r} is none of the five capitals ({', '.join(CAPITALS)}){suggest(name, CAPITALS)}")
    return named


def _month(run: Run, month: str) -> int:
    first, last = run.scenario.first, run.scenario.horizon - 1
    number = months.index(month)
    if not first <= number <= last:
        nearest = months.name(min(max(number, first), last))
        raise ValueError(
            f"{month} is not a month of this run, which shows {months.name(first)} to {months.name(last)}; "
            f"the nearest is {nearest}"
        )
    return number


def _in_text(account: Account) -> str:
    lines = [f"{sentence(account.title)}: {account.did}.", account.against]
    lines += [f"  {clause.number:+.4f}  {clause.text} [{', '.join(clause.sources)}]" for clause in account.clauses]
    if account.belief:
        lines.append(f"  {account.belief.text} [{', '.join(account.belief.sources)}]")
    drawn = [f"{account.draw} [{DRAWING}]"] if account.draw else []
    lines += [" ".join([account.chance, *drawn]), *account.tips]
    return "\n".join(lines)
