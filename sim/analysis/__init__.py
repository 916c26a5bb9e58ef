"""What runs say: the definitions of drifting back, patterns, paired runs, outcomes, estimates, time to event, boxes."""
