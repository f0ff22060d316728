import { type KeptDraft, type KeptRun, recordVersion } from "../../../src/keep/records.ts";

/** A draft to begin with. */
export function draft(changes: Partial<KeptDraft> = {}): KeptDraft {
  return {
    version: recordVersion,
    id: "a".repeat(24),
    place: "/ ",
    changedAt: 1_000,
    text: '{"model": "m"}',
    masked: false,
    from: 1,
    to: 2,
    endpoint: { id: "other", base: "http://localhost:8000", profile: "vllm" },
    view: { tab: "answer", helpField: "n", tokenView: false, eventsOpen: true, shownId: 2, pinnedId: 1 },
    boxes: [{ path: "/seed", text: "abc", title: "Seed", why: "This is no number.", fixes: [] }],
    ...changes,
  };
}

/** A run to begin with: an answer that came whole. */
export function run(changes: Partial<KeptRun> = {}): KeptRun {
  return {
    version: recordVersion,
    draft: "a".repeat(24),
    id: 1,
    startedAt: 1_700_000_000_000,
    model: "m",
    endpoint: "localhost:8000",
    prompts: ["p"],
    perPrompt: 1,
    profile: "vllm",
    expect: { choices: 1, stream: true },
    request: { method: "POST", url: "http://localhost:8000/v1/completions", headers: [["Accept", "a"]], body: "{}" },
    response: { status: 200, headers: [["content-type", "text/event-stream"]], headMs: 10 },
    end: { how: "ended", ms: 30 },
    outcome: "complete",
    problem: null,
    ...changes,
  };
}
