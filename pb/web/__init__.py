"""The front door: access, forms, language, errors. Knows no room."""
