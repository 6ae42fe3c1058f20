"""Serves rendered pages with our policy and static files, so that Chromium can try the modules on them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

from tests.web.bare_pages import ROOT

POLICY = "default-src 'self'; img-src 'self' data:"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers."""

    body: str
    etag: str = ""
    status: int = 200


@dataclass(slots=True)
class Site:
    """Paths and what answers them; every request is noted."""

    url: str = ""
    pages: dict[str, Callable[[bool], Answer]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)


def bootstrap_css() -> bytes:
    """Return Bootstrap's own file from its package."""
    spec = find_spec("flask_bootstrap")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.joinpath("static/bootstrap5/css/bootstrap.min.css").read_bytes()


def static_file(path: str) -> tuple[bytes, str]:
    """Return a static file and its type."""
    if path.startswith("/bootstrap/"):
        return bootstrap_css(), "text/css"
    file = ROOT / "scheduler" / path.lstrip("/")
    return file.read_bytes(), KINDS.get(file.suffix, "text/plain")


class Handler(BaseHTTPRequestHandler):
    """Answers a site's pages; ``site`` is set by ``served``."""

    site: Site

    def do_GET(self) -> None:
        path = self.path.split("?", 1)[0]
        if path.startswith(("/static/", "/bootstrap/")):
            data, kind = static_file(path)
            self.answer(Answer(data.decode()), kind)
        elif path == "/favicon.ico":
            self.answer(Answer("", status=204), "image/svg+xml")
        else:
            self.answer(self.page(path), "text/html; charset=utf-8")

    def page(self, path: str) -> Answer:
        fragment = "fragment" in self.headers.get("Accept", "")
        self.site.seen.append(f"{'fragment' if fragment else 'page'} {self.path}")
        page = self.site.pages.get(path)
        answer = page(fragment) if page else Answer("gone", status=404)
        known = answer.etag and self.headers.get("If-None-Match") == answer.etag
        return Answer("", answer.etag, 304) if known else answer

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.site.seen.append(f"post {self.path} {self.rfile.read(length).decode()}")
        self.answer(Answer("<h1>Done</h1>"), "text/html; charset=utf-8")

    def answer(self, answer: Answer, kind: str) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("ETag", answer.etag)
        self.end_headers()
        self.wfile.write(answer.body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Serve a site on a free port of this machine until the block ends."""
    handler = type("SiteHandler", (Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
