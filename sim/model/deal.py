"""The arms deal: Moscow and Pyongyang settle on a bundle that leaves neither worse off than no exchange."""

from collections.abc import MutableSequence, Sequence

from sim.model.choice import INFEASIBLE
from sim.model.citing import rests_on


@rests_on("C04", "A19")
def bargain(
    moscow: Sequence[float], pyongyang: Sequence[float], bargaining_moscow: float, out: MutableSequence[float]
) -> None:
    """Fill ``out`` with the score of each bundle: the asymmetric Nash product of both sides' surplus.

    Parameters
    ----------
    moscow, pyongyang
        Each side's utility of every bundle; the first bundle is no exchange.
    bargaining_moscow
        Moscow's share of bargaining power, 0 to 1. At either end it is a take-it-or-leave-it offer (V9).

    Notes
    -----
    A bundle that leaves either side below no exchange is infeasible.
    """
    for i in range(len(moscow)):
        gain_moscow = moscow[i] - moscow[0]
        gain_pyongyang = pyongyang[i] - pyongyang[0]
        if gain_moscow >= 0.0 and gain_pyongyang >= 0.0:
            out[i] = gain_moscow**bargaining_moscow * gain_pyongyang ** (1.0 - bargaining_moscow)
        else:
            out[i] = INFEASIBLE


@rests_on("A19")
def hold_to_script(
    scores: MutableSequence[float], bundles: Sequence[Sequence[float]], script: Sequence[float]
) -> int:
    """Rule out the bundles that a scripted deal forbids, and return the one to fall back on, or -1.

    Parameters
    ----------
    scores
        As :func:`bargain` left them; forbidden bundles become infeasible.
    script
        The scripted arms, payment and technology; NaN where the two sides are free. Payment and technology
        are scripted for the case that arms flow: no exchange stays allowed unless arms are scripted.

    Returns
    -------
    int
        -1 where an allowed bundle is feasible; else the first allowed one, which is imposed.
    """
    first = -1
    feasible = False
    for i in range(len(scores)):
        allowed = not (script[0] == script[0] and script[0] != bundles[i][0])
        if bundles[i][0] > 0.0:
            for part in range(1, 3):
                if script[part] == script[part] and script[part] != bundles[i][part]:
                    allowed = False
        if not allowed:
            scores[i] = INFEASIBLE
        else:
            if first < 0:
                first = i
            if scores[i] > INFEASIBLE:
                feasible = True
    return -1 if feasible else first
