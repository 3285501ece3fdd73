"""Tests of the job: python3 -m unittest"""

import contextlib
import io
import unittest

from main import main


class Job(unittest.TestCase):
    def ran(self, *arguments: str) -> tuple:
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            code = main(list(arguments))
        return code, out.getvalue(), errors.getvalue()

    def test_prints_its_payload(self):
        self.assertEqual(self.ran('{"payload": {"text": "hello"}}'), (0, 'Received: {"text": "hello"}\n', ""))

    def test_takes_the_last_argument(self):
        self.assertEqual(self.ran("--verbose", '{"payload": "a text"}')[1], 'Received: "a text"\n')

    def test_refuses_what_is_no_message(self):
        for arguments in ([], ["no JSON"], ["[]"]):
            code, _, errors = self.ran(*arguments)
            self.assertEqual(code, 2)
            self.assertIn("Error: ", errors)


if __name__ == "__main__":
    unittest.main()
