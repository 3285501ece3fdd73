"""The skill {{name}}, a daemon: an HTTP server that answers POST /invoke until it is stopped.

The body is the message, JSON; what the invoker gave stands under "payload". The answer has to be a JSON object whose "payload" is the
skill's output, within 30 seconds. PORT is the port it listens on, HOST the address.
"""

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def run(message: dict) -> object:
    """The work: what it returns is the skill's output. Change this."""
    return message.get("payload")


class Skill(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self.answer(200, {"payload": "ok"})
        else:
            self.answer(404, {"error": f"nothing at {self.path}"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path != "/invoke":
            self.answer(404, {"error": f"nothing at {self.path}: POST to /invoke"})
            return
        try:
            message = json.loads(body or b"{}")
        except ValueError as error:
            self.answer(400, {"error": f"the body is not JSON: {error}"})
            return
        if not isinstance(message, dict):
            self.answer(400, {"error": "the message must be a JSON object"})
            return
        self.answer(200, {"payload": run(message)})

    def answer(self, status: int, content: dict) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        print(format % args, file=sys.stderr, flush=True)


def server() -> ThreadingHTTPServer:
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "5000")))
    return ThreadingHTTPServer(address, Skill)


def main() -> int:
    listening = server()
    # shutdown waits for the loop that the signal has interrupted: not from the same thread.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=listening.shutdown).start())
    print(f"Listening on port {listening.server_port}", flush=True)
    listening.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
