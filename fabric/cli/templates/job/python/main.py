"""The skill {{name}}, a job: it does its work once and ends.

The last argument is the message, JSON text; what the invoker gave stands under "payload". All that is printed, on stdout and stderr, is the
log of the task and the response of the skill. An exit code other than 0 marks the task as FAILED; an agent goes on all the same.
"""

import json
import sys

from messages import send_message


def run(message: dict) -> None:
    """The work. Change this."""
    payload = message.get("payload")
    print(f"Received: {json.dumps(payload, ensure_ascii=False)}", flush=True)
    count = payload.get("num_records", 0) if isinstance(payload, dict) else 0
    for number in range(1, int(count) + 1):
        # Records that are sent go to the next skill at once, and take the place of what is printed.
        send_message(message, {"text": f"Send message {number}"})
    if count:
        print(f"Generated {count} messages", flush=True)


def main(arguments: list) -> int:
    if not arguments:
        print("Error: the message is missing: give it as the last argument, JSON text", file=sys.stderr)
        return 2
    try:
        message = json.loads(arguments[-1])
    except ValueError as error:
        print(f"Error: the last argument is not JSON: {error}", file=sys.stderr)
        return 2
    if not isinstance(message, dict):
        print("Error: the message must be a JSON object", file=sys.stderr)
        return 2
    run(message)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
