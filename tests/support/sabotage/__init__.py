"""The site with one promise broken, each in a module of its own: a drill must turn red on it.

Only drills serve these; nothing of the product can be told to behave so.
"""
