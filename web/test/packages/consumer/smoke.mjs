// Every function once, for runtimes that have no tests of their own. Prints "ok".

import { body, check, fix, format, importRequest, init, set, stream, unset } from "@completion-playground/core";

const same = (got, want) => {
  if (got !== want) throw new Error(`got ${got}, want ${want}`);
};

await init();
const text = '{"model": "m", "prompt": ["x"], "max_tokens": 8, "temprature": 0.5}';
same(check(text).issues[0].code, "unknown-field");
same(fix(text).text, '{"model": "m", "prompt": ["x"], "max_tokens": 8, "temperature": 0.5}');
same(set(text, "/n", 2).text, '{"model": "m", "prompt": ["x"], "max_tokens": 8, "n": 2, "temprature": 0.5}');
same(unset(text, "/temprature").text, '{"model": "m", "prompt": ["x"], "max_tokens": 8}');
same(format('{"n":1}').text, '{\n  "n": 1\n}');
same(body(fix(text).text), '{"model":"m","prompt":["x"],"max_tokens":8,"temperature":0.5}');
same(importRequest("curl http://h/v1/completions -d '{}'").kind, "curl");
const { outcome } = await stream(new Response('{"choices":[{"index":0,"text":"a","finish_reason":"stop"}]}')).finished;
same(outcome, "complete");
console.log("ok");
