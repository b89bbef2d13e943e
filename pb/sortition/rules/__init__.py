"""A stratified draw: what goes in, what is refused, exact fractions, packs and public numbers."""
