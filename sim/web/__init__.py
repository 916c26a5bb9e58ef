"""The page: ensembles at the move of a control, one run, a capital to play, lessons."""
