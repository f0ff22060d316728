import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { member } from "../net/json.ts";
import { type KeptDraft, type KeptPiece, type KeptRun, readDraft, readPiece, readRun } from "./records.ts";
import type { Changes, KeepStore } from "./store.ts";

const databaseName = "completion-playground";
/** Of the tables below. A change of the records' shapes alone is told by their own version. */
const databaseVersion = 1;

interface Tables extends DBSchema {
  drafts: { key: string; value: KeptDraft };
  runs: { key: [draft: string, id: number]; value: KeptRun };
  pieces: { key: [draft: string, run: number, number: number]; value: KeptPiece };
}

type TableName = "drafts" | "runs" | "pieces";
const tables: readonly TableName[] = ["drafts", "runs", "pieces"];

/** Opens the database of the page's origin; rejects where there is none to be had. `lost`: it was closed by the browser. */
export async function openDatabase(lost: () => void): Promise<KeepStore> {
  const database = await openDB<Tables>(databaseName, databaseVersion, {
    upgrade: (fresh) => {
      for (const name of fresh.objectStoreNames) fresh.deleteObjectStore(name);
      fresh.createObjectStore("drafts", { keyPath: "id" });
      fresh.createObjectStore("runs", { keyPath: ["draft", "id"] });
      fresh.createObjectStore("pieces", { keyPath: ["draft", "run", "number"] });
    },
    // A newer page wants to change the tables, and must not wait for this one.
    blocking: (_old, _new, event) => {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  });
  return new Database(database);
}

class Database implements KeepStore {
  readonly #database: IDBPDatabase<Tables>;

  constructor(database: IDBPDatabase<Tables>) {
    this.#database = database;
  }

  async draft(id: string): Promise<KeptDraft | undefined> {
    return readDraft(await this.#database.get("drafts", id));
  }

  async drafts(place: string): Promise<readonly KeptDraft[]> {
    const records = await this.#database.getAll("drafts");
    return records
      .map(readDraft)
      .filter((draft) => draft !== undefined)
      .filter((draft) => draft.place === place)
      .sort((a, b) => b.changedAt - a.changedAt);
  }

  async runs(draft: string): Promise<readonly KeptRun[]> {
    const records = await this.#database.getAll("runs", ofDraft(draft));
    return records
      .map(readRun)
      .filter((run) => run !== undefined)
      .sort((a, b) => b.id - a.id);
  }

  async reads(draft: string, run: number): ReturnType<KeepStore["reads"]> {
    const records = await this.#database.getAll("pieces", ofRun(draft, run));
    const pieces = records.map(readPiece);
    // What comes behind a piece that is missing would not fit on what comes before it.
    const broken = pieces.findIndex((piece, i) => piece?.number !== i);
    return pieces.slice(0, broken < 0 ? pieces.length : broken).flatMap((piece) => piece?.reads ?? []);
  }

  async write({ drafts = [], runs = [], pieces = [], gone = [] }: Changes): Promise<void> {
    const transaction = this.#database.transaction(tables, "readwrite", { durability: "relaxed" });
    const asked: Promise<unknown>[] = [transaction.done];
    try {
      for (const draft of drafts) asked.push(transaction.objectStore("drafts").put(draft));
      for (const run of runs) asked.push(transaction.objectStore("runs").put(run));
      for (const piece of pieces) asked.push(transaction.objectStore("pieces").put(piece));
      for (const { draft, run } of gone) {
        asked.push(transaction.objectStore("runs").delete([draft, run]));
        asked.push(transaction.objectStore("pieces").delete(ofRun(draft, run)));
      }
      // Without waiting for the answers: when the page is being left nobody hears them any more.
      transaction.commit();
    } catch (fault) {
      for (const each of asked) each.catch(() => {});
      transaction.abort();
      throw fault;
    }
    await allOf(asked);
  }

  async remove(draft: string): Promise<void> {
    const transaction = this.#database.transaction(tables, "readwrite");
    await allOf([
      transaction.objectStore("drafts").delete(draft),
      transaction.objectStore("runs").delete(ofDraft(draft)),
      transaction.objectStore("pieces").delete(ofDraft(draft)),
      transaction.done,
    ]);
  }

  async prune(keep: ReadonlySet<string>, count: number, since: number): Promise<void> {
    const transaction = this.#database.transaction(tables, "readwrite");
    const drafts = transaction.objectStore("drafts");
    const kept = new Set(keep);
    const others = (await drafts.getAll())
      .map(readDraft)
      .filter((draft) => draft !== undefined)
      .filter(({ id, changedAt }) => !keep.has(id) && changedAt >= since)
      .sort((a, b) => b.changedAt - a.changedAt);
    for (const { id } of others.slice(0, count)) kept.add(id);
    for (const name of tables) {
      const table = transaction.objectStore(name);
      for (const key of await table.getAllKeys()) {
        const draft: unknown = Array.isArray(key) ? key[0] : key;
        if (!kept.has(String(draft))) await table.delete(key);
      }
    }
    await transaction.done;
  }

  async clear(): Promise<void> {
    const transaction = this.#database.transaction(tables, "readwrite");
    await allOf([...tables.map((name) => transaction.objectStore(name).clear()), transaction.done]);
  }

  close(): void {
    this.#database.close();
  }
}

/** Waits for all; the fault of the transaction counts before those of its requests, which only follow from it. */
async function allOf(asked: readonly Promise<unknown>[]): Promise<void> {
  const faults = (await Promise.allSettled(asked))
    .filter((each) => each.status === "rejected")
    .map(({ reason }) => reason);
  if (faults.length > 0)
    throw faults.find((fault) => member({ ...fault, name: fault?.name }, "name") !== "AbortError") ?? faults[0];
}

// An array is greater than every number and text, so these bounds hold all keys that begin so.
function ofDraft(draft: string): IDBKeyRange {
  return IDBKeyRange.bound([draft], [draft, []]);
}

function ofRun(draft: string, run: number): IDBKeyRange {
  return IDBKeyRange.bound([draft, run], [draft, run, []]);
}
