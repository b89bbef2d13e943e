"""After the evening: decision, payment, settlement, books."""
