"""Every rule says what it rests on: claims of the article (C and two digits) or assumptions (A and a number).

A goal also says what it is, in words.
"""

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
        Ids from ``sim/registers/claims.yaml`` or ``sim/registers/assumptions.yaml``.
    """

    def mark(rule: Rule) -> Rule:
        rule.rests_on = sources  # type: ignore[attr-defined]
        return rule

    return mark


def goal(says: str, *sources: str, note: str = "") -> Callable[[Rule], Rule]:
    """Attach to a goal its words, beside the ids of the claims and assumptions that it is built from.

    The words are data: reasons of choices, the page and the protocol read the ``says`` attribute. The docstring is made
    of them.

    Parameters
    ----------
    says
        What the capital wants, in a sentence.
    *sources
        As for :func:`rests_on`.
    note
        What else a reader of the rule has to know.
    """

    def mark(rule: Rule) -> Rule:
        rule.says = says  # type: ignore[attr-defined]
        rule.__doc__ = "\n\n".join(filter(None, (says, note)))
        return rests_on(*sources)(rule)

    return mark
