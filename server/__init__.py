"""Serve the pages: addresses, forms, login, languages and mail."""
