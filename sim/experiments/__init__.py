"""Experiments: what comparing many worlds says. The only floor where the prediction is spelled out."""
