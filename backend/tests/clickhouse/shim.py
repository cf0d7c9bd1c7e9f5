"""ClickHouse's HTTP interface, as far as Flarepath uses it, in front of chdb: the engine itself, without a server.

For tests, on loopback, one query at a time. Prints its URL, and ends with its standard input. Settings that only a server
has are passed over; there are no users, quotas and clusters, and no answer fails midway.
"""

import os
import re
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb import session

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
INSERT = re.compile(r"\s*INSERT\s+INTO\s+(.*?)\s+FORMAT\s+(\w+)\s*$", re.IGNORECASE | re.DOTALL)
CODE = re.compile(r"Code: (\d+)")
# Of the server, or of the connection; `readonly` would hold for the whole session.
PASSED_OVER = {"wait_end_of_query", "readonly", "cancel_http_readonly_queries_on_client_close"}


class Engine:
    """The one session of this process."""

    def __init__(self, directory):
        self.directory = directory
        self.session = session.Session(os.path.join(directory, "data"))
        self.lock = threading.Lock()

    def run(self, sql, body, params):
        """The bytes that ClickHouse would answer."""
        database = params.pop("database", "default")
        answer_format = params.pop("default_format", "TabSeparated")
        values = {name[len("param_"):]: value for name, value in params.items() if name.startswith("param_")}
        settings = {
            name: value
            for name, value in params.items()
            if not name.startswith("param_") and name not in PASSED_OVER
        }
        assert all(NAME.fullmatch(name) for name in [database, *settings])
        insert = INSERT.match(sql)
        with self.lock:
            self.session.query(f"USE {database}")
            if insert:
                return self.insert(insert, body, settings)
            # A statement that makes something takes the settings of the session.
            if settings and re.match(r"\s*(SELECT|WITH)\b", sql, re.IGNORECASE):
                sql = f"{sql}\nSETTINGS {written(settings)}"
            return self.session.query(sql, answer_format, params=values).bytes()

    def insert(self, insert, body, settings):
        path = os.path.join(self.directory, "body")
        with open(path, "wb") as file:
            file.write(body)
        into, body_format = insert.groups()
        settings = f"SETTINGS {written(settings)}" if settings else ""
        return self.session.query(f"INSERT INTO {into} FROM INFILE '{path}' {settings} FORMAT {body_format}").bytes()


def written(settings):
    quoted = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in settings.items()}
    return ", ".join(f"{name} = '{value}'" for name, value in quoted.items())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, b"Ok.\n")

    def do_POST(self):
        params = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sql = params.pop("query", None)
        sql, body = (body.decode(), b"") if sql is None else (sql, body)
        try:
            self.answer(200, self.server.engine.run(sql, body, params))
        except (RuntimeError, UnicodeDecodeError) as error:
            # The text of an exception that quotes bytes.
            quoted = getattr(error, "object", b"").decode(errors="replace")
            text = quoted or str(error)
            code = CODE.search(text)
            text = text[code.start():] if code else text
            self.answer(500, text.encode(), {"X-ClickHouse-Exception-Code": code.group(1) if code else "0"})

    def answer(self, status, body, headers=None):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    with tempfile.TemporaryDirectory() as directory:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.engine = Engine(directory)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        sys.stdin.read()
        server.shutdown()
        server.engine.session.close()


main()
