import assert from "node:assert/strict";
import { test } from "node:test";
import { offersAt, type Surroundings } from "../../../src/editor/offers.ts";
import { placeAtEnd } from "../../../src/editor/place.ts";

const models = ["demo-fast", "demo-small", "meta-llama/Llama-3.3-70B-Instruct"];

function offers(text: string, around: Partial<Surroundings> = {}) {
  const place = placeAtEnd(text);
  assert.ok(place, text);
  return offersAt(place, {
    typed: text.slice(place.from + place.quote.length),
    asked: false,
    closed: false,
    colon: false,
    bare: false,
    present: new Set(),
    models,
    ...around,
  });
}

const shown = (text: string, around?: Partial<Surroundings>) => offers(text, around).map((offer) => offer.shown);

test("names rank by what was typed: its beginning, then the beginning of a part, then the middle", () => {
  assert.deepEqual(shown('{"p'), ["prompt", "presence_penalty", "top_p", "frequency_penalty"]);
  assert.equal(shown('{"t')[0], "temperature");
  assert.equal(shown('{"top')[0], "top_p");
  assert.deepEqual(shown('{"topP'), ["top_p"]);
  assert.deepEqual(shown("{te"), ["temperature"]);
  assert.deepEqual(shown('{"bias'), ["logit_bias"]);
  assert.deepEqual(shown('{"emp'), ["temperature"]);
  assert.deepEqual(shown('{"em'), []);
  assert.deepEqual(shown('{"xyz'), []);
  assert.deepEqual(shown('{"stream_options": {"'), ["include_usage"]);
});

test("what stands in the text, or is typed already, is not offered again", () => {
  assert.deepEqual(shown('{"stream', { present: new Set(["stream"]) }), ["stream_options"]);
  assert.deepEqual(shown('{"temperature', { closed: true }), []);
  assert.deepEqual(shown('{"temperature', { colon: true }), []);
  assert.deepEqual(shown('{"stream": true'), []);
});

test("a name brings its quotes, and the colon where there is none", () => {
  const insert = (text: string, around?: Partial<Surroundings>) => offers(text, around)[0]?.insert;
  assert.equal(insert('{"te'), '"temperature": ');
  assert.equal(insert("{te"), '"temperature": ');
  assert.equal(insert("{'te"), "'temperature': ");
  assert.equal(insert('{"te', { colon: true }), '"temperature"');
  assert.equal(insert("{maxT", { bare: true }), "maxTokens: ");
});

test("values are offered where they can be meant, and examples only to those who ask", () => {
  assert.deepEqual(shown('{"model": "demo-s'), ["demo-small"]);
  assert.deepEqual(shown('{"model": llama').at(0), "meta-llama/Llama-3.3-70B-Instruct");
  assert.deepEqual(shown('{"stream": t'), ["true"]);
  assert.deepEqual(shown('{"stream": "t'), []);
  for (const text of [
    '{"max_tokens": 1',
    '{"temperature": 0',
    '{"seed": 1',
    '{"n": ',
    '{"user": "u',
    '{"prompt": ["H',
    '{"x": t',
  ])
    assert.deepEqual(shown(text), [], text);
  assert.deepEqual(shown('{"max_tokens": ', { asked: true }), ["16", "4096"]);
  assert.deepEqual(shown('{"max_tokens": 1', { asked: true }), ["16"]);
  assert.deepEqual(shown('{"max_tokens": "', { asked: true }), []);
  assert.deepEqual(shown('{"user": "u', { asked: true }), ["user-1234"]);
  assert.deepEqual(shown('{"stop": ["', { asked: true }), []);
});

test("the part that was typed is marked", () => {
  const [first] = offers('{"BIAS');
  assert.equal(first?.shown.slice(...first.match), "bias");
  assert.deepEqual(offers('{"p').find((offer) => offer.shown === "top_p")?.match, [4, 5]);
  assert.deepEqual(offers('{"maxT')[0]?.match, [0, 0]);
});
