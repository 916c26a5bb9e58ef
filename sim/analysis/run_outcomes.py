"""What became of each run: one row a run."""

import numpy as np
import pandas as pd

from sim.analysis import units
from sim.analysis.definitions import Drift
from sim.analysis.patterns import three_way
from sim.engine.ensemble import Ensemble, war_ended
from sim.model import months
from sim.scenario.plain_data import NO_END


def outcomes(many: Ensemble, drifted: Drift) -> pd.DataFrame:
    """Return a row a run: the war's end, what was exchanged and built, the end state, and the five definitions.

    Parameters
    ----------
    many
        An ensemble.
    drifted
        What the definitions say of it.

    Returns
    -------
    frame
        Flows of shells in millions, re-engagement and effects in points of 100, times in months.
    """
    value = many.array
    first, end = many.scenario.first, war_ended(many)
    shown = slice(first, None)
    frame = pd.DataFrame(
        {
            "war_ends": [
                months.name(int(month)) if over else NO_END for month, over in zip(many.war_end, end, strict=True)
            ],
            "reengagement_last_year": value("reengagement")[:, -12:].mean(axis=1),
            "china_flow_last_year": value("china_flow")[:, -12:].mean(axis=1),
            "arms_total_million_shells": value("arms_flow")[:, shown].sum(axis=1) * units.MILLION_SHELLS,
            "russian_goods_total": value("russia_flow")[:, shown].sum(axis=1),
            "capability_gained": value("capability")[:, -1] - value("capability")[:, first],
            "tension_mean": value("tension")[:, shown].mean(axis=1),
            "buildup_last": value("allied_buildup")[:, -1],
            "slights": (value("pyongyang_toward_beijing")[:, shown] == -1.0).sum(axis=1),
            "months_of_three_way_bloc": three_way(many)[:, shown].sum(axis=1),
            "effect_of_the_end": drifted.effect.to_numpy(),
        },
        index=pd.Index(many.runs, name="run"),
    )
    for name in drifted.time:  # of judged runs alone, so that a missing time says that it did not come true
        frame[f"{name}_after_months"] = drifted.time[name].where(drifted.judged).to_numpy()
    frame["judged"] = drifted.judged.to_numpy(dtype=bool)
    return frame.replace([np.inf], np.nan)
