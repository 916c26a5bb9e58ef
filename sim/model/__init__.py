"""The rules: plain functions of numbers. Imports ``math`` and ``dataclasses``, nothing else.

Attributes
----------
VERSION
    Of the rules and of the engines. It moves when any run comes to other numbers. The third edition is 3.
    Results, sweeps and the retained sets say which version made them, and a test says when it must move.
"""

VERSION = "3.0"
