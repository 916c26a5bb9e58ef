"""What a short record says of an event that it never saw: the share of runs that may show it.

``python -m research.unseen_events`` prints the bounds that the register of patterns uses. They were set before
any set was matched under the third edition of the rules.
"""

from scipy.stats import beta

# Pattern, and months in which its event could have been seen. Of T6: since the border is open to delegations; of T8:
# those by which three months before them have been seen too.
MONTHS = {"T1": 8, "T6": 14, "T8": 17, "W9": 36, "W13": 68}
LIMIT = 0.8  # of the posterior


def chance_limit(months: int) -> float:
    """Return the monthly chance of an event below which four fifths of its posterior lie, after months without one.

    Parameters
    ----------
    months
        How many were seen.

    Returns
    -------
    float
        The quantile of Jeffreys' posterior, a beta distribution (Jeffreys 1946).

    Examples
    --------
    >>> round(chance_limit(14), 3)
    0.056
    """
    return float(beta(0.5, months + 0.5).ppf(LIMIT))


def allowed_share(months: int) -> float:
    """Return the share of runs that may show the event in so many months, though the record never saw it.

    Parameters
    ----------
    months
        How many were seen.

    Examples
    --------
    >>> round(allowed_share(14), 2)
    0.55
    """
    return 1.0 - (1.0 - chance_limit(months)) ** months


if __name__ == "__main__":
    for pattern, seen in MONTHS.items():
        print(f"{pattern}: {seen} months, at most {chance_limit(seen):.3f} a month, {allowed_share(seen):.2f} of runs")
