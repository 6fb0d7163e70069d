"""Hold the rules of deliberation and their tables."""
