"""The page: live ensembles, one world, a capital to play, lessons. Built on NiceGUI, which the extra ``app`` brings."""
