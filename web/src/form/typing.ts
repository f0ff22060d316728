import { html, nothing, type TemplateResult } from "lit/html.js";
import { stringValue } from "../model/json-value.ts";
import { readTypedNumber, type Unreadable } from "../model/typed-number.ts";
import { capitalized } from "../model/words.ts";
import { icon } from "../ui/icons.ts";
import { afterPress } from "../ui/press.ts";
import type { FieldView } from "./field-view.ts";

/** What becomes of what is typed: a value, as JSON text; none, as undefined; or nothing that can be read. */
export type Reading = { readonly json: string | undefined } | Unreadable;

/** One box to type into. */
export interface Box {
  /** RFC 6901 pointer of its value; its draft goes by it too. */
  readonly path: string;
  /** JSON text of the value as it stands in the text. */
  readonly json: string | undefined;
  readonly read: (typed: string) => Reading;
  /** Puts a value into the text, or takes it out; resolves with why it cannot be done. At its pointer when absent. */
  readonly write?: (json: string | undefined, gesture: string) => Promise<string>;
}

/** A number is taken as it is typed; an empty box is a field that is not set. */
export function readNumber(typed: string): Reading {
  const read = readTypedNumber(typed);
  if (read.kind === "number") return { json: read.token };
  return read.kind === "empty" ? { json: undefined } : read;
}

/** The same for a field of whole numbers: where a comma may stand between thousands, it is no point. */
export function readWhole(typed: string): Reading {
  const read = readNumber(typed);
  if ("json" in read) return read;
  const whole = read.fixes.filter((fix) => !fix.includes("."));
  return whole.length === 0 ? read : { ...read, fixes: whole };
}

/** Any letters are a text; an empty box is a field that is not set. */
export function readText(typed: string): Reading {
  return { json: typed === "" ? undefined : JSON.stringify(typed) };
}

// Of a longer value the beginning is shown, and no button holds it.
const offered = 40;

/**
 * The listeners of a box. The text follows each key. What cannot be read changes nothing in it: it has again what it had
 * before, while the box keeps what was typed, and says why.
 */
export function typing(view: FieldView, box: Box) {
  const { drafts, actions, field } = view;
  const { path } = box;
  const write =
    box.write ??
    ((json: string | undefined, gesture: string) =>
      json === undefined ? actions.unsetField(path, gesture) : actions.setField(path, json, gesture));
  const put = async (mark: object, json: string | undefined) => {
    const why = await write(json, drafts.gesture(path));
    if (why === "") drafts.wrote(path, mark);
    else drafts.refused(path, mark, `${capitalized(why)}.`, json === undefined || json.length > offered ? [] : [json]);
  };
  const leave = () => afterPress(() => drafts.leave(path));
  return {
    input: (event: Event) => {
      const text = (event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value;
      const last = drafts.get(path);
      // Somebody who comes back to what could not be read finds the text as it is by then.
      const before = last && !last.left ? last.before : box.json;
      const mark = {};
      const made = { text, mark, title: field.title, before, why: "", fixes: [], begun: false };
      const draft = { ...made, written: false, left: false };
      const reading = box.read(text);
      if ("json" in reading) {
        drafts.set(path, draft);
        void put(mark, reading.json);
        return;
      }
      const { why, fixes, begun } = reading;
      drafts.set(path, { ...draft, why, fixes, begun });
      if (last && !last.left && last.why === "") void write(before, drafts.gesture(path));
    },
    blur: leave,
    commit: leave,
    /** Takes one of the readings that are offered. */
    use: (json: string) => {
      const mark = {};
      drafts.endGesture();
      drafts.set(path, {
        text: stringValue(json) ?? json,
        mark,
        title: field.title,
        before: box.json,
        why: "",
        fixes: [],
        begun: false,
        written: false,
        left: true,
      });
      void put(mark, json);
    },
  };
}

/** Below a box: why what stands in it is not in the text, and what can be done. */
export function renderUnread(view: FieldView, id: string, box: Box): TemplateResult | typeof nothing {
  const { drafts } = view;
  const draft = drafts.told(box.path);
  if (!draft) return nothing;
  return html`
    <p class="field-issue error" id="${id}-unread" role="status">
      ${icon("error")}<span><span class="hidden">error: </span>${draft.why} ${box.json === undefined ? "The field is not set." : html`The text keeps <code>${box.json.length > offered ? `${box.json.slice(0, offered)}…` : box.json}</code>.`}</span>
      <span class="fixes">
        ${draft.fixes.map((json) => html`<button type="button" class="fix" @click=${() => typing(view, box).use(json)}>Use ${json}</button>`)}
        <button type="button" class="fix plain" @click=${() => drafts.drop(box.path)}>Take back</button>
      </span>
    </p>
  `;
}
