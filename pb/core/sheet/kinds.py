"""Telling by the first bytes what a file really is, whatever its name says."""

from typing import Final

from pb.core.errors import BadInput
from pb.core.sheet.problems import SheetIsOther, SheetIsProtected, SheetIsSpreadsheet

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Names inside a zip stand in it uncompressed; the first that is found decides.
_IN_ZIP: Final = (
    (b"vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"xl/workbook.bin", "xlsb"),
    (b"xl/vbaProject", "xlsm"),
    (b"xl/", "xlsx"),
    (b"Index/Document.iwa", "numbers"),
)
_OTHER: Final = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"{\\rtf", "document"),
    (b"\x1f\x8b", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "zip"),
    (b"Rar!", "zip"),
    (b"{", "json"),
    (b"[", "json"),
)
_NAMES_OF_WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


def tell_other_kind(raw: bytes, file_name: str) -> BadInput | None:
    """Tell why a file is not a text with rows, or None when it may be one."""
    named = next((end for end in _NAMES_OF_WORKBOOKS if file_name.lower().endswith(end)), "")
    if raw.startswith(_ZIP):
        for mark, kind in _IN_ZIP:
            if mark in raw:
                return SheetIsSpreadsheet(kind=kind)
        return SheetIsOther(kind="document" if b"word/" in raw else "zip", named=named)
    if raw.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            return SheetIsProtected()
        return SheetIsSpreadsheet(kind="xls")
    kind = _tell_image(raw) or _tell_markup(raw)
    if kind == "xml-workbook":
        return SheetIsSpreadsheet(kind="xml")
    for mark, other in _OTHER:
        # BM opens a bitmap and also many a name; a bitmap has zeros soon after.
        if raw.startswith(mark) and (mark != b"BM" or b"\0" in raw[:16]):
            kind = kind or other
    return SheetIsOther(kind=kind, named=named) if kind else None


def _tell_image(raw: bytes) -> str:
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image"
    return "image" if raw[4:12] in (b"ftypheic", b"ftypavif", b"ftypmif1") else ""


def _tell_markup(raw: bytes) -> str:
    opening = raw[:2000].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip().lower()
    opening = opening.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in opening:
        return "xml-workbook"
    if opening.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<body")):
        return "html"
    if opening.startswith((b"<?xml", b"<svg")):
        return "html" if b"<html" in opening else "xml"
    return ""
