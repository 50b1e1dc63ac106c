"""Pages of the company's space about numbers, imports, people and settings."""
