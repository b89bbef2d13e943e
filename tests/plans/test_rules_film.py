"""Which film a pasted link means; the addresses are always built by us."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import BadInput
from pb.plans.rules.film import (
    Film,
    FilmIsChannel,
    FilmIsPlaylist,
    FilmIsRedirect,
    FilmLinkTooLong,
    FilmNotALink,
    FilmNotHttps,
    FilmUnknownSite,
    FilmWithoutVideo,
    FilmWrongId,
    Provider,
    film_embed_url,
    film_page_url,
    read_film_link,
)

HOSTS = frozenset({"video.voorbeeld.nl"})
ID = "dQw4w9WgXcQ"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
SHORT = "kkGMgK9ZtnKfYAgnEtQxbv"
ONE_FILM = Film(Provider.YOUTUBE, "www.youtube.com", ID)


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.youtube.com/watch?v={ID}",
        f"https://youtube.com/watch?v={ID}&list=PL123&index=2",
        f"https://www.youtube.com/watch?app=desktop&v={ID}&pp=ygU%3D",
        f"https://m.youtube.com/watch?v={ID}",
        f"https://music.youtube.com/watch?v={ID}",
        f"https://youtu.be/{ID}",
        f"https://youtu.be/{ID}?si=AbCdEfGhIjKlMnOp",
        f"https://youtu.be/{ID}/",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/shorts/{ID}?feature=share",
        f"https://www.youtube.com/live/{ID}?feature=shared",
        f"https://www.youtube.com/embed/{ID}?autoplay=1",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"HTTPS://WWW.YouTube.COM/watch?v={ID}",
        f"  https://youtu.be/{ID}\n",
        f"youtube.com/watch?v={ID}",
        f"www.youtube.com/watch?v={ID}",
        f"youtu.be/{ID}",
        f"https://www.youtube.com/watch?v={ID}&t=onzin",
        f"https://www.youtube.com/watch?v={ID}&v={ID}",
    ],
)
def test_every_way_to_copy_a_youtube_link_means_the_same_film(link: str) -> None:
    assert read_film_link(link, HOSTS) == ONE_FILM


@pytest.mark.parametrize(
    ("link", "seconds"),
    [
        (f"https://youtu.be/{ID}?t=90", 90),
        (f"https://youtu.be/{ID}?t=90s", 90),
        (f"https://www.youtube.com/watch?v={ID}&t=1h2m3s", 3723),
        (f"https://www.youtube.com/embed/{ID}?start=90", 90),
        (f"https://www.youtube.com/watch?v={ID}#t=1m30s", 90),
        ("https://vimeo.com/76979871#t=30s", 30),
        (f"https://video.voorbeeld.nl/w/{SHORT}?start=1m30s", 90),
        (f"https://youtu.be/{ID}?t=99h", 0),
        (f"https://youtu.be/{ID}?t=-5", 0),
        (f"https://youtu.be/{ID}?t=", 0),
        (f"https://youtu.be/{ID}?t=٣", 0),
    ],
)
def test_a_film_starts_where_the_link_says(link: str, seconds: int) -> None:
    if not link.isascii():
        link = link.replace("٣", "%D9%A3")
    assert read_film_link(link, HOSTS).starts_at_seconds == seconds


@pytest.mark.parametrize(
    ("link", "video_id"),
    [
        ("https://vimeo.com/76979871", "76979871"),
        ("https://www.vimeo.com/76979871?share=copy", "76979871"),
        ("https://vimeo.com/76979871/8272103f6e", "76979871/8272103f6e"),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e&title=0", "76979871/8272103f6e"),
        ("https://vimeo.com/channels/staffpicks/76979871", "76979871"),
        ("https://vimeo.com/groups/wijk/videos/76979871", "76979871"),
        ("https://vimeo.com/showcase/123456/video/76979871", "76979871"),
        ("https://vimeo.com/manage/videos/76979871/8272103f6e", "76979871/8272103f6e"),
    ],
)
def test_a_vimeo_link_keeps_the_key_of_an_unlisted_film(link: str, video_id: str) -> None:
    assert read_film_link(link, HOSTS) == Film(Provider.VIMEO, "vimeo.com", video_id)


@pytest.mark.parametrize(
    ("path", "video_id"),
    [
        (f"/w/{SHORT}", SHORT),
        (f"/w/{UUID}", UUID),
        (f"/videos/watch/{UUID}", UUID),
        (f"/videos/embed/{UUID}?title=0", UUID),
    ],
)
def test_a_peertube_film_is_read_on_the_servers_that_are_named(path: str, video_id: str) -> None:
    link = f"https://video.voorbeeld.nl{path}"
    assert read_film_link(link, HOSTS) == Film(Provider.PEERTUBE, "video.voorbeeld.nl", video_id)
    assert read_film_link(link, frozenset({"Video.Voorbeeld.NL"})).host == "video.voorbeeld.nl"
    with pytest.raises(FilmUnknownSite):
        read_film_link(link, frozenset())


REFUSED: list[tuple[str, type[BadInput]]] = [
    ("", FilmNotALink),
    ("mijn film", FilmNotALink),
    ("2130706433", FilmNotALink),
    (f"Kijk hier: https://youtu.be/{ID}", FilmNotALink),
    (f"https://youtu.be/{ID} https://youtu.be/{ID}", FilmNotALink),
    (f'<iframe src="https://www.youtube.com/embed/{ID}"></iframe>', FilmNotALink),
    (f"https://www.youtube.com/wa\ttch?v={ID}", FilmNotALink),
    (f"https://www.youtube.com/watch\n?v={ID}", FilmNotALink),
    (f"https://www.youtube.com/watch?v={ID}%00", FilmNotALink),
    (f"https://www.youtube.com/watch?v={ID}&x=%zz", FilmNotALink),
    (f"https://www.youtube.com/watch?v={ID}&x=%", FilmNotALink),
    (f"https://youtu.be/{ID}?" + "a=1&" * 2000, FilmLinkTooLong),
    (f"https://youtu.be/{ID}?" + "a" * 100_000, FilmLinkTooLong),
    ("javascript:alert(1)", FilmUnknownSite),
    (f"javascript://youtube.com/watch?v={ID}%0aalert(1)", FilmUnknownSite),
    ("data:text/html,x", FilmUnknownSite),
    ("vbscript:x", FilmUnknownSite),
    ("file:///etc/passwd", FilmUnknownSite),
    (f"ftp://youtube.com/watch?v={ID}", FilmUnknownSite),
    ("//evil", FilmUnknownSite),
    (f"//youtube.com/watch?v={ID}", FilmUnknownSite),
    ("https:evil", FilmUnknownSite),
    (f"https:youtube.com/watch?v={ID}", FilmUnknownSite),
    (f"https:/youtube.com/watch?v={ID}", FilmUnknownSite),
    ("http:///x", FilmUnknownSite),
    (f"https://youtube.com.evil.nl/watch?v={ID}", FilmUnknownSite),
    (f"https://notyoutube.com/watch?v={ID}", FilmUnknownSite),
    (f"https://www.youtube.com@evil.nl/watch?v={ID}", FilmUnknownSite),
    (f"https://evil.nl@www.youtube.com/watch?v={ID}", FilmUnknownSite),
    (f"https://www.youtube.com\\@evil.nl/watch?v={ID}", FilmUnknownSite),
    (f"https://evil.nl\\@www.youtube.com/watch?v={ID}", FilmUnknownSite),
    (f"https://youtu.be/{ID}\\@evil.nl", FilmWrongId),
    ("https://evil.nl#youtube.com", FilmUnknownSite),
    (f"https://evil.nl?https://youtube.com/watch?v={ID}", FilmUnknownSite),
    (f"https://xn--outube-6ya.com/watch?v={ID}", FilmUnknownSite),
    (f"https://y\u043eutube.com/watch?v={ID}", FilmUnknownSite),
    (f"https://youtube\u3002com/watch?v={ID}", FilmUnknownSite),
    (f"https://www.youtube.com./watch?v={ID}", FilmUnknownSite),
    (f"https://www.youtube.com:8080/watch?v={ID}", FilmUnknownSite),
    (f"https://www.youtube.com:443/watch?v={ID}", FilmUnknownSite),
    ("http://127.0.0.1", FilmUnknownSite),
    ("http://[::1]", FilmUnknownSite),
    ("http://2130706433/", FilmUnknownSite),
    ("0x7f.1", FilmUnknownSite),
    ("169.254.169.254", FilmUnknownSite),
    ("http://localtest.me/", FilmUnknownSite),
    ("https://www.tiktok.com/@wijk/video/1", FilmUnknownSite),
    (f"http://youtu.be/{ID}", FilmNotHttps),
    ("http://vimeo.com/76979871", FilmNotHttps),
    ("https://www.youtube.com/redirect?q=https%3A%2F%2Fevil.nl", FilmIsRedirect),
    (f"https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3D{ID}", FilmIsRedirect),
    ("https://www.youtube.com/playlist?list=PL123", FilmIsPlaylist),
    ("https://www.youtube.com/watch?list=PL123", FilmIsPlaylist),
    ("https://www.youtube.com/embed/videoseries?list=PL123", FilmIsPlaylist),
    ("https://vimeo.com/showcase/1234567", FilmIsPlaylist),
    (f"https://video.voorbeeld.nl/w/p/{SHORT}", FilmIsPlaylist),
    (f"https://video.voorbeeld.nl/videos/watch/playlist/{UUID}", FilmIsPlaylist),
    ("https://www.youtube.com/@wijkfilm", FilmIsChannel),
    ("https://www.youtube.com/channel/UC123", FilmIsChannel),
    ("https://www.youtube.com/embed/live_stream?channel=UC123", FilmIsChannel),
    ("https://video.voorbeeld.nl/c/wijk/videos", FilmIsChannel),
    ("https://www.youtube.com", FilmWithoutVideo),
    ("https://www.youtube.com/watch", FilmWithoutVideo),
    ("https://www.youtube.com/results?search_query=buurt", FilmWithoutVideo),
    ("https://vimeo.com/wijkfilm", FilmWithoutVideo),
    ("https://vimeo.com/ondemand/wijk", FilmWithoutVideo),
    ("https://vimeo.com/event/123456", FilmWithoutVideo),
    ("https://video.voorbeeld.nl/about", FilmWithoutVideo),
    (f"https://www.youtube.com/watch?v={ID[:-1]}", FilmWrongId),
    (f"https://www.youtube.com/watch?v={ID}x", FilmWrongId),
    ("https://youtu.be/dQw4w9WgX%63Q", FilmWrongId),
    ("https://youtu.be/dQw4w9Wg<cQ", FilmNotALink),
    (f'https://youtu.be/{ID}"onload=x', FilmWrongId),
    (f"https://www.youtube.com/watch?v={ID}&v=AAAAAAAAAAA", FilmWrongId),
    ("https://vimeo.com/0", FilmWrongId),
    ("https://vimeo.com/" + "9" * 400, FilmWrongId),
    ("https://vimeo.com/76979871/abc", FilmWrongId),
    ("https://video.voorbeeld.nl/w/123", FilmWrongId),
    ("https://video.voorbeeld.nl/w/..%2f..%2fetc", FilmWrongId),
]


@pytest.mark.parametrize(("link", "refusal"), REFUSED)
def test_a_link_that_is_not_one_film_on_a_known_site_is_refused(link: str, refusal: type[BadInput]) -> None:
    with pytest.raises(BadInput) as told:
        read_film_link(link, HOSTS)
    assert type(told.value) is refusal
    assert told.value.status == 422


def test_the_right_address_is_offered_to_who_typed_http() -> None:
    with pytest.raises(FilmNotHttps) as told:
        read_film_link(f"http://m.youtube.com/watch?v={ID}&feature=x", HOSTS)
    assert told.value.facts["meant"] == f"https://www.youtube.com/watch?v={ID}"


@pytest.mark.parametrize(
    ("film", "page", "embed"),
    [
        (
            Film(Provider.YOUTUBE, "www.youtube.com", ID, 90),
            f"https://www.youtube.com/watch?v={ID}&t=90s",
            f"https://www.youtube-nocookie.com/embed/{ID}?rel=0&start=90",
        ),
        (
            Film(Provider.VIMEO, "vimeo.com", "76979871"),
            "https://vimeo.com/76979871",
            "https://player.vimeo.com/video/76979871?dnt=1",
        ),
        (
            Film(Provider.VIMEO, "vimeo.com", "76979871/8272103f6e", 30),
            "https://vimeo.com/76979871/8272103f6e#t=30s",
            "https://player.vimeo.com/video/76979871?h=8272103f6e&dnt=1#t=30s",
        ),
        (
            Film(Provider.PEERTUBE, "video.voorbeeld.nl", UUID, 5),
            f"https://video.voorbeeld.nl/w/{UUID}?start=5s",
            f"https://video.voorbeeld.nl/videos/embed/{UUID}?p2p=0&start=5s",
        ),
    ],
)
def test_the_addresses_are_built_by_us(film: Film, page: str, embed: str) -> None:
    assert film_page_url(film) == page
    assert film_embed_url(film) == embed
    assert read_film_link(page, HOSTS) == film
    assert read_film_link(embed, HOSTS) == film


youtube_ids = st.text(alphabet=string.ascii_letters + string.digits + "_-", min_size=11, max_size=11).filter(
    lambda video_id: video_id not in ("videoseries", "live_stream")
)


@given(youtube_ids, st.integers(min_value=0, max_value=12 * 3600))
def test_the_address_of_a_film_leads_back_to_it(video_id: str, seconds: int) -> None:
    film = Film(Provider.YOUTUBE, "www.youtube.com", video_id, seconds)
    assert read_film_link(film_page_url(film), HOSTS) == film
    assert read_film_link(film_embed_url(film), HOSTS) == film


@given(st.text(max_size=80).map(lambda tail: "https://www.youtube.com" + tail) | st.text(max_size=80))
def test_whatever_is_pasted_gives_an_address_of_ours_or_a_refusal(link: str) -> None:
    try:
        film = read_film_link(link, HOSTS)
    except BadInput:
        return
    assert film_page_url(film).startswith("https://www.youtube.com/watch?v=")


def test_a_link_that_is_no_text_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        read_film_link(None, HOSTS)  # type: ignore[arg-type]
