"""A minimal Lambda runtime: loads handler.py, prints `loaded`, runs it for every event on standard input and prints `done` after each."""

import json
import sys

import handler

print("loaded", flush=True)
for line in sys.stdin:
    handler.handler(json.loads(line), None)
    print("done", flush=True)
