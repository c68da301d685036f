"""A Lambda runtime in little: loads handler.py beside it, says so, and runs it for every event on standard input."""

import json
import sys

import handler

print("loaded", flush=True)
for line in sys.stdin:
    handler.handler(json.loads(line), None)
    print("done", flush=True)
