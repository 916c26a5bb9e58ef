"""The linear toy of the tests of the filter, by another program: ``python benchmarks/other_filter.py``.

What it prints is ``tests/inference/other_filter.csv``, and a test holds our own weighing and resampling against that.
It needs release 0.4 of ``particles`` (Chopin and Papaspiliopoulos 2020) in an environment of its own: that package
wants a numpy older than ours.
"""

import numpy as np
import particles
from particles import distributions, state_space_models

SEEDS, COUNT = 40, 4_000
SEEN = (0.3, 1.2, 0.9, -0.4, -1.5, -0.7, 0.2, 2.0, 2.2, 1.1, 0.4, -0.1)


class PulledBack(state_space_models.StateSpaceModel):
    """A random walk that is pulled back and seen with noise."""

    def PX0(self):
        """Return the first state."""
        return distributions.Normal(loc=0.0, scale=1.0)

    def PX(self, t, xp):
        """Return a state, given the one before."""
        return distributions.Normal(loc=0.8 * xp, scale=0.6)

    def PY(self, t, xp, x):
        """Return what is seen of a state."""
        return distributions.Normal(loc=x, scale=0.5)


def main() -> None:
    """Print the log evidence of each seed."""
    print("seed,log_evidence")
    for seed in range(SEEDS):
        np.random.seed(seed)
        model = state_space_models.Bootstrap(ssm=PulledBack(), data=np.array(SEEN))
        other = particles.SMC(fk=model, N=COUNT, resampling="systematic", ESSrmin=0.5)
        other.run()
        print(f"{seed},{other.logLt:.6f}")


if __name__ == "__main__":
    main()
