"""The floor: money, periods, registries, errors. Standard library only; it knows no app and no framework."""
