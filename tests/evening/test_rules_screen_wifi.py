"""The QR code that takes a phone onto the room's Wi-Fi, whatever the network is called."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.evening.rules.wifi import wifi_text


def read_wifi(text: str) -> dict[str, str]:
    """Read it as a phone does: fields end at a semicolon that has no backslash before it."""
    assert text.startswith("WIFI:")
    assert text.endswith(";;")
    fields = re.findall(r"([A-Z]):((?:\\.|[^\\;])*);", text.removeprefix("WIFI:"))
    return {name: re.sub(r"\\(.)", r"\1", value) for name, value in fields}


@pytest.mark.parametrize(
    ("name", "password", "text"),
    [
        ("Buurthuis", "welkom123", "WIFI:T:WPA;S:Buurthuis;P:welkom123;;"),
        ("a;b", 'c,d:e"f\\g', 'WIFI:T:WPA;S:a\\;b;P:c\\,d\\:e\\"f\\\\g;;'),
        ("Gasten", "", "WIFI:T:nopass;S:Gasten;;"),
    ],
)
def test_the_signs_that_mean_something_are_escaped(name: str, password: str, text: str) -> None:
    assert wifi_text(name, password) == text


@given(
    st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=32),
    st.text(max_size=63).filter(lambda word: "\n" not in word),
)
def test_a_phone_reads_back_exactly_the_name_and_the_password(name: str, password: str) -> None:
    found = read_wifi(wifi_text(name, password))
    assert found["S"] == name
    assert found.get("P", "") == password
    assert found["T"] == ("WPA" if password else "nopass")
