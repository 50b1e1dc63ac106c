"""Template filters of the house style."""
