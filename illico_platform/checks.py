"""Settings that must not reach production, refused with an id and a hint."""
