import assert from "node:assert/strict";
import { test } from "node:test";
import { readTypedNumber } from "../../../src/model/typed-number.ts";

test("a typed number is taken as it was typed, digits and all", () => {
  for (const [typed, token] of [
    ["0.70", "0.70"],
    [" 5 ", "5"],
    ["1e3", "1e3"],
    ["1.5", "1.5"],
    [" 1e-3 ", "1e-3"],
    ["+1", "1"],
    [".5", "0.5"],
    ["-.5", "-0.5"],
    ["−1.5", "-1.5"],
    ["0.", "0"],
    ["-3.", "-3"],
    ["007", "7"],
    ["-0012", "-12"],
    ["9223372036854775807", "9223372036854775807"],
    ["9007199254740993.0", "9007199254740993.0"],
  ] as const)
    assert.deepEqual(readTypedNumber(typed), { kind: "number", token }, typed);
});

test("an empty box is no mistake", () => {
  for (const typed of ["", " ", "\t\u00a0"]) assert.deepEqual(readTypedNumber(typed), { kind: "empty" });
});

test("the beginning of a number is told from what cannot become one", () => {
  for (const [typed, begun] of [
    ["-", true],
    ["−", true],
    ["+", true],
    [".", true],
    ["-.", true],
    ["1e", true],
    ["1.5E-", true],
    ["abc", false],
    ["+-1", false],
    ["1e3e", false],
    ["e", false],
    ["--", false],
    ["5 tokens", false],
  ] as const) {
    const read = readTypedNumber(typed);
    assert.ok(read.kind === "unreadable", typed);
    assert.equal(read.begun, begun, typed);
    assert.deepEqual(read.fixes, [], typed);
  }
});

test("what other places and languages write is offered as JSON writes it, and never taken unasked", () => {
  for (const [typed, ...fixes] of [
    ["0,7", "0.7"],
    ["-0,7", "-0.7"],
    ["1,000", "1000", "1.000"],
    ["1,000,000", "1000000"],
    ["1.000,5", "1000.5"],
    ["1,234.5", "1234.5"],
    ["５", "5"],
    ["０．７", "0.7"],
    ["٤٢", "42"],
    ["0x10", "16"],
    ["0xFFFFFFFFFFFFFFFF", "18446744073709551615"],
    ["0b101", "5"],
    ["0o17", "15"],
    ["1_000", "1000"],
    ["1 000", "1000"],
    ["1\u202f000", "1000"],
    ["1'000", "1000"],
    ['"0.7"', "0.7"],
    ["'5'", "5"],
  ] as const) {
    const read = readTypedNumber(typed);
    assert.ok(read.kind === "unreadable" && !read.begun, typed);
    assert.deepEqual(read.fixes, fixes, typed);
  }
});

test("what JSON cannot say at all is told by its name", () => {
  const why = (typed: string) => {
    const read = readTypedNumber(typed);
    return read.kind === "unreadable" ? read.why : "";
  };
  for (const typed of ["Infinity", "-infinity", "∞", "inf"]) assert.equal(why(typed), "JSON has no Infinity.", typed);
  assert.equal(why("NaN"), "JSON has no NaN.");
  // The words stay while one types on, lest they are said at each key.
  assert.equal(why("a"), why("abc"));
});
