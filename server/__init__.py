"""The web: addresses, forms, login, languages, mail and the command line."""
