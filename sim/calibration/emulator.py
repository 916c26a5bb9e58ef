"""A quick guess of what simulating a parameter set through history would measure, with its error.

A small neural network (scikit-learn, extra ``study``) learns the measured means from the sets that were simulated. It
is used only to choose which draws of the prior are worth simulating, never to keep one.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.patterns import PAIRED
from sim.calibration import hindcast
from sim.calibration.designs import priors

_ARRAYS = ("centre", "scale", "error", "explained")
HELD_OUT = 0.1  # of the sets, to know the error
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Emulator:
    """Guesses of every number but those that need a second world.

    Attributes
    ----------
    layers
        Weights and biases of the network, from the places of the parameters to the standardised numbers; ReLU between.
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
        guessed = predicted(self.layers, _places(sets)) * self.scale + self.centre
        return pd.DataFrame(guessed, columns=list(self.names), index=sets.index)

    def guessed(self, sets: pd.DataFrame) -> hindcast.Scores:
        """Return the guessed means with their errors."""
        means = self.means(sets)
        errors = np.broadcast_to(self.error, means.shape)
        return hindcast.Scores(means, pd.DataFrame(errors, columns=means.columns, index=means.index))


def fit(sets: pd.DataFrame, scores: hindcast.Scores, hidden: int, seed: int) -> Emulator:
    """Learn from sets that were simulated; a set counts the more, the more runs it had."""
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
    missed = np.where(known, network.predict(places) * scale + centre - means, np.nan)[held]
    sampling = np.nanmean(errors[held].astype(np.float64) ** 2, axis=0)
    square = np.nanmean(missed.astype(np.float64) ** 2, axis=0)
    own = np.maximum(square - sampling, square / 10.0)  # of rare events the sampling error is known badly
    true = np.maximum(np.nanvar(means[held].astype(np.float64), axis=0) - sampling, own + 1e-12)
    layers = tuple(zip(network.coefs_, network.intercepts_, strict=True))
    return Emulator(layers, tuple(names), centre, scale, np.sqrt(own), 1.0 - own / true)


def predicted(layers: tuple[tuple[Floats, Floats], ...], places: Floats) -> Floats:
    """Return what the network says: a row a row of places."""
    *hidden, (last, bias) = layers
    for weights, biases in hidden:
        places = np.maximum(places @ weights + biases, 0.0)
    return places @ last + bias


def written(made: Emulator) -> bytes:
    """Return an emulator as an npz file: arrays and nothing that could be run."""
    sink = io.BytesIO()
    arrays: dict[str, Any] = {f"{kind}_{place}": array for place, layer in enumerate(made.layers)
                               for kind, array in zip(("weights", "biases"), layer, strict=True)}  # fmt: skip
    np.savez(sink, names=np.array(made.names), **arrays, **{name: getattr(made, name) for name in _ARRAYS})
    return sink.getvalue()


def read(content: bytes) -> Emulator:
    """Return the emulator of an npz file."""
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        places = range(sum(name.startswith("weights_") for name in found))
        layers = tuple((found[f"weights_{place}"], found[f"biases_{place}"]) for place in places)
        return Emulator(layers, tuple(found["names"].tolist()), *(found[name] for name in _ARRAYS))


def _places(sets: pd.DataFrame) -> Floats:
    """Return each parameter's place in its range, -1 to 1."""
    ranges = priors()
    low = np.array([each.low for each in ranges.values()])
    high = np.array([each.high for each in ranges.values()])
    return ((sets[list(ranges)].to_numpy() - low) / (high - low) * 2.0 - 1.0).astype(np.float32)
