import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges, difference, joined, splitsPairs, type TextChange } from "../../../src/model/text-change.ts";

test("the difference of two texts makes the one from the other and touches no more than it must", () => {
  for (const [before, after, from, to, insert] of [
    ["", "a", 0, 0, "a"],
    ["abc", "", 0, 3, ""],
    ["abc", "abXc", 2, 2, "X"],
    ["aaa", "aa", 2, 3, ""],
    ["one two three", "one 2 three", 4, 7, "2"],
  ] as const) {
    const change = difference(before, after);
    assert.deepEqual(change, { from, to, insert });
    assert.equal(applyChanges(before, [{ from, to, insert }]), after);
  }
  assert.equal(difference("same", "same"), undefined);
});

test("the difference never cuts a surrogate pair", () => {
  for (const [before, after] of [
    ["a😀b", "a😁b"],
    ["😀", "😀😁"],
    ["x\u{1F600}", "x\u{1FA00}"],
    ["\u{1F600}y", "\u{2F600}y"],
    ["😀😀😀", "😀😀"],
  ] as const) {
    const change = difference(before, after);
    assert.ok(change);
    assert.equal(applyChanges(before, [change]), after);
    for (const part of [before.slice(0, change.from), before.slice(change.to), change.insert])
      assert.ok(part.isWellFormed(), JSON.stringify(change));
  }
});

test("several changes are all against the old text", () => {
  const changes = [
    { from: 0, to: 1, insert: "{" },
    { from: 2, to: 2, insert: "!" },
    { from: 4, to: 6, insert: "" },
  ];
  assert.equal(applyChanges("[abcdef]", changes), "{a!bcf]");
});

test("two changes that touch are one, and it makes the same text", () => {
  const text = "0123456789";
  const ranges = Array.from({ length: 8 }, (_, from) =>
    [0, 1, 3].map((length) => [from, from + length] as const),
  ).flat();
  let made = 0;
  for (const [from, to] of ranges)
    for (const insert of ["", "a", "abcd"]) {
      const first: TextChange[] = [{ from, to, insert }];
      const between = applyChanges(text, first);
      for (const [start, end] of ranges.filter((range) => range[1] <= between.length)) {
        const second: TextChange[] = [{ from: start, to: end, insert: "X" }];
        const together = joined(first, second);
        const apart = start > from + insert.length || end < from;
        assert.equal(together === undefined, apart, JSON.stringify([first, second]));
        if (!together) continue;
        made++;
        assert.equal(applyChanges(text, together), applyChanges(between, second), JSON.stringify([first, second]));
      }
    }
  assert.ok(made > 100, `${made} pairs`);
  const [one] = [{ from: 0, to: 0, insert: "a" }];
  assert.equal(joined([], [one]), undefined);
  assert.equal(joined([one, { from: 3, to: 4, insert: "" }], [one]), undefined);
});

test("a change in the middle of a surrogate pair is told from one beside it", () => {
  for (const [text, from, to, insert, splits] of [
    ["😀", 1, 1, "", true],
    ["😀", 0, 1, "", true],
    ["😀", 1, 2, "", true],
    ["a", 1, 1, "\ud83d", true],
    ["a", 0, 0, "\ude00", true],
    ["😀", 0, 2, "😁", false],
    ["😀", 0, 0, "a", false],
    ["😀", 2, 2, "", false],
    ["", 0, 0, "", false],
  ] as const)
    assert.equal(splitsPairs(text, [{ from, to, insert }]), splits, JSON.stringify([text, from, to, insert]));
});
