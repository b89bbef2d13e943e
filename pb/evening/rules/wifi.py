"""The text of a QR code that takes a phone onto the room's Wi-Fi."""

_SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in '\\;,":'})


def wifi_text(name: str, password: str) -> str:
    """Write what a phone's camera reads as a Wi-Fi network; without a password it is an open one.

    Source: the "WIFI:" text that ZXing describes and that Android and iOS read.
    """
    kept = f"S:{name.translate(_SPECIAL)};"
    if not password:
        return f"WIFI:T:nopass;{kept};"
    return f"WIFI:T:WPA;{kept}P:{password.translate(_SPECIAL)};;"
