"""Drawing: figures as matplotlib pictures and as SVG."""
