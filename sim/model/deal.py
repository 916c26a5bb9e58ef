"""The arms deal: Moscow and Pyongyang settle on a bundle that leaves neither worse off than no exchange."""

from sim.model.citing import rests_on
from sim.model.saturation import clip, exponential, if_below, logarithm

INFEASIBLE = -1e6  # a score that no bundle can be chosen with
IMPOSED = -5e5  # better than infeasible, worse than anything that both sides would agree to
FREE = 1e6


@rests_on("C04", "A19")
def nash(
    moscow: float, pyongyang: float, moscow_without: float, pyongyang_without: float, bargaining_moscow: float
) -> float:
    """Return the score of a bundle: the asymmetric Nash product of both sides' surplus over no exchange.

    Parameters
    ----------
    moscow, pyongyang
        Each side's utility of the bundle; ``_without``: of no exchange.
    bargaining_moscow
        Moscow's share of bargaining power, 0 to 1. At either end it is a take-it-or-leave-it offer (V9).

    Notes
    -----
    A bundle that leaves either side below no exchange is infeasible. No exchange itself scores nothing.
    """
    gain_moscow = moscow - moscow_without
    gain_pyongyang = pyongyang - pyongyang_without
    log_product = bargaining_moscow * logarithm(gain_moscow) + (1.0 - bargaining_moscow) * logarithm(gain_pyongyang)
    return if_below(min(gain_moscow, gain_pyongyang), 0.0, INFEASIBLE, exponential(log_product))


@rests_on("A19")
def scripted_score(score: float, floor: float, ceiling: float) -> float:
    """Return a bundle's score as a script lets it stand: see :func:`limits`."""
    return clip(score, floor, ceiling)


@rests_on("A19")
def limits(
    bundles: tuple[tuple[float, float, float], ...], script: tuple[float | None, float | None, float | None]
) -> list[tuple[float, float]]:
    """Return floor and ceiling of each bundle's score under scripted arms, payment and technology.

    None leaves a part free. Payment and technology are scripted for the case that arms flow, so no exchange stays
    allowed unless arms are scripted. Where both sides would refuse all that is allowed, the first is imposed.
    """
    allowed = [_allowed(bundle, script) for bundle in bundles]
    scripted = any(part is not None for part in script)
    return [
        (IMPOSED if scripted and place == allowed.index(True) else INFEASIBLE, FREE if allows else INFEASIBLE)
        for place, allows in enumerate(allowed)
    ]


def _allowed(bundle: tuple[float, float, float], script: tuple[float | None, float | None, float | None]) -> bool:
    parts = list(zip(bundle, script, strict=True))
    concerned = parts if bundle[0] > 0.0 else parts[:1]
    return all(wanted is None or wanted == part for part, wanted in concerned)


@rests_on("C04")
def only_for_arms(value: float, last_arms: float) -> float:
    """Return what Moscow pays or hands over where each side sets its own part (V1): nothing where no arms came."""
    return if_below(0.0, last_arms, value, 0.0)
