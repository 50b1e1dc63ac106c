"""How dates and times are written for English readers: day first, 24 hours, as in the country of the calls."""
