"""The rules as WebAssembly: printed, compiled, and laid into the page."""
