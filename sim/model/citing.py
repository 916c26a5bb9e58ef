"""Every rule says what it rests on: claims of the article (C and two digits) or assumptions (A and a number)."""

from collections.abc import Callable
from typing import TypeVar

Rule = TypeVar("Rule", bound=Callable[..., object])


def rests_on(*sources: str) -> Callable[[Rule], Rule]:
    """Attach the ids of the claims and assumptions that a rule is built from.

    The rule itself is returned unchanged; the ids stand in its ``rests_on`` attribute, where the
    tests, the claim table and the explanations of a run read them.

    Parameters
    ----------
    *sources
        Ids from ``sim/article/claims.yaml`` or ``sim/article/assumptions.yaml``.
    """

    def mark(rule: Rule) -> Rule:
        rule.rests_on = sources  # type: ignore[attr-defined]
        return rule

    return mark
