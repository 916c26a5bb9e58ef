"""How a block of lanes decides: the rules of choice, compiled as they stand, applied run by run.

Imported with numba, so only where an ensemble is run.
"""

import numpy as np
from numba import njit

from sim.engine.draws import SLOT
from sim.model import choice, deal
from sim.model.moves import BUNDLE_WIDTHS, BUNDLES, CAPITALS, LEVERS

compiled = njit(nogil=True, error_model="numpy")

likelihoods = compiled(choice.likelihoods)
pick = compiled(choice.pick)
best = compiled(choice.best)
felt = compiled(choice.felt)
habit = compiled(choice.habit)
bargain = compiled(deal.bargain)
hold_to_script = compiled(deal.hold_to_script)

MOST = max(len(lever.options) for lever in LEVERS)
COUNT = np.array([len(lever.options) for lever in LEVERS])
VALUE = np.array([[*(o.value for o in lever.options), *[np.nan] * (MOST - len(lever.options))] for lever in LEVERS])
SHARE = np.array([[*lever.widths, *[0.0] * (MOST - len(lever.options))] for lever in LEVERS])
BUNDLE = np.array(BUNDLES)
BUNDLE_SHARE = np.array(BUNDLE_WIDTHS)
PARTS = np.array([i for i, lever in enumerate(LEVERS) if lever.capital == "deal"])
REVIEW = np.array([SLOT[f"review_{lever.field}"] for lever in LEVERS])
CHOOSE = np.array([SLOT[f"choose_{lever.field}"] for lever in LEVERS])
REVIEW_DEAL, CHOOSE_DEAL = SLOT["review_deal"], SLOT["choose_deal"]
MOSCOW, PYONGYANG = CAPITALS.index("Moscow"), CAPITALS.index("Pyongyang")

# The dials of choice, one row each, one column a lane.
DIALS = ("inertia", "precision", "review_chance", "bargaining_moscow", "loss_aversion", "habit_months")
INERTIA, PRECISION, REVIEW_CHANCE, BARGAINING, LOSS_AVERSION, HABIT = range(len(DIALS))


@compiled
def choose(utilities, widths, last, inertia, precision, argmax, draw, weights):
    """Return the place of the option that a lane takes."""
    if argmax:
        return best(utilities, last, inertia)
    total = likelihoods(utilities, widths, last, inertia, precision, weights)
    return pick(weights, total, draw)


@compiled
def decide(lever, table, habits, scripted, draws, dials, argmax, prospect, last):
    """Let every lane decide one lever: fill ``last`` with the place of the option taken.

    ``table`` holds the utility of each option (row) in each lane (column), ``habits`` the deciding capital's
    habitual utility.
    """
    count = COUNT[lever]
    utilities = np.empty(count)
    weights = np.empty(count)
    for i in range(last.shape[0]):
        if scripted >= 0:
            last[i] = scripted
        elif draws[i, REVIEW[lever]] < dials[REVIEW_CHANCE, i]:
            for o in range(count):
                utilities[o] = table[o, i]
                if prospect:
                    utilities[o] = felt(utilities[o], habits[i], dials[LOSS_AVERSION, i])
            last[i] = choose(
                utilities, SHARE[lever, :count], last[i], dials[INERTIA, i], dials[PRECISION, i],
                argmax, draws[i, CHOOSE[lever]], weights,
            )  # fmt: skip


@compiled
def settle(moscow_table, pyongyang_table, habits, script, draws, dials, argmax, prospect, last):
    """Let every lane settle on a bundle of the arms deal: fill ``last`` with its place."""
    count = BUNDLE.shape[0]
    moscow = np.empty(count)
    pyongyang = np.empty(count)
    scores = np.empty(count)
    weights = np.empty(count)
    scripted = not np.isnan(script).all()
    for i in range(last.shape[0]):
        if not scripted and not draws[i, REVIEW_DEAL] < dials[REVIEW_CHANCE, i]:
            continue
        for b in range(count):
            moscow[b] = moscow_table[b, i]
            pyongyang[b] = pyongyang_table[b, i]
            if prospect:
                moscow[b] = felt(moscow[b], habits[MOSCOW, i], dials[LOSS_AVERSION, i])
                pyongyang[b] = felt(pyongyang[b], habits[PYONGYANG, i], dials[LOSS_AVERSION, i])
        bargain(moscow, pyongyang, dials[BARGAINING, i], scores)
        imposed = hold_to_script(scores, BUNDLE, script) if scripted else -1
        if imposed >= 0:
            last[i] = imposed
        else:
            last[i] = choose(
                scores, BUNDLE_SHARE, last[i], dials[INERTIA, i], dials[PRECISION, i],
                argmax, draws[i, CHOOSE_DEAL], weights,
            )  # fmt: skip
