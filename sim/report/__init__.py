"""Runs in pictures, in words and as reports. They show; they compute nothing that a result rests on."""
