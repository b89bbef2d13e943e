"""Accounts that nobody has, to pay to in a rehearsal."""


def example_iban(number: int) -> str:
    """Make an IBAN that adds up, of an account that nobody has. Source: ISO 13616 (97-10)."""
    account = f"RABO{number:010d}"
    digits = "".join(str(int(character, 36)) for character in f"{account}NL00")
    return f"NL{98 - int(digits) % 97:02d}{account}"
