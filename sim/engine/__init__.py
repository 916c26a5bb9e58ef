"""Engines that turn a scenario into months: Mesa, to read and step through; compiled, for many runs."""
