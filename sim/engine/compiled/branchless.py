"""The one way in which a rule branches, as one instruction: jumps would cost the compiler most of its time."""

from typing import Any

from numba import config, float64
from numba.extending import intrinsic

from sim.model import saturation


@intrinsic
def _select(context: Any, x: Any, limit: Any, yes: Any, no: Any) -> Any:
    def selected(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        x, limit, yes, no = args
        return builder.select(builder.fcmp_ordered("<", x, limit), yes, no)

    return float64(float64, float64, float64, float64), selected


if_below = saturation.if_below if config.DISABLE_JIT else _select  # type: ignore[attr-defined]
