"""Room 0: accounts, roles, login, and the mail that goes out."""
