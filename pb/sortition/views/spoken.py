"""Write numbers as people say them."""


def spoken_phone(phone: str) -> str:
    """Write a Dutch number in pairs; another one stays as it was typed."""
    digits = f"0{phone[3:]}" if phone.startswith("+31") else phone
    if len(digits) != 10 or not digits.startswith("0"):
        return phone
    return " ".join([digits[:2], digits[2:4], digits[4:6], digits[6:8], digits[8:]])
