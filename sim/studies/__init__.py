"""A folder a study: what is asked, the points of a design, the worker, the runner, the cluster."""
