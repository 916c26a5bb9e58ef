"""The release, in a file of its own, so that who names it needs nothing of the package."""

__version__ = "0.1.0"
