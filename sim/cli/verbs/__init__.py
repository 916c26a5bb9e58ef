"""One file a command: it defines ``verb``, whose docstring is the help."""
