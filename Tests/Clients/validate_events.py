"""Validates events, a line each, against their schema: validate_events.py SCHEMA EVENTS"""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
with open(sys.argv[2], encoding="utf-8") as file:
    for number, line in enumerate(file, 1):
        event = json.loads(line)
        for error in validator.iter_errors(event):
            sys.exit(f"line {number}: {error.message} at {list(error.absolute_path)}\n{line}")
print(f"{number} events")
