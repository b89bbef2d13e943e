"""What gunicorn serves."""

from config import settings_from
from pb.app import build

app = build(settings_from())
