"""Measurements side by side with what they compare to, in databases of their own that are dropped afterwards."""
