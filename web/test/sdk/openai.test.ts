// OpenAI's own client, pointed at the demo server and otherwise as it comes.

import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { AuthenticationError, BadRequestError, RateLimitError } from "openai";

const address = process.env.PLAYGROUND_URL;
assert.ok(address, 'PLAYGROUND_URL is not set; run the tests through "go run ./build test"');

const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: "none is needed", maxRetries: 0 });

const asked = { model: "demo-fast", prompt: "The lighthouse keeper", max_tokens: 12, seed: 7 } as const;

test("a completion in one piece", async () => {
  const completion = await client.completions.create({ ...asked, n: 2, logprobs: 2 });
  assert.equal(completion.object, "text_completion");
  assert.equal(completion.choices.length, 2);
  for (const [index, choice] of completion.choices.entries()) {
    assert.equal(choice.index, index);
    assert.ok(choice.text.length > 0);
    assert.match(choice.finish_reason, /^(stop|length)$/);
    const { tokens, token_logprobs, top_logprobs } = choice.logprobs ?? {};
    assert.equal(tokens?.join(""), choice.text);
    assert.equal(token_logprobs?.length, tokens?.length);
    assert.equal(top_logprobs?.length, tokens?.length);
  }
  const { usage } = completion;
  assert.ok(usage && usage.completion_tokens > 0);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
});

test("a stream gives the same text, and its usage at the end", async () => {
  const whole = await client.completions.create(asked);
  const stream = await client.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } });
  let text = "";
  let pieces = 0;
  let finish: string | undefined;
  let total: number | undefined;
  for await (const chunk of stream) {
    const [choice] = chunk.choices;
    if (choice?.text) {
      text += choice.text;
      pieces++;
    }
    finish = choice?.finish_reason ?? finish;
    total = chunk.usage?.total_tokens ?? total;
  }
  assert.equal(text, whole.choices[0]?.text);
  assert.ok(pieces >= 3, `the text came in ${pieces} pieces`);
  assert.equal(finish, whole.choices[0]?.finish_reason);
  assert.equal(total, whole.usage?.total_tokens);
});

test("a stream can be left early", async () => {
  const stream = await client.completions.create({ ...asked, model: "demo-slow", max_tokens: 1000, stream: true });
  for await (const chunk of stream) {
    assert.ok(chunk.choices.length > 0);
    break;
  }
  assert.ok(stream.controller.signal.aborted);
});

test("the list of models", async () => {
  const names: string[] = [];
  for await (const model of client.models.list()) {
    assert.equal(model.object, "model");
    names.push(model.id);
  }
  assert.equal(names[0], "demo-small");
  assert.ok(names.includes("demo-429"));
});

test("errors have the client's own types", async () => {
  await assert.rejects(client.completions.create({ ...asked, model: "demo-401" }), (error: unknown) => {
    assert.ok(error instanceof AuthenticationError);
    assert.equal(error.status, 401);
    assert.equal(error.code, "invalid_api_key");
    return true;
  });
  await assert.rejects(client.completions.create({ ...asked, temperature: 3 }), (error: unknown) => {
    assert.ok(error instanceof BadRequestError);
    assert.equal(error.status, 400);
    assert.equal(error.param, "temperature");
    assert.match(error.message, /want at most 2/);
    return true;
  });
  await assert.rejects(client.completions.create({ ...asked, model: "demo-429" }), (error: unknown) => {
    assert.ok(error instanceof RateLimitError);
    assert.equal(error.headers.get("retry-after"), "5");
    return true;
  });
});

test("an error in mid-stream is thrown where the stream is read", async () => {
  const stream = await client.completions.create({ ...asked, model: "demo-error-midstream", stream: true });
  let text = "";
  await assert.rejects(async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.text ?? "";
  }, OpenAI.APIError);
  assert.ok(text.length > 0, "what came before is kept");
});
