"""A quick guess of what simulating a parameter set through history would measure, with its error.

A small neural network (scikit-learn, extra ``study``) learns the measured means from draws of the whole prior. Where
few sets are left, a line learns from them what the network misses there. Both are used only to choose which draws of
the prior are worth simulating, never to keep one.
"""

import io
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.patterns import PAIRED
from sim.inference import hindcast
from sim.inference.designs import scale_to_unit

_ARRAYS = ("line", "centre", "scale", "error", "explained")
HELD_OUT = 10  # one set of so many is held out, to know the error
_RIDGE = 100.0  # what keeps a line from learning chance, in sets
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Emulator:
    """Guesses of every number but those that need a second world.

    Attributes
    ----------
    layers
        Weights and biases of the network, from the places of the parameters to the standardised numbers; ReLU between.
    line
        What is added for each parameter's place, a column a number.
    names
        The numbers, in the order of the arrays.
    error
        Standard deviation of the guess, known from sets that were held out.
    explained
        Share of the variance of the true means that the guess explains there.
    """

    layers: tuple[tuple[Floats, Floats], ...]
    line: Floats
    names: tuple[str, ...]
    centre: Floats
    scale: Floats
    error: NDArray[np.float64]
    explained: NDArray[np.float64]

    def means(self, sets: pd.DataFrame) -> pd.DataFrame:
        """Return the guessed means, a row a set."""
        guessed = self.standard_guesses(_places(sets)) * self.scale + self.centre
        return pd.DataFrame(guessed, columns=list(self.names), index=sets.index)

    def standard_guesses(self, places: Floats) -> Floats:
        """Return the guesses as the network knows them, a row a row of places."""
        return predict(self.layers, places) + places @ self.line

    def guess(self, sets: pd.DataFrame) -> hindcast.Scores:
        """Return the guessed means with their errors."""
        means = self.means(sets)
        errors = np.broadcast_to(self.error, means.shape)
        return hindcast.Scores(means, pd.DataFrame(errors, columns=means.columns, index=means.index))


def fit_emulator(sets: pd.DataFrame, scores: hindcast.Scores, hidden: int, seed: int) -> Emulator:
    """Learn from sets that were simulated; a set counts the more, the more runs it had."""
    from sklearn.neural_network import MLPRegressor

    names = [str(name) for name in scores.means if name not in PAIRED]
    means, errors = (frame[names].to_numpy(np.float32) for frame in (scores.means, scores.errors))
    known = np.isfinite(means)  # T7b is not where no run has a slight: there nothing is answered
    centre, scale = np.nanmean(means, axis=0), np.nanstd(means, axis=0)
    standard = np.where(known, (means - centre) / scale, 0.0).astype(np.float32)
    held = _held_out(sets)
    network = MLPRegressor(
        hidden_layer_sizes=(hidden,), batch_size=min(1024, len(sets) // 4), early_stopping=True,
        validation_fraction=0.05, n_iter_no_change=3, max_iter=200, alpha=1e-3, random_state=seed,
    )  # fmt: skip
    places = _places(sets)
    network.fit(places[~held], standard[~held], sample_weight=_weights(errors / scale)[~held])
    layers = tuple(zip(network.coefs_, network.intercepts_, strict=True))
    line = np.zeros((places.shape[1], len(names)), dtype=np.float32)
    guessed = predict(layers, places[held]) * scale + centre
    return Emulator(layers, line, tuple(names), centre, scale, *_doubt(guessed, means[held], errors[held]))


def refit_on_misses(made: Emulator, sets: pd.DataFrame, scores: hindcast.Scores) -> Emulator:
    """Return an emulator that has learned what it misses among some sets: a line of their places and of its guesses.

    A set may be there twice, by few and by many runs. It is held out with all its rows, or with none.
    """
    names = list(made.names)
    means, errors = (frame[names].to_numpy(np.float32) for frame in (scores.means, scores.errors))
    places, held = _places(sets), _held_out(sets)
    guessed = made.standard_guesses(places)
    missed = (means - made.centre) / made.scale - guessed
    known = np.hstack([places, guessed, np.ones((len(sets), 1), dtype=np.float32)]).astype(np.float64)
    weighed = known * _weights(errors / made.scale)[:, None]
    square = weighed[~held].T @ known[~held] + _RIDGE * np.eye(known.shape[1])
    learned = np.linalg.solve(square, weighed[~held].T @ np.where(np.isfinite(missed), missed, 0.0)[~held])
    slope, mixed, shift = np.split(learned, [places.shape[1], -1])
    own = np.eye(len(names)) + mixed
    *hidden, (last, bias) = made.layers
    layers = (*hidden, ((last @ own).astype(np.float32), (bias @ own + shift[0]).astype(np.float32)))
    better = replace(made, layers=layers, line=(made.line @ own + slope).astype(np.float32))
    error, explained = _doubt(better.means(sets[held]).to_numpy(), means[held], errors[held])
    return replace(better, error=error, explained=explained)


def _held_out(sets: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which sets are not learned from: by what they are, so that all rows of a set share its fate."""
    return np.asarray(pd.util.hash_pandas_object(sets, index=False) % HELD_OUT == 0)


def _weights(errors: Floats | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much each set counts: the more, the more runs it had."""
    weight = 1.0 / np.nanmean(errors**2, axis=1)
    return np.asarray(weight / weight.mean())


def _doubt(guessed: Floats, means: Floats, errors: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the standard deviation of guesses and the share of the true variance that they explain."""
    sampling = np.nanmean(errors.astype(np.float64) ** 2, axis=0)
    square = np.nanmean((guessed - means).astype(np.float64) ** 2, axis=0)
    own = np.maximum(square - sampling, square / 10.0)  # of rare events the sampling error is known badly
    true = np.maximum(np.nanvar(means.astype(np.float64), axis=0) - sampling, own + 1e-12)
    return np.sqrt(own), 1.0 - own / true


def predict(layers: tuple[tuple[Floats, Floats], ...], places: Floats) -> Floats:
    """Return what the network says: a row a row of places."""
    *hidden, (last, bias) = layers
    for weights, biases in hidden:
        places = np.maximum(places @ weights + biases, 0.0)
    return places @ last + bias


def encode_emulator(made: Emulator) -> bytes:
    """Return an emulator as an npz file: arrays and nothing that could be run."""
    sink = io.BytesIO()
    arrays: dict[str, Any] = {f"{kind}_{place}": array for place, layer in enumerate(made.layers)
                               for kind, array in zip(("weights", "biases"), layer, strict=True)}  # fmt: skip
    np.savez(sink, names=np.array(made.names), **arrays, **{name: getattr(made, name) for name in _ARRAYS})
    return sink.getvalue()


def decode_emulator(content: bytes) -> Emulator:
    """Return the emulator of an npz file."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        places = range(sum(name.startswith("weights_") for name in arrays))
        layers = tuple((arrays[f"weights_{place}"], arrays[f"biases_{place}"]) for place in places)
        line, *others = (arrays[name] for name in _ARRAYS)
        return Emulator(layers, line, tuple(arrays["names"].tolist()), *others)


def _places(sets: pd.DataFrame) -> Floats:
    """Return each parameter's place in its range, -1 to 1."""
    return (2.0 * scale_to_unit(sets) - 1.0).astype(np.float32)
