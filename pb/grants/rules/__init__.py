"""What holds for grants and payments, by topic: names, numbers, sheets, payment lists."""
