"""Tests of the daemon: python3 -m unittest"""

import json
import os
import threading
import unittest
import urllib.error
import urllib.request

os.environ["PORT"] = "0"

from main import server


class Daemon(unittest.TestCase):
    def setUp(self):
        self.server = server()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def asked(self, path: str, body: bytes) -> tuple:
        url = f"http://127.0.0.1:{self.server.server_port}{path}"
        try:
            with urllib.request.urlopen(url, data=body, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def test_answers_with_its_payload(self):
        self.assertEqual(self.asked("/invoke", b'{"payload": {"n": 1}}'), (200, {"payload": {"n": 1}}))

    def test_refuses_what_is_no_message(self):
        for body in (b"no JSON", b"[]"):
            self.assertEqual(self.asked("/invoke", body)[0], 400)

    def test_answers_nowhere_else(self):
        self.assertEqual(self.asked("/elsewhere", b"{}")[0], 404)


if __name__ == "__main__":
    unittest.main()
