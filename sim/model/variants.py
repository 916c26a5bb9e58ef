"""Rival readings of the model, switchable by name in a scenario. V0 is the base."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Variant:
    """A named change of the base model: parameters that take another value, and rules that change.

    Attributes
    ----------
    parameters
        Values that replace those of the register and of the scenario.
    unilateral
        Pyongyang sets arms and Moscow sets payment and technology, each taking the other's last move as given.
    linear_economy
        Pyongyang's economy goal does not saturate.
    """

    name: str
    title: str
    parameters: dict[str, float] = field(default_factory=dict)
    unilateral: bool = False
    linear_economy: bool = False


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant("V0", "the base model"),
        Variant("V1", "each side sets its own part of the arms deal", unilateral=True),
        Variant("V2-1", "capitals look one month ahead", {"foresight": 1.0}),
        Variant("V2-12", "capitals look twelve months ahead", {"foresight": 12.0}),
        Variant("V4", "Pyongyang bears no grievance", {"grievance": 0.0}),
        Variant("V5", "capitals always take the best option", {"precision": 1e9}),
        Variant("V6", "losses loom larger than gains", {"loss_aversion": 2.25}),
        Variant("V7", "Beijing gives less the more Pyongyang slights it", {"reciprocity": 0.5}),
        Variant("V9-moscow", "Moscow makes take-it-or-leave-it offers", {"bargaining_moscow": 1.0}),
        Variant("V9-pyongyang", "Pyongyang makes take-it-or-leave-it offers", {"bargaining_moscow": 0.0}),
        Variant("V10", "every lever is reviewed every month", {"review_chance": 1.0, "review_chance_line": 1.0}),
        Variant("V11", "Pyongyang's economy goal is linear", linear_economy=True),
        Variant("V13-substitutes", "either patron will do", {"patrons_together": -1.0}),
        Variant("V13-adds", "two patrons add up", {"patrons_together": 0.0}),
        Variant("V13-complements", "patrons count only together", {"patrons_together": 1.0}),
        Variant("V14", "Beijing minds that Moscow is the closer patron", {"patron_rivalry": 0.3}),
        Variant("V15", "Pyongyang hedges: it defers less to those it depends on", {"hedging": 0.6}),
        Variant("V16", "Pyongyang resents it when Beijing turns to the West", {"affront": 0.5}),
        Variant("V17", "Pyongyang buys more in China if it earns elsewhere", {"import_income": 0.3}),
        Variant("V18", "years of better living raise what the North can produce", {"capacity_gain": 0.008}),
        Variant("V19", "making arms counts as economic output", {"output_arms": 0.03}),
        Variant("V20", "Beijing values meetings more if Moscow is closer", {"visits_rivalry": 0.3}),
    )
}
