"""A made-up neighbourhood to try everything on: an evening with open doors, and a panel in the making."""

from pb.demo.neighbourhood import PASSWORD, STAFF, addresses_to_try, fill, fill_if_empty

__all__ = ["PASSWORD", "STAFF", "addresses_to_try", "fill", "fill_if_empty"]
