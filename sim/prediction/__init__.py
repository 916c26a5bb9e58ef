"""The prediction on trial: treatments, ablation, verdict, falsification, rivals, sensitivity, forecasts, scores.

Attributes
----------
FORECASTS
    The version of how forecasts are made: questions, what comes from outside, those that know no politics. It moves
    when the same states lead to other forecasts; a test over recorded values says so.
"""

FORECASTS = "3"
