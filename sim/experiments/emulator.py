"""A quick guess of what living a parameter set through history would measure, with its error.

A small neural network (scikit-learn, extra ``study``) learns the measured means from the sets that were lived. It is
used only to choose which draws of the prior are worth living, never to keep one.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments import hindcast
from sim.experiments.designs import priors
from sim.experiments.patterns import PAIRED

HELD_OUT = 0.1  # of the sets, to know the error
Floats = NDArray[np.float32]
_ARRAYS = ("centre", "scale", "error", "explained")


@dataclass(frozen=True)
class Emulator:
    """Guesses of every number but those that need a second world.

    Attributes
    ----------
    layers
        Of the network: weights (inputs, outputs) and what is added to the outputs.
    names
        The numbers, in the order of the arrays.
    error
        Standard deviation of the guess, known from sets that were held out.
    explained
        Share of the variance of the true means that the guess explains there.
    """

    layers: tuple[tuple[Floats, Floats], ...]
    names: tuple[str, ...]
    centre: Floats
    scale: Floats
    error: NDArray[np.float64]
    explained: NDArray[np.float64]

    def means(self, sets: pd.DataFrame) -> pd.DataFrame:
        """Return the guessed means, a row a set."""
        *hidden, (weights, added) = self.layers
        signal = _places(sets)
        for inner, bias in hidden:
            signal = np.maximum(signal @ inner + bias, np.float32(0.0))
        guessed = (signal @ weights + added) * self.scale + self.centre
        return pd.DataFrame(guessed, columns=list(self.names), index=sets.index)

    def save(self, file: Path) -> None:
        """Write it as numbers alone: a file that somebody sends must not be able to run anything."""
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _ARRAYS}
        for number, (weights, added) in enumerate(self.layers):
            arrays |= {f"weights_{number}": weights, f"added_{number}": added}
        with file.open("wb") as opened:
            np.savez(opened, names=np.array(self.names), **arrays)

    @classmethod
    def load(cls, file: Path) -> "Emulator":
        """Return what :meth:`save` wrote."""
        with np.load(file, allow_pickle=False) as found:
            count = sum(name.startswith("weights_") for name in found)
            layers = tuple((found[f"weights_{number}"], found[f"added_{number}"]) for number in range(count))
            return cls(layers, tuple(found["names"].tolist()), *(found[name] for name in _ARRAYS))

    def guessed(self, sets: pd.DataFrame) -> hindcast.Scores:
        """Return the guessed means with their errors."""
        means = self.means(sets)
        errors = np.broadcast_to(self.error, means.shape)
        return hindcast.Scores(means, pd.DataFrame(errors, columns=means.columns, index=means.index))


def fit(sets: pd.DataFrame, scores: hindcast.Scores, hidden: int, seed: int) -> Emulator:
    """Learn from sets that were lived; a set counts the more, the more runs it had."""
    from sklearn.neural_network import MLPRegressor

    names = [str(name) for name in scores.means if name not in PAIRED]
    means, errors = (frame[names].to_numpy(np.float32) for frame in (scores.means, scores.errors))
    known = np.isfinite(means)  # T7b is not where no run has a slight: there nothing is answered
    centre, scale = np.nanmean(means, axis=0), np.nanstd(means, axis=0)
    standard = np.where(known, (means - centre) / scale, 0.0).astype(np.float32)
    held = np.random.default_rng(seed).random(len(sets)) < HELD_OUT
    network = MLPRegressor(
        hidden_layer_sizes=(hidden,), batch_size=min(1024, len(sets) // 4), early_stopping=True,
        validation_fraction=0.05, n_iter_no_change=3, max_iter=200, alpha=1e-3, random_state=seed,
    )  # fmt: skip
    weight = 1.0 / np.nanmean((errors / scale) ** 2, axis=1)
    places = _places(sets)
    network.fit(places[~held], standard[~held], sample_weight=(weight / weight.mean())[~held])
    layers = tuple(zip(network.coefs_, network.intercepts_, strict=True))
    made = Emulator(layers, tuple(names), centre, scale, *[np.empty(0)] * 2)
    missed = np.where(known, made.means(sets).to_numpy() - means, np.nan)[held]
    sampling = np.nanmean(errors[held].astype(np.float64) ** 2, axis=0)
    square = np.nanmean(missed.astype(np.float64) ** 2, axis=0)
    own = np.maximum(square - sampling, square / 10.0)  # of rare events the sampling error is known badly
    true = np.maximum(np.nanvar(means[held].astype(np.float64), axis=0) - sampling, own + 1e-12)
    return replace(made, error=np.sqrt(own), explained=1.0 - own / true)


def _places(sets: pd.DataFrame) -> Floats:
    """Return each parameter's place in its range, -1 to 1."""
    ranges = priors()
    low = np.array([each.low for each in ranges.values()])
    high = np.array([each.high for each in ranges.values()])
    return ((sets[list(ranges)].to_numpy() - low) / (high - low) * 2.0 - 1.0).astype(np.float32)
