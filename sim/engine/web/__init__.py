"""The engine in a browser: the traced months as WebAssembly, and what a page needs beside them."""
