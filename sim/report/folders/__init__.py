"""Folders of results: a run, a comparison, a hindcast, a verdict."""
