"""Moves given what was recorded of them: how likely the record is, and what is left to choose.

What was recorded of a lever in a month gives each option a *support*: the chance of that record if the option was
taken, from 0 to 1. Where every support is 1, nothing was recorded, and the choice is the plain one to the last bit.
"""

from collections.abc import Sequence

from sim.model.moves import MOVE_FIELDS
from sim.model.saturation import equal, logarithm

JOINT = "deal"  # the three parts of the arms deal, decided together
EVIDENCE = (*MOVE_FIELDS, JOINT)  # of what there can be a record


def condition_on_record(
    likelihoods: Sequence[float], values: Sequence[float], last: float, review: float, support: Sequence[float]
) -> tuple[list[float], float, float]:
    """Return a choice given what was recorded of it (Bayes' rule).

    Parameters
    ----------
    likelihoods
        Each option's likelihood under review, up to a common factor; see :func:`sim.model.choice.likelihoods`.
    values, last
        The options' values, and last month's.
    review
        The chance that the lever comes up for review.
    support
        The chance of the record, one an option.

    Returns
    -------
    likelihoods, evidence, review
        The same given the record, and the chance of the record: that of every option times its support, summed.
    """
    total, among, standing = 0.0, 0.0, 0.0
    supported = []
    for likelihood, value, likely in zip(likelihoods, values, support, strict=True):
        supported.append(likelihood * likely)
        total = total + likelihood
        among = among + supported[-1]
        standing = standing + equal(value, last) * likely
    anew = review * (among / total)
    evidence = anew + (1.0 - review) * standing
    return supported, evidence, anew / evidence


def log_evidence(evidence: Sequence[float]) -> float:
    """Return the log-likelihood of a month's record, from the chance of what was recorded of each lever.

    Parameters
    ----------
    evidence
        Those chances, 1 where nothing was recorded.
    """
    total = 0.0
    for chance in evidence:
        total = total + logarithm(chance)
    return total
