"""The model written down from its own code: equations, influences, registers, and the protocol made of them."""
