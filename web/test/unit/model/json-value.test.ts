import assert from "node:assert/strict";
import { test } from "node:test";
import {
  booleanValue,
  isList,
  numberValue,
  objectValue,
  roundToStep,
  stepInteger,
  stringsValue,
  stringValue,
  wholeValue,
} from "../../../src/model/json-value.ts";

test("texts are read from JSON, and nothing else is a text", () => {
  assert.equal(stringValue('"a\\n\\ud83d\\ude00"'), "a\n😀");
  for (const json of [undefined, "", "1", "null", '["a"]', '"open'])
    assert.equal(stringValue(json), undefined, String(json));
});

test("a lone text is a list of one; a list with anything else in it is none", () => {
  assert.deepEqual(stringsValue('"a"'), ["a"]);
  assert.deepEqual(stringsValue('["a", ""]'), ["a", ""]);
  assert.deepEqual(stringsValue("[]"), []);
  for (const json of ['["a", 1]', "[[1]]", "{}", "null", undefined]) assert.equal(stringsValue(json), undefined);
});

test("only a list has elements that a pointer can name", () => {
  assert.ok(isList(' ["a"]'));
  assert.ok(!isList('"[a]"'));
  assert.ok(!isList(undefined));
});

test("booleans and numbers are told from their look-alikes", () => {
  assert.equal(booleanValue("true"), true);
  assert.equal(booleanValue("false"), false);
  for (const json of ['"true"', "1", "null", undefined]) assert.equal(booleanValue(json), undefined);
  assert.equal(numberValue("1.50"), "1.50");
  for (const json of ['"1.5"', "true", "null", undefined]) assert.equal(numberValue(json), undefined);
});

test("an object gives its members as JSON text", () => {
  assert.deepEqual(objectValue('{"50256": -100, "1": "x"}'), [
    ["1", '"x"'],
    ["50256", "-100"],
  ]);
  for (const json of ["[]", "null", "1", "{", undefined]) assert.equal(objectValue(json), undefined);
});

test("a step stays inside the bounds and exact beyond 2^53", () => {
  const free = { minimum: undefined, maximum: undefined };
  assert.equal(stepInteger("9007199254740993", 1, free), "9007199254740994");
  assert.equal(stepInteger("-9007199254740993", -1, free), "-9007199254740994");
  assert.equal(stepInteger("1", -1, { minimum: 1, maximum: 20 }), "1");
  assert.equal(stepInteger("20", 1, { minimum: 1, maximum: 20 }), "20");
  assert.equal(stepInteger("-50", 1, { minimum: 1, maximum: 20 }), "1");
});

test("a step starts from the whole number that stands there", () => {
  for (const [json, whole] of [
    ["9007199254740993", "9007199254740993"],
    ["1.5", "1"],
    ["-1.5", "-1"],
    ["1e3", "1000"],
    ["1e30", undefined],
    ['"5"', undefined],
    [undefined, undefined],
  ] as const)
    assert.equal(wholeValue(json), whole, json);
});

test("a slider's number has no more decimals than its step", () => {
  assert.equal(roundToStep(0.1 + 0.2, 0.05), "0.3");
  assert.equal(roundToStep(0.7000000000000001, 0.01), "0.7");
  assert.equal(roundToStep(-0.0000001, 0.1), "0");
  assert.equal(roundToStep(-100, 1), "-100");
});
