import { nothing } from "lit/html.js";
import type { Field } from "../model/fields.ts";
import type { Issue } from "../model/verdict.ts";
import type { EndpointActions, TextActions } from "../state/actions.ts";
import type { EndpointSlice } from "../state/endpoint.ts";
import type { Drafts } from "./drafts.ts";

/** An issue, and the id of the element that tells it. */
export interface ToldIssue {
  readonly issue: Issue;
  readonly id: string;
}

/** What the controls of one field need. */
export interface FieldView {
  readonly field: Field;
  /** JSON text of the value; undefined while the field is not set, or cannot be shown. */
  readonly json: string | undefined;
  /** The id that the field's label and help text go by. */
  readonly id: string;
  /** What is told below the field. */
  readonly issues: readonly ToldIssue[];
  readonly endpoint: EndpointSlice;
  readonly actions: TextActions & EndpointActions;
  readonly drafts: Drafts;
}

/** The ARIA attributes of a box. */
export interface Marks {
  readonly invalid: "true" | typeof nothing;
  readonly required: "true" | typeof nothing;
  /** Ids of its help and of all that is said about it. */
  readonly describedBy: string;
}

/** How the box of the value at `path` is marked; `id` is that of the box, for what `renderUnread` says below it. */
export function marksOf(view: FieldView, path: string, id: string): Marks {
  const told = view.issues.filter(({ issue }) => within(path, issue.path) || within(issue.path, path));
  const unread = view.drafts.told(path) !== undefined;
  const invalid = unread || told.some(({ issue }) => issue.severity === "error");
  const ids = [`${view.id}-help`, ...told.map((each) => each.id), ...(unread ? [`${id}-unread`] : [])];
  return {
    invalid: invalid ? "true" : nothing,
    required: view.field.required ? "true" : nothing,
    describedBy: ids.join(" "),
  };
}

/** Whether a pointer names the value of another one or something in it. */
function within(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
