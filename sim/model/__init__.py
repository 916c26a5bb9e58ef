"""The rules: plain functions of numbers. Imports ``math`` and ``dataclasses``, nothing else."""
