"""What runs say: the definitions of drifting back, patterns, paired runs, outcomes, estimates, time to event, boxes.

Attributes
----------
VERSION
    Of what runs are turned into: the rows of sweeps and the paired runs of a verdict. It moves when any of these
    numbers comes out otherwise for the same months, or is called otherwise; a test over recorded values says so.
    Studies say which version made them.
"""

VERSION = "1"
