"""The web server's settings: two processes, each an event loop for its clients and a few threads for the site."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "config.connections.Worker"
worker_connections = 2000  # of each process; `config.asgi` says how many threads answer them
asgi_lifespan = "off"
keepalive = 0  # one request a connection: nobody fills a queue of answers that he does not read
timeout = 60  # seconds without a sign of a process's event loop, and until the next piece of a body
limit_request_line = 8190  # bytes
graceful_timeout = 10
accesslog = None
errorlog = "-"
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True  # nobody steers it, and it would lie in the home folder

DRAWING_AFTER = 5.0  # seconds; a process first answers, then loads what draws pictures, which takes a second


def post_worker_init(worker: object) -> None:
    """Load every page before the first is asked for, and the drawing of pictures before somebody waits for it."""
    import importlib
    import threading

    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 (the attribute imports the views)

    loading = threading.Timer(DRAWING_AFTER, importlib.import_module, ["nominations.pictures"])
    loading.daemon = True
    loading.start()
