"""Billing: what it costs, where the money sits, who gets it."""
