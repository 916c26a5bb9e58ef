"""What the model rests on: the article's claims, numbered assumptions, parameters, and observed data."""
