"""A film beside a plan: which video a link means, and the addresses that we build for it ourselves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlencode

from pb.core.errors import BadInput

LINK_CHARACTERS_MOST: Final = 2000
STARTS_AT_SECONDS_MOST: Final = 12 * 3600

_ADDRESS: Final = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?P<path>/[^?#]*)?"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.IGNORECASE,
)
_PRINTABLE_ASCII: Final = re.compile(r"[!-~]+")
_BROKEN_ESCAPE: Final = re.compile(r"%(?:00|(?![0-9a-f]{2}))", re.IGNORECASE)
_ANY_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//|[^/]*\.[a-z]{2,}(?:[/:?#]|$)", re.IGNORECASE)

_YOUTUBE_HOSTS: Final = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"})
_YOUTUBE_EMBED_HOSTS: Final = frozenset({"youtube-nocookie.com", "www.youtube-nocookie.com"})
_YOUTUBE_ID: Final = re.compile(r"[A-Za-z0-9_-]{11}")
# Eleven characters too, but words of YouTube's own.
_YOUTUBE_NO_ID: Final = frozenset({"videoseries", "live_stream"})
_YOUTUBE_VIDEO_PATH: Final = re.compile(r"/(?:shorts|live|embed|v)/([^/]+)/?")

_VIMEO_HOSTS: Final = frozenset({"vimeo.com", "www.vimeo.com"})
_VIMEO_PATH: Final = re.compile(
    r"/(?:channels/[^/]+/|groups/[^/]+/videos/|(?:album|showcase)/[0-9]+/video/|manage/videos/|video/)?"
    r"([0-9]+)(?:/([0-9a-f]+))?/?"
)
_VIMEO_ID: Final = re.compile(r"[1-9][0-9]{4,11}")
_VIMEO_HASH: Final = re.compile(r"[0-9a-f]{8,20}")

_PEERTUBE_PATH: Final = re.compile(r"/(?:w|videos/watch|videos/embed)/([^/;]+)/?")
_PEERTUBE_ID: Final = re.compile(
    r"[1-9A-HJ-NP-Za-km-z]{22}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)

_SECONDS: Final = re.compile(r"(?:([0-9]{1,2})h)?(?:([0-9]{1,3})m)?(?:([0-9]{1,5})s?)?", re.IGNORECASE)


class Provider(StrEnum):
    YOUTUBE = "youtube"
    VIMEO = "vimeo"
    PEERTUBE = "peertube"


@dataclass(frozen=True, slots=True)
class Film:
    """Name one video; ``video_id`` of an unlisted Vimeo film is ``number/hash``."""

    provider: Provider
    host: str
    video_id: str
    starts_at_seconds: int = 0


class FilmNotALink(BadInput):
    """Refuse what is more, or less, than one web address."""

    code = "plans.film-not-a-link"


class FilmLinkTooLong(BadInput):
    code = "plans.film-link-too-long"


class FilmUnknownSite(BadInput):
    code = "plans.film-unknown-site"


class FilmNotHttps(BadInput):
    """Refuse http, with the address that does work as a fact."""

    code = "plans.film-not-https"


class FilmIsPlaylist(BadInput):
    code = "plans.film-is-playlist"


class FilmIsChannel(BadInput):
    code = "plans.film-is-channel"


class FilmIsRedirect(BadInput):
    code = "plans.film-is-redirect"


class FilmWithoutVideo(BadInput):
    """Refuse a page of the right site that shows no single video."""

    code = "plans.film-without-video"


class FilmWrongId(BadInput):
    """Refuse a video number that cannot be right, often because the end was not copied."""

    code = "plans.film-wrong-id"


def read_film_link(text: str, peertube_hosts: frozenset[str]) -> Film:
    """Read which video a pasted link means; nothing is fetched.

    A link without a scheme, such as ``youtube.com/watch?v=…``, is read as https: that is what people copy
    from paper and from some address bars, and we build the address ourselves anyway.
    Raises: a BadInput that says what is wrong with the link, and otherwise which sites are allowed.
    """
    if not isinstance(text, str):
        raise TypeError(f"a link must be text, not {type(text).__name__}")
    link = text.strip()
    if len(link) > LINK_CHARACTERS_MOST:
        raise FilmLinkTooLong(most=LINK_CHARACTERS_MOST)
    hosts = frozenset(host.lower() for host in peertube_hosts)
    unknown = FilmUnknownSite(peertube_hosts=tuple(sorted(hosts)))
    if _PRINTABLE_ASCII.fullmatch(link) is None or "<" in link:
        raise unknown if _ANY_ADDRESS.match(link) and not re.search(r"\s|<", link) else FilmNotALink()
    address = _ADDRESS.fullmatch(link)
    if address is None:
        raise unknown if _ANY_ADDRESS.match(link) else FilmNotALink()
    film = _film(address, hosts, unknown)
    if (address["scheme"] or "https").lower() != "https":
        raise FilmNotHttps(meant=film_page_url(film))
    return film


def film_page_url(film: Film) -> str:
    """Build the address of the page where people can watch the film on its own site."""
    start = film.starts_at_seconds
    if film.provider is Provider.YOUTUBE:
        return _with("https://www.youtube.com/watch", {"v": film.video_id} | _if(start, t=f"{start}s"))
    if film.provider is Provider.VIMEO:
        return f"https://vimeo.com/{film.video_id}" + (f"#t={start}s" if start else "")
    return _with(f"https://{film.host}/w/{film.video_id}", _if(start, start=f"{start}s"))


def film_embed_url(film: Film) -> str:
    """Build the address of the player, in the way of each site that follows visitors least.

    Source: YouTube's privacy-enhanced mode; Vimeo's ``dnt``; PeerTube's ``p2p=0``, so that the viewers'
    addresses are not shared with one another.
    """
    start = film.starts_at_seconds
    if film.provider is Provider.YOUTUBE:
        player = f"https://www.youtube-nocookie.com/embed/{film.video_id}"
        return _with(player, {"rel": "0"} | _if(start, start=str(start)))
    if film.provider is Provider.VIMEO:
        number, _, unlisted = film.video_id.partition("/")
        player = _with(f"https://player.vimeo.com/video/{number}", _if(unlisted, h=unlisted) | {"dnt": "1"})
        return player + (f"#t={start}s" if start else "")
    player = f"https://{film.host}/videos/embed/{film.video_id}"
    return _with(player, {"p2p": "0"} | _if(start, start=f"{start}s"))


def _film(address: re.Match[str], peertube_hosts: frozenset[str], unknown: FilmUnknownSite) -> Film:
    host, path = address["host"].lower(), address["path"] or "/"
    if host not in _KNOWN_HOSTS | peertube_hosts:
        raise unknown
    query = _query(address["query"] or "")
    start = _start(query, address["fragment"] or "")
    if host in _YOUTUBE_HOSTS | _YOUTUBE_EMBED_HOSTS or host == "youtu.be":
        return Film(Provider.YOUTUBE, "www.youtube.com", _youtube_id(host, path, query), start)
    if host in _VIMEO_HOSTS or host == "player.vimeo.com":
        return Film(Provider.VIMEO, "vimeo.com", _vimeo_id(path, query), start)
    return Film(Provider.PEERTUBE, host, _peertube_id(path), start)


def _youtube_id(host: str, path: str, query: Mapping[str, str]) -> str:
    if path in ("/redirect", "/attribution_link"):
        raise FilmIsRedirect()
    if path.startswith(("/@", "/channel/", "/c/", "/user/")) or path == "/embed/live_stream":
        raise FilmIsChannel()
    if host == "youtu.be":
        found = path.strip("/")
    elif path in ("/watch", "/watch/"):
        found = query.get("v", "")
    elif path_found := _YOUTUBE_VIDEO_PATH.fullmatch(path):
        found = path_found[1]
    else:
        found = ""
    if found in _YOUTUBE_NO_ID or (not found and "list" in query):
        raise FilmIsPlaylist()
    if not found:
        raise FilmWithoutVideo()
    if _YOUTUBE_ID.fullmatch(found) is None:
        raise FilmWrongId()
    return found


def _vimeo_id(path: str, query: Mapping[str, str]) -> str:
    found = _VIMEO_PATH.fullmatch(path)
    if found is None:
        raise FilmIsPlaylist() if re.match(r"/(?:album|showcase)/", path) else FilmWithoutVideo()
    number, unlisted = found[1], found[2] or query.get("h", "")
    if _VIMEO_ID.fullmatch(number) is None or (unlisted and _VIMEO_HASH.fullmatch(unlisted) is None):
        raise FilmWrongId()
    return f"{number}/{unlisted}" if unlisted else number


def _peertube_id(path: str) -> str:
    if path.startswith(("/w/p/", "/videos/watch/playlist/", "/video-playlists/")):
        raise FilmIsPlaylist()
    if path.startswith(("/c/", "/a/", "/video-channels/", "/accounts/", "/@")):
        raise FilmIsChannel()
    found = _PEERTUBE_PATH.fullmatch(path)
    if found is None:
        raise FilmWithoutVideo()
    if _PEERTUBE_ID.fullmatch(found[1]) is None:
        raise FilmWrongId()
    return found[1]


def _query(text: str) -> dict[str, str]:
    if _BROKEN_ESCAPE.search(text):
        raise FilmNotALink()
    pairs = parse_qsl(text, keep_blank_values=True)
    query = dict(pairs)
    # Two answers to the question which video: a reader and a player may pick different ones.
    if len({value for name, value in pairs if name == "v"}) > 1:
        raise FilmWrongId()
    return query


def _start(query: Mapping[str, str], fragment: str) -> int:
    from_fragment = fragment.removeprefix("t=") if fragment.startswith("t=") else ""
    typed = query.get("t") or query.get("start") or query.get("time_continue") or from_fragment
    found = _SECONDS.fullmatch(typed)
    if found is None:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    start = hours * 3600 + minutes * 60 + seconds
    return start if start <= STARTS_AT_SECONDS_MOST else 0


def _with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address


def _if(wanted: object, **query: str) -> dict[str, str]:
    return query if wanted else {}


_KNOWN_HOSTS: Final = (
    _YOUTUBE_HOSTS | _YOUTUBE_EMBED_HOSTS | _VIMEO_HOSTS | frozenset({"youtu.be", "player.vimeo.com"})
)
