"""The Mesa engine: five agents, month by month, with every decision kept."""
