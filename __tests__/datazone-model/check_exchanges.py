"""Holds recorded exchanges with a DataZone against botocore's model of the service.

Usage: check_exchanges.py FILE, one JSON object a line: method, path (raw, with its query), body, status, resHeaders, resBody.
Prints what does not fit and exits 1; exits 0 with a summary line if everything fits, and 3 where botocore is missing.
"""

import json
import re
import sys
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

try:
    from botocore.loaders import Loader
    from botocore.model import ServiceModel
    from botocore.parsers import ResponseParserError, create_parser
    from botocore.validate import ParamValidator
except ImportError as error:
    print(f"this check needs botocore, which knows the API's model ({error}); install it: python3 -m pip install botocore", file=sys.stderr)
    sys.exit(3)

DESCRIPTION = Loader().load_service_model("datazone", "service-2")
MODEL = ServiceModel(DESCRIPTION, "datazone")
ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
PYTHON_TYPES = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
}


def wire_name(name, shape):
    return shape.serialization.get("name") or name


def constraints_of(shape):
    """What the model says of a shape and botocore's objects do not show: pattern, enum, bounds, union."""
    return DESCRIPTION["shapes"][shape.name]


def timestamp_problem(shape, value):
    form = shape.serialization.get("timestampFormat") or constraints_of(shape).get("timestampFormat") or "unixTimestamp"
    if form == "iso8601":
        fits = isinstance(value, str) and ISO_8601.fullmatch(value)
    else:
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    return None if fits else f"{value!r} is no timestamp of the form {form}"


def own_problem(shape, value):
    """What is wrong with a value by itself, without what it holds."""
    if shape.type_name == "timestamp":
        return timestamp_problem(shape, value)
    wanted = PYTHON_TYPES.get(shape.type_name)
    if wanted is not None and (not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool)):
        return f"{value!r} is no {shape.type_name}"
    limits = constraints_of(shape)
    if "enum" in limits and value not in limits["enum"]:
        return f"{value!r} is none of {', '.join(limits['enum'])}"
    if "pattern" in limits and not re.search(f"^(?:{limits['pattern']})$", value):
        return f"{value!r} does not look like {limits['pattern']}"
    if shape.type_name in ("string", "list", "map", "integer", "long", "float", "double"):
        size = len(value) if hasattr(value, "__len__") else value
        if not limits.get("min", float("-inf")) <= size <= limits.get("max", float("inf")):
            return f"{value!r} is not within {limits.get('min')} and {limits.get('max')}"
    if limits.get("union") and len(value) != 1:
        return f"exactly one member is wanted, not {', '.join(sorted(value)) or 'none'}"
    return None


def problems_of(shape, value, where):
    """Everything in a JSON value that its shape does not allow."""
    problem = own_problem(shape, value)
    if problem is not None:
        yield f"{where}: {problem}"
    elif shape.type_name == "structure":
        members = {wire_name(name, member): member for name, member in shape.members.items()}
        for name in sorted(value.keys() - members.keys()):
            yield f"{where}: the model has no member '{name}'"
        for name in shape.required_members:
            if value.get(wire_name(name, shape.members[name])) is None:
                yield f"{where}: '{name}' is required"
        for name in value.keys() & members.keys():
            yield from problems_of(members[name], value[name], f"{where}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from problems_of(shape.member, item, f"{where}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from problems_of(shape.value, item, f"{where}.{key}")


def route_of(operation):
    template = MODEL.operation_model(operation).http["requestUri"].split("?")[0]
    pattern = "".join(f"(?P<{part[1:-1].rstrip('+')}>[^/]+)" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", template))
    return re.compile(pattern), template.count("{")


ROUTES = sorted(
    ((MODEL.operation_model(name), *route_of(name)) for name in MODEL.operation_names),
    key=lambda route: route[2],
)


def find_operation(method, path):
    for operation, pattern, _ in ROUTES:
        match = pattern.fullmatch(path)
        if operation.http["method"] == method and match:
            return operation, {name: unquote(value) for name, value in match.groupdict().items()}
    return None, {}


def request_problems(operation, exchange, labels):
    shape = operation.input_shape
    query = dict(parse_qsl(urlsplit(exchange["path"]).query, keep_blank_values=True))
    body = json.loads(exchange["body"]) if exchange.get("body") else {}
    given = {}
    for name, member in shape.members.items():
        location, wire = member.serialization.get("location"), wire_name(name, member)
        source = labels if location == "uri" else query if location == "querystring" else body
        if wire in source:
            value = source.pop(wire)
            given[name] = int(value) if member.type_name in ("integer", "long") and isinstance(value, str) else value
    for left, where in ((query, "query"), (body, "body")):
        for name in left:
            yield f"request: the model has no '{name}' in the {where}"
    report = ParamValidator().validate(given, shape)
    if report.has_errors():
        yield f"request: {report.generate_report()}"
    for name, value in given.items():
        yield from problems_of(shape.members[name], value, f"request.{name}")


def error_problems(operation, exchange, headers, body):
    code = (headers.get("x-amzn-errortype") or body.get("__type") or "").split(":")[0].split("#")[-1]
    shape = next((one for one in operation.error_shapes if one.name == code), None)
    if shape is None:
        yield f"answer: {operation.name} never answers '{code}'"
        return
    status = shape.metadata.get("error", {}).get("httpStatusCode")
    if status is not None and status != exchange["status"]:
        yield f"answer: {code} has the status {status}, not {exchange['status']}"
    yield from problems_of(shape, {name: value for name, value in body.items() if name != "__type"}, "answer")


def answer_problems(operation, exchange):
    headers = {name.lower(): value for name, value in exchange["resHeaders"].items()}
    text = exchange.get("resBody") or ""
    body = json.loads(text) if text else {}
    if exchange["status"] >= 300:
        yield from error_problems(operation, exchange, headers, body)
        return
    wanted = operation.http.get("responseCode", 200)
    if exchange["status"] != wanted:
        yield f"answer: the status is {wanted}, not {exchange['status']}"
    if operation.output_shape is None:
        return
    yield from problems_of(operation.output_shape, body, "answer")
    try:
        response = {"status_code": exchange["status"], "headers": headers, "body": text.encode()}
        create_parser("rest-json").parse(response, operation.output_shape)
    except (ResponseParserError, ValueError) as error:
        yield f"answer: botocore cannot parse it: {error}"


def main(file):
    seen, failed = Counter(), 0
    with open(file, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            exchange = json.loads(line)
            path = urlsplit(exchange["path"]).path
            operation, labels = find_operation(exchange["method"], path)
            if operation is None:
                problems = [f"the model has no operation {exchange['method']} {path}"]
            else:
                seen[operation.name] += 1
                problems = [*request_problems(operation, exchange, labels), *answer_problems(operation, exchange)]
            failed += bool(problems)
            for problem in problems:
                print(f"{number} {operation.name if operation else '?'}: {problem}")
    print(f"{sum(seen.values())} exchanges of {len(seen)} operations, {failed} that do not fit: {', '.join(sorted(seen))}")
    return 1 if failed or not seen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
