"""Where things are kept: engine, base table, journal. SQLAlchemy, no Flask."""
