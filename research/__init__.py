"""Studies that make pages and figures of the documentation; they do not travel with the package."""
