import assert from "node:assert/strict";
import { test } from "node:test";
import { createParser } from "eventsource-parser";
import { EventTooLargeError, type FramedEvent, Framer } from "../../../src/net/framing.ts";
import { utf8Length } from "../../../src/net/utf8.ts";
import { everySplit } from "./support.ts";

interface Read {
  readonly events: readonly FramedEvent[];
  readonly lines: readonly string[];
}

function framed(reads: Iterable<string>): Read {
  const events: FramedEvent[] = [];
  const lines: string[] = [];
  const framer = new Framer({
    onEvent: (event) => events.push(event),
    onOtherLine: (line) => lines.push(line),
  });
  for (const read of reads) framer.push(read);
  framer.end();
  return { events, lines };
}

function* decoded(reads: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder();
  for (const read of reads) yield decoder.decode(read, { stream: true });
  yield decoder.decode();
}

const event = (data: string, name = "", ended = true): FramedEvent => ({ name, data, ended });

// The standard's own examples and grammar, and what servers were seen to send.
const streams: readonly {
  readonly name: string;
  readonly stream: string;
  readonly events: readonly FramedEvent[];
  readonly lines?: Read["lines"];
}[] = [
  { name: "one event", stream: "data: a\n\n", events: [event("a")] },
  { name: "no space after the colon", stream: "data:a\n\n", events: [event("a")] },
  { name: "only one space is taken off", stream: "data:  a: b\n\n", events: [event(" a: b")] },
  { name: "several data lines", stream: "data: a\ndata\ndata: b\n\n", events: [event("a\n\nb")] },
  {
    name: "the standard's example of empty data",
    stream: "data\n\ndata\ndata\n\ndata:",
    events: [event(""), event("\n"), event("", "", false)],
  },
  { name: "comments", stream: ": keep-alive\n\n:\n\n:data: a\n\ndata: b\n\n", events: [event("b")] },
  { name: "CR", stream: "data: a\r\rdata: b\r\r", events: [event("a"), event("b")] },
  { name: "CRLF", stream: "data: a\r\n\r\ndata: b\r\n\r\n", events: [event("a"), event("b")] },
  {
    name: "mixed ends",
    stream: "data: a\r\n\ndata: b\n\rdata: c\r\r\ndata: d\n\r\n",
    events: [event("a"), event("b"), event("c"), event("d")],
  },
  { name: "byte order mark", stream: "\ufeffdata: a\n\n", events: [event("a")] },
  {
    name: "only one byte order mark",
    stream: "\ufeff\ufeffdata: a\n\ndata: b\n\n",
    events: [event("b")],
    lines: ["\ufeffdata: a"],
  },
  { name: "a byte order mark inside", stream: "data: \ufeffa\n\n", events: [event("\ufeffa")] },
  { name: "meta-only blocks", stream: "id: 1\n\nretry: 5\n\nevent: x\n\ndata: a\n\n", events: [event("a")] },
  {
    name: "event names",
    stream: "event: error\ndata: a\n\nevent: x\nevent\ndata: b\n\n",
    events: [event("a", "error"), event("b")],
  },
  {
    name: "field names are compared as they are",
    stream: "Data: a\n data: b\ndata : c\n\ndata: d\n\n",
    events: [event("d")],
    lines: ["Data: a", " data: b", "data : c"],
  },
  {
    name: "a field named error",
    stream: 'error: {"a":1}\n\ndata: b\n\n',
    events: [event("b")],
    lines: ['error: {"a":1}'],
  },
  {
    name: "an event of one line ends the one before it",
    stream: 'data: a\n{"b":1}\ndata: c\nerror: d\ndata: e\n[DONE]',
    events: [event("a"), event("c"), event("e")],
    lines: ['{"b":1}', "error: d", "[DONE]"],
  },
  {
    name: "no other line ends",
    stream: "data: a\u2028b\u2029c\u0085d\u000be\u000cf\n\n",
    events: [event("a\u2028b\u2029c\u0085d\u000be\u000cf")],
  },
  { name: "astral characters", stream: "data: 🦊\u0000é\n\n", events: [event("🦊\u0000é")] },
  { name: "no blank line at the end", stream: "data: a\n\ndata: b\n", events: [event("a"), event("b", "", false)] },
  { name: "no line end at the end", stream: "data: a\n\ndata: b", events: [event("a"), event("b", "", false)] },
  { name: "CR at the end", stream: "data: a\r\n\r\ndata: b\r", events: [event("a"), event("b", "", false)] },
  { name: "nothing", stream: "", events: [] },
];

for (const { name, stream, events, lines } of streams) {
  test(`framing: ${name}, at every split`, () => {
    const whole = new TextEncoder().encode(stream);
    for (const reads of everySplit(whole)) {
      const read = framed(decoded(reads));
      assert.deepEqual(read.events, events, `first read of ${reads[0]?.byteLength} bytes`);
      assert.deepEqual(read.lines, lines ?? []);
    }
  });
}

test("framing: an event is given at its last byte, whatever ends the lines", () => {
  for (const end of ["\n", "\r", "\r\n"]) {
    let events = 0;
    const framer = new Framer({ onEvent: () => events++ });
    for (const character of `data: a${end}`) framer.push(character);
    assert.equal(events, 0);
    // The CR of a CRLF ends the line already.
    framer.push(end.charAt(0));
    assert.equal(events, 1);
  }
});

test("framing: broken UTF-8 becomes U+FFFD and ends nothing", () => {
  const stream = Uint8Array.from([...Buffer.from("data: a"), 0xff, 0xe2, 0x80, ...Buffer.from("b\n\n"), 0xc3]);
  for (const reads of everySplit(stream)) {
    assert.deepEqual(framed(decoded(reads)).events, [event("a\ufffd\ufffdb")]);
  }
});

test("framing: the limit counts bytes of UTF-8, whatever the letters", () => {
  for (const letter of ["a", "é", "中", "😀", "\ufffd"]) {
    const size = Buffer.byteLength(letter);
    assert.equal(utf8Length(`${letter}x${letter}`), 2 * size + 1, letter);
    const fits = letter.repeat(Math.floor(90 / size));
    const framer = new Framer({ onEvent: () => {}, limit: 100 });
    for (const piece of [`data: ${fits}`, "\n\n", fits]) framer.push(piece);
    assert.throws(() => framer.push(letter.repeat(20)), EventTooLargeError, letter);
  }
});

test("framing: a limit on the line and on the event, with an error of its own", () => {
  const inLine = () => {
    const framer = new Framer({ onEvent: () => assert.fail(), limit: 100 });
    for (let i = 0; i < 101; i++) framer.push("x");
  };
  const inEvent = () => {
    const framer = new Framer({ onEvent: () => assert.fail(), limit: 100 });
    for (let i = 0; i < 40; i++) framer.push("data: 12\n");
  };
  assert.throws(inLine, EventTooLargeError);
  assert.throws(inEvent, EventTooLargeError);
  const within = new Framer({ onEvent: () => {}, limit: 100 });
  for (let i = 0; i < 1000; i++) within.push("data: 12\n\n: comment\n");
});

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("framing: agrees with eventsource-parser wherever that follows the standard", () => {
  const lines = [
    "data: a",
    "data:b",
    "data",
    "data:  c: d",
    ": note",
    ":",
    "event: e",
    "event",
    "id: 1",
    "retry: 7",
    "other: x",
    "",
    "",
    "",
  ];
  for (let seed = 0; seed < 2_000; seed++) {
    const pick = random(seed);
    const end = ["\n", "\r\n"][pick(2)] ?? "\n";
    let stream = "";
    for (let i = pick(30); i >= 0; i--) stream += (lines[pick(lines.length)] ?? "") + end;
    // Ended properly, since the library gives no access to what is not.
    stream += end;
    const reads: string[] = [];
    for (let at = 0; at < stream.length; ) {
      const next = at + 1 + pick(12);
      reads.push(stream.slice(at, next));
      at = next;
    }
    const theirs: FramedEvent[] = [];
    const parser = createParser({
      onEvent: ({ data, event: name }) => theirs.push({ name: name ?? "", data, ended: true }),
    });
    for (const read of reads) parser.feed(read);
    // A terminator at the very end is held back; what follows releases it.
    parser.feed(":\n");
    assert.deepEqual(framed(reads).events, theirs, JSON.stringify(reads));
  }
});

test("why not eventsource-parser: bare CR is read one read late, and the last event not at all", () => {
  const theirs: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => theirs.push(data) });
  parser.feed("data: a\r\r");
  assert.deepEqual(theirs, []);
  parser.feed("data: b\r\r");
  assert.deepEqual(theirs, ["a"]);
  parser.reset({ consume: true });
  assert.deepEqual(theirs, ["a"]);
  assert.deepEqual(framed(["data: a\r\r", "data: b\r\r"]).events, [event("a"), event("b")]);
});

test("why not eventsource-parser: an unfinished event is out of reach", () => {
  const theirs: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => theirs.push(data) });
  parser.feed('data: {"a":1}');
  parser.reset({ consume: true });
  assert.deepEqual(theirs, []);
  assert.deepEqual(framed(['data: {"a":1}']).events, [event('{"a":1}', "", false)]);
});

/** Counts the UTF-16 units that searching and joining go over, which is what a quadratic parser wastes. */
function unitsTouched(work: () => void): number {
  const { indexOf, slice } = String.prototype;
  const { join } = Array.prototype;
  let units = 0;
  String.prototype.indexOf = function (this: string, what: string, from = 0): number {
    const at = indexOf.call(this, what, from);
    units += (at === -1 ? this.length : at) - from;
    return at;
  };
  String.prototype.slice = function (this: string, ...range: [number?, number?]): string {
    const part = slice.apply(this, range);
    units += part.length;
    return part;
  };
  Array.prototype.join = function (this: unknown[], separator?: string): string {
    const text = join.call(this, separator);
    units += text.length;
    return text;
  };
  try {
    work();
  } finally {
    String.prototype.indexOf = indexOf;
    String.prototype.slice = slice;
    Array.prototype.join = join;
  }
  return units;
}

const shapes: Readonly<Record<string, (units: number) => readonly string[]>> = {
  "a 1 KB read at a time into one event": (units) => [
    "data: ",
    ...Array<string>(units / 1024).fill("x".repeat(1024)),
    "\n\n",
  ],
  "one data line per read": (units) => [...Array<string>(units / 64).fill(`data: ${"x".repeat(57)}\n`), "\n"],
  "one read of many LF lines and a CR at its end": (units) => [`${"data: a\n\n".repeat(units / 9)}\r`],
  "one read of CR lines": (units) => ["data: a\r\r".repeat(units / 9)],
  "one read of CRLF lines": (units) => ["data: a\r\n\r\n".repeat(units / 11)],
};

for (const [name, shape] of Object.entries(shapes)) {
  test(`framing: linear work for ${name}`, (t) => {
    const work = (units: number, read: (reads: readonly string[]) => void) => {
      const reads = shape(units);
      return unitsTouched(() => read(reads)) / units;
    };
    const ours = (reads: readonly string[]) => {
      const framer = new Framer({ onEvent: () => {} });
      for (const read of reads) framer.push(read);
    };
    const theirs = (reads: readonly string[]) => {
      const parser = createParser({ onEvent: () => {} });
      for (const read of reads) parser.feed(read);
    };
    const small = work(1 << 16, ours);
    const large = work(1 << 20, ours);
    t.diagnostic(
      `units touched per unit read, 64 Ki and 1 Mi: ${small.toFixed(2)} and ${large.toFixed(2)}; eventsource-parser at 64 Ki and 256 Ki: ${work(1 << 16, theirs).toFixed(2)} and ${work(1 << 18, theirs).toFixed(2)}`,
    );
    assert.ok(large < 6, `${large} units touched per unit read`);
    assert.ok(large < small * 1.5, `${small} grows to ${large}`);
  });
}
