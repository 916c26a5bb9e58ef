"""The rules run once on symbols: the graph of operations that every engine but Mesa's prints."""
