import assert from "node:assert/strict";
import { test } from "node:test";
import { Seat } from "../../../src/keep/seat.ts";

/** As much of the Web Locks API as is used. A browser ends the locks of a page that is gone. */
class Locks {
  readonly #held = new Map<string, () => void>();
  readonly #waiting = new Map<string, () => void>();

  get manager(): LockManager {
    return {
      request: this.#request.bind(this),
      query: async () => ({ held: [...this.#held.keys()].map((name) => ({ name })) }),
    } as unknown as LockManager;
  }

  async #request(name: string, options: LockOptions, take: (lock: Lock | null) => unknown): Promise<void> {
    if (this.#held.has(name) && options.ifAvailable) return void take(null);
    if (this.#held.has(name))
      await new Promise<void>((resolve, reject) => {
        this.#waiting.set(name, resolve);
        options.signal?.addEventListener("abort", () => reject(new Error("too long")));
      });
    const done = Promise.resolve(take({ name, mode: "exclusive" } as Lock));
    await new Promise<void>((resolve) => {
      this.#held.set(name, resolve);
      void done.then(() => resolve());
    });
    this.#held.delete(name);
    this.#waiting.get(name)?.();
    this.#waiting.delete(name);
  }

  /** All pages crash. */
  crash(): void {
    for (const end of this.#held.values()) end();
  }
}

function storage(entries = new Map<string, string>()) {
  return {
    entries,
    getItem: (name: string) => entries.get(name) ?? null,
    setItem: (name: string, value: string) => void entries.set(name, value),
    /** A duplicated tab has a copy. */
    copy: () => storage(new Map(entries)),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a tab keeps its id through a reload and a crash; another tab, and a copy, have their own", async () => {
  const locks = new Locks();
  const tab = storage();
  const first = await Seat.take("/", tab, locks.manager);
  assert.equal(first.arrival, "new");
  assert.match(first.id, /^[0-9a-f]{24}$/);

  const other = await Seat.take("/", storage(), locks.manager);
  assert.equal(other.arrival, "new");
  assert.notEqual(other.id, first.id);
  assert.deepEqual(await first.inUse(), new Set([first.id, other.id]));

  const copied = tab.copy();
  const copy = await Seat.take("/", copied, locks.manager);
  assert.deepEqual([copy.arrival, copy.original], ["copy", first.id]);
  assert.ok(![first.id, other.id].includes(copy.id));
  assert.ok([...copied.entries.values()].includes(copy.id), "the copy's own id is there after its reload");

  // The lock comes free a moment after the next page asks for it.
  first.leave();
  const reloading = Seat.take("/", tab, locks.manager);
  await settled();
  first.close();
  const reloaded = await reloading;
  assert.deepEqual([reloaded.arrival, reloaded.id], ["same", first.id]);

  locks.crash();
  await settled();
  const revived = await Seat.take("/", tab, locks.manager);
  assert.deepEqual([revived.arrival, revived.id], ["same", first.id]);

  const elsewhere = await Seat.take("/docs", tab, locks.manager);
  assert.equal(elsewhere.arrival, "new", "another page of the tab is another place");
});

test("the id of a closed tab can be taken over, that of a living one cannot", async () => {
  const locks = new Locks();
  const closed = await Seat.take("/", storage(), locks.manager);
  closed.close();
  await settled();
  const living = await Seat.take("/", storage(), locks.manager);
  const tab = storage();
  const heir = await Seat.take("/", tab, locks.manager);
  const before = heir.id;
  assert.equal(await heir.inherit(living.id), false);
  assert.equal(heir.id, before);
  assert.equal(await heir.inherit(closed.id), true);
  assert.equal(heir.id, closed.id);
  await settled();
  assert.deepEqual(await heir.inUse(), new Set([living.id, closed.id]), "its id from before is free");
  assert.equal(await living.inherit(before), true);

  await heir.renew();
  assert.ok(![closed.id, before].includes(heir.id));
  await settled();
  assert.equal(await living.inherit(closed.id), true);
  heir.leave();
  heir.close();
  assert.equal((await Seat.take("/", tab, locks.manager)).id, heir.id);
});

test("without locks a reload is told from a copy by the mark of a page that left", async () => {
  const tab = storage();
  const first = await Seat.take("/", tab, undefined);
  const copy = await Seat.take("/", tab.copy(), undefined);
  assert.deepEqual([copy.arrival, copy.original], ["copy", first.id]);
  first.leave();
  const reloaded = await Seat.take("/", tab, undefined);
  assert.deepEqual([reloaded.arrival, reloaded.id], ["same", first.id]);
  assert.equal(await reloaded.inherit(copy.id), false);
  assert.equal(await reloaded.inUse(), undefined);
});

test("whatever stands in the storage, there is an id", async () => {
  for (const value of ["", "x", "0".repeat(24).concat(" gone"), "{}", "é".repeat(24)]) {
    const odd = { getItem: () => value, setItem: () => {} };
    assert.equal((await Seat.take("/", odd, new Locks().manager)).arrival, "new", value);
  }
  const closed = {
    getItem: () => {
      throw new Error("closed");
    },
    setItem: () => {
      throw new Error("closed");
    },
  };
  assert.equal((await Seat.take("/", closed, undefined)).arrival, "new");
  assert.equal((await Seat.take("/", undefined, undefined)).arrival, "new");
});
