"""The description of the API: what ninja derives from the routes ─described→ with refusals and the shape of answers.

Answers are not models (lists are written straight from the database), so their shape is said here, by kind of route.
"""

from types import MappingProxyType
from typing import Any

from ninja.openapi.schema import OpenAPISchema

Schema = dict[str, Any]

REFUSAL: Schema = {
    "type": "object",
    "required": ["code", "params", "message"],
    "properties": {
        "code": {"type": "string", "description": "what was refused, as a code that does not change"},
        "params": {"type": "object", "description": "what the sentence is filled with"},
        "message": {"type": "string", "description": "the sentence for the person"},
        "faults": {"type": "array", "items": {"$ref": "#/components/schemas/FieldFault"}},
        "current": {"type": "object", "description": "409: the row as it stands now"},
        "yours": {"type": "object", "description": "409: what was to be saved"},
        "tasks": {"type": "array", "items": {"type": "object"}, "description": "bulk: the tasks refused"},
    },
}
FAULT: Schema = {
    "type": "object",
    "required": ["field", "code", "params", "message"],
    "properties": {
        "field": {"type": "string"},
        "code": {"type": "string"},
        "params": {"type": "object"},
        "message": {"type": "string"},
    },
}
PAGE: Schema = {
    "type": "object",
    "required": ["total", "page", "size", "rows"],
    "properties": {
        "total": {"type": "integer"},
        "page": {"type": "integer", "minimum": 1},
        "size": {"type": "integer", "minimum": 1, "maximum": 200},
        "rows": {"type": "array", "items": {"type": "object"}},
    },
}
#: What a refusal of each status means.
REFUSALS = MappingProxyType(
    {
        "400": "the body cannot be read",
        "401": "no valid token or session",
        "403": "seen, but not to be done by this account; `message` says why",
        "404": "not there, or not there for this account",
        "405": "the address does not know this method",
        "409": "somebody was faster (both versions are told), or the step contradicts how things stand",
        "413": "the body is too large",
        "422": "what was sent is wrong; `faults` holds everything",
    }
)
#: Routes that answer with a file, by the end of their address, and its type.
FILES = MappingProxyType(
    {
        "/file": "application/octet-stream",
        "/commented": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "/breakdown": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "/outline": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".{suffix}": "application/octet-stream",
    }
)
#: Parameters of lists, besides the filters that each list has.
PARAMETERS = MappingProxyType(
    {
        "page": {"type": "integer", "minimum": 1, "maximum": 100_000, "default": 1},
        "size": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
        "inspection": {"type": "integer", "minimum": 1},
        "object": {"type": "integer", "minimum": 1},
        "batch": {"type": "integer", "minimum": 1},
        "parent": {"type": "integer", "minimum": 1},
        "as_of": {"type": "string", "format": "date"},
        "known_at": {"type": "string", "format": "date-time"},
    }
)


def described(schema: OpenAPISchema) -> OpenAPISchema:
    """Return the description with the answers and refusals of every route."""
    parts = schema.setdefault("components", {})
    parts.setdefault("schemas", {}).update({"Refusal": REFUSAL, "FieldFault": FAULT, "Page": PAGE})
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    parts["responses"] = {
        f"Refused{status}": {"description": meaning, "content": refusal}
        for status, meaning in REFUSALS.items()
    }
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            _describe(path, method, operation)
    return schema


def parameters(*names: str, integers: bool = True) -> Schema:
    """Return what a route says of its query, for `openapi_extra`; `integers` follows PARAMETERS for numbers."""
    return {
        "parameters": [
            {
                "in": "query",
                "name": name,
                "required": False,
                "schema": PARAMETERS[name] if name in PARAMETERS and integers else {"type": "string"},
            }
            for name in names
        ]
    }


def _describe(path: str, method: str, operation: Schema) -> None:
    made = operation["responses"].pop(200, None) or operation["responses"].pop("200", {})
    answer: Schema = {"type": ["object", "array"]}
    names = {one["name"] for one in operation.get("parameters", [])}
    if {"page", "size"} <= names:
        answer = {"$ref": "#/components/schemas/Page"}
    content = {"application/json": {"schema": answer}}
    for end, media_type in FILES.items():
        if path.endswith(end):
            content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    said = {**made, "description": "done", "content": content}
    operation["responses"] = {"200": said}
    if method == "post":
        operation["responses"]["201"] = {**said, "description": "made"}
    for status in REFUSALS:
        operation["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
