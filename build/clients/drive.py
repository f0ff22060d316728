"""Has OpenAI's package for Python carry out cases, and writes down what it read.

The order comes as JSON on standard input, the answers leave on standard output, both as for web/test/clients/drive.ts.
"""

import json
import sys

from openai import APIError, APIStatusError, OpenAI


def add(answer, piece):
    answer["model"] = piece.model
    for part in piece.choices:
        choice = next((c for c in answer["choices"] if c["index"] == part.index), None)
        if choice is None:
            choice = {"index": part.index, "text": ""}
            answer["choices"].append(choice)
        choice["text"] += part.text
        if part.finish_reason:
            choice["finish"] = part.finish_reason
        if part.logprobs:
            for name, values in (
                ("tokens", part.logprobs.tokens),
                ("logprobs", part.logprobs.token_logprobs),
                ("top", part.logprobs.top_logprobs),
            ):
                choice[name] = choice.get(name, []) + list(values or [])
    if piece.usage:
        answer["usage"] = {"prompt": piece.usage.prompt_tokens, "completion": piece.usage.completion_tokens}


def carry_out(base, body):
    answer = {"choices": []}
    client = OpenAI(base_url=base, api_key="none is needed", max_retries=0)
    try:
        made = client.completions.create(**body)
        for piece in made if body.get("stream") else [made]:
            add(answer, piece)
    except APIError as error:
        inner = error.body if isinstance(error.body, dict) else {}
        failure = {name: inner.get(name) or "" for name in ("code", "type", "param", "message")}
        if isinstance(error, APIStatusError):
            failure["status"] = error.status_code
        answer["failure"] = failure
    except Exception:  # a broken connection, or an answer that it cannot read
        answer["failure"] = {}
    return answer


json.dump([carry_out(order["base"], order["body"]) for order in json.load(sys.stdin)], sys.stdout)
