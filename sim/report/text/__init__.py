"""Sentences: the answer, its doubt, the chronicle, why a capital did what it did."""
