"""The compiled engine: the traced months as machine code, for many runs."""
