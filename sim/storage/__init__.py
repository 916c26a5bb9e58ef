"""Files that are there whole or not at all, and say so when they are not what was written."""
