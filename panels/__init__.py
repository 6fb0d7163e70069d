"""The rules of deliberation and their tables; knows no web."""
