"""Agents: who answered, where they sat, and what they were paid."""
