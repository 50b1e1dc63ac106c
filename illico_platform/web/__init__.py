"""Bases of the web pages: how figures are written, lists, read-only pages, change history. It knows no app."""
