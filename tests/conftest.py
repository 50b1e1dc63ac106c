"""What every test stands on: the reference rows and the fixed cast."""
