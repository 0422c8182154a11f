"""The door for the web server: the site, answered by a few threads behind a buffer."""

import os

from config.buffering import BufferedApplication
from config.wsgi import application as site

application = BufferedApplication(site, threads=int(os.environ.get("WEB_THREADS") or 4))
