"""The thresholds of the rule of the verdict, fixed beforehand (decision 8), and its three words."""

PAIRS = 0.60  # share of pairs in which the end has to leave Pyongyang clearly closer
AGREEING = 0.80  # share of the variants whose effect has the sign of the whole
TOLERANCE = 1.0  # points that a placebo may move
LEVEL = 0.90  # of the weight of the sets, within the tolerance
MASS = 0.20  # share of the sets' weight that a region needs
SUPPORTED, CONDITIONAL, NOT_SUPPORTED = "supported", "conditional", "not supported"
