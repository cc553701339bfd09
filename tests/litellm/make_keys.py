"""Writes keys.json anew: request bodies, and the key that LiteLLM itself gives to the call behind each.

    pip install litellm==1.106.2 && python make_keys.py > keys.json
"""

import json
import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
from litellm.caching.caching import Cache  # noqa: E402

CASES = []
TOOLS = [{"type": "function", "function": {
    "name": "get_weather", "description": "Gets today's \"weather\"", "strict": True,
    "parameters": {"type": "object", "required": ["city"], "additionalProperties": False, "properties": {
        "city": {"type": "string"}, "days": {"type": "integer", "minimum": 1, "default": None}}}}}]


def said(text):
    return [{"role": "user", "content": text}]


def note(name, body, call, provider="openai", namespace="", asked=""):
    if asked:
        call = {**call, "cache": {"namespace": asked}}
    key = Cache(type="local", namespace=namespace or None).get_cache_key(**call)
    # What RedisCache.check_and_fix_namespace adds on the way to the server.
    if namespace and not key.startswith(namespace + ":"):
        key = namespace + ":" + key
    CASES.append(
        {"name": name, "provider": provider, "namespace": namespace, "asked": asked, "body": body, "key": key})


def completion(name, members=None, order=None, body=None, model="openai/gpt-4o-mini", **more):
    """A call of `completion`, its further parameters in `order`, else as in the body."""
    members = {"messages": said("Hi"), "model": "gpt-4o-mini", **(members or {})}
    body = body or json.dumps(members, ensure_ascii=False)
    got = json.loads(body)
    names = [n for n in got if n not in ("model", "messages")] if order is None else order
    note(name, body, {"model": model, "messages": got["messages"], **{n: got[n] for n in names}}, **more)


def proxy(name, members, ends_with):
    """What the proxy makes of a body: `stream` goes to the end."""
    got = {"messages": said("Hi"), "model": "gpt-4o-mini", **members}
    rest = {n: v for n, v in got.items() if n not in ("model", "messages", "stream")}
    note(name, json.dumps(got), {"model": got["model"], "messages": got["messages"], **rest, **ends_with})


for name, text in {
    "apostrophe": "it's", "quotes": 'say "hi"', "both_quotes": 'it\'s "it"', "backslash": "a\\b",
    "controls": "a\nb\tc\rd\x00e\x1bf\x7fg\x85",
    "latin": "caf\u00e9 \u00a0 \u00ad", "combining": "e\u0301", "empty": "",
    "emoji": "\U0001f600 \U0001f469\u200d\U0001f467 \U0001f1ee\U0001f1f3",
    "hindi": "\u0928\u092e\u0938\u094d\u0924\u0947",
    "chinese": "\u4f60\u597d\u3000\u4e16\u754c", "bidi": "a\u200fb\u202ec\ufeff", "separators": "x\u2028y\u2029z\u2009",
    "unassigned": "\u0378 \U000e0001 \U0010ffff \ue000",
}.items():
    completion("text_" + name, {"messages": said(text)})
completion("text_escaped_in_body",
           body='{"messages":[{"role":"user","content":"caf\\u00e9 \\ud83d\\ude00 \\/ \\u0041\\b"}],"model":"gpt-4o-mini"}')

for name, spelling in {
    "zero": "0", "one": "1", "one_float": "1.0", "half": "0.5", "tiny": "0.0000001", "tiny_exponent": "1e-07",
    "least_in_full": "0.0001", "below_that": "0.00001", "most_in_full": "9999999999999998.0", "above_that": "1e16",
    "whole_exponent": "1e15", "upper_e": "1E2", "minus_zero": "-0", "minus_zero_float": "-0.0", "negative": "-1.5e-10",
    "third": "0.3333333333333333", "long": "0.10000000000000000555", "largest": "1.7976931348623157e308",
    "signed_most": "-9223372036854775808", "unsigned_most": "18446744073709551615", "true": "true", "false": "false",
    "list": "[1, [2.50, null, true], {}]",
}.items():
    completion("value_" + name, body='{"model":"gpt-4o-mini","messages":[],"temperature":%s}' % spelling)

completion("tools", {"tools": TOOLS})
completion("several_in_order_of_body", {
    "max_tokens": 10, "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}, "seed": 7,
    "temperature": 0, "tools": TOOLS, "top_p": 1.0, "user": "u-1"})
completion("several_in_order_of_signature", {
    "max_tokens": 10, "response_format": {"type": "json_object"}, "seed": 7, "stop": ["a", "b"], "temperature": 0.2,
    "tool_choice": "auto", "tools": TOOLS, "top_p": 1.0},
    order=["temperature", "top_p", "stop", "max_tokens", "response_format", "seed", "tools", "tool_choice"])
completion("tools_first", {"max_tokens": 5, "temperature": 0, "tool_choice": "auto", "tools": TOOLS},
           order=["tools", "tool_choice", "max_tokens", "temperature"])
completion("parts_and_calls", {"messages": [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [
        {"type": "text", "text": "What's this?"},
        {"type": "image_url", "image_url": {"url": "data:,AA", "detail": "low"}}]},
    {"role": "assistant", "content": None, "tool_calls": [
        {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": [1, 2.50, null]}'}}]},
    {"role": "tool", "tool_call_id": "call_1", "content": "[]"}]})
completion("scalars_and_lists", {"logit_bias": {"50256": -100}, "n": 2, "stop": "END", "logprobs": True})
completion("null_is_left_out", body='{"model":"gpt-4o-mini","messages":[],"temperature":null,"seed":1}', order=["seed"])
completion("metadata_is_left_out", body='{"model":"gpt-4o-mini","messages":[],"metadata":{"a":"b"}}', order=[])
completion("prefix_in_body", body='{"model":"openai/gpt-4o-mini","messages":[]}')
completion("another_provider", body='{"model":"llama","messages":[]}', model="groq/llama", provider="groq")
completion("no_provider", body='{"model":"gpt-4o-mini","messages":[]}', model="gpt-4o-mini", provider="")
completion("namespace", namespace="litellm.caching")
completion("namespace_of_request", asked="team")
completion("both_namespaces", namespace="litellm.caching", asked="team")
completion("stream", {"stream": True})
completion("stream_in_order_of_body", {"stream": True, "stream_options": {"include_usage": True}, "temperature": 0})
completion("stream_last", {"stream": True, "temperature": 0, "tools": TOOLS}, order=["temperature", "tools", "stream"])
completion("stream_false", {"temperature": 0, "stream": False})
note("stream_false_that_the_body_does_not_say", json.dumps({"messages": said("Hi"), "model": "gpt-4o-mini", "seed": 1}),
     {"model": "openai/gpt-4o-mini", "messages": said("Hi"), "seed": 1, "stream": False})
proxy("proxy", {"temperature": 0}, {"stream": False})
proxy("proxy_stream", {"temperature": 0, "stream": True}, {"stream_options": {"include_usage": True}, "stream": True})
proxy("proxy_stream_with_options", {"stream": True, "stream_options": {"include_usage": True}, "temperature": 0},
      {"stream": True})
proxy("router_stream", {"temperature": 0, "stream": True}, {"stream": True})

print("[\n" + ",\n".join(json.dumps(one) for one in CASES) + "\n]")
