import assert from "node:assert/strict";
import { test } from "node:test";
import { TextBlocks } from "../../../src/answer/blocks.ts";

/** Grows a text piece by piece, as a stream does. */
function grow(text: string, step: number): TextBlocks {
  const blocks = new TextBlocks();
  for (let end = step; end < text.length; end += step) blocks.update(text.slice(0, end));
  blocks.update(text);
  return blocks;
}

function joined(blocks: TextBlocks): string {
  return blocks.closed.join("") + blocks.open;
}

test("blocks hold the whole text, however it arrives", () => {
  const text = Array.from({ length: 3000 }, (_, i) => `line ${i} of a long answer\n`).join("");
  for (const step of [1000, 7, text.length]) {
    const blocks = grow(text, step);
    assert.equal(joined(blocks), text);
    assert.ok(blocks.closed.length > 10);
    for (const block of blocks.closed) assert.ok(block.endsWith("\n"), "a block ends with its line");
  }
});

test("a closed block never changes again", () => {
  const blocks = new TextBlocks();
  let text = "";
  let closed: readonly string[] = [];
  for (let i = 0; i < 4000; i++) {
    text += `${i} words `;
    if (i % 50 === 0) text += "\n";
    blocks.update(text);
    assert.deepEqual(blocks.closed.slice(0, closed.length), closed);
    closed = [...blocks.closed];
  }
  assert.equal(joined(blocks), text);
});

test("one endless line is cut too, but not through a character", () => {
  const text = `x${"😀".repeat(40_000)}`;
  const blocks = grow(text, 999);
  assert.equal(joined(blocks), text);
  assert.ok(blocks.open.length <= 20_000);
  for (const block of blocks.closed) {
    assert.ok(block.length <= 16_384);
    assert.ok(block.isWellFormed(), "no half of a pair at either end");
  }
});

test("a short text is open", () => {
  const blocks = new TextBlocks();
  blocks.update("a\nb");
  assert.deepEqual(blocks.closed, []);
  assert.equal(blocks.open, "a\nb");
  blocks.update("a\nb");
  assert.equal(blocks.open, "a\nb");
});
