import type { Field } from "../model/fields.ts";
import type { EndpointActions, TextActions } from "../state/actions.ts";
import type { EndpointSlice } from "../state/endpoint.ts";
import type { Drafts } from "./drafts.ts";

/** What the controls of one field need. */
export interface FieldView {
  readonly field: Field;
  /** JSON text of the value; undefined while the field is not set, or cannot be shown. */
  readonly json: string | undefined;
  /** The id that the field's label and help text go by. */
  readonly id: string;
  readonly endpoint: EndpointSlice;
  readonly actions: TextActions & EndpointActions;
  readonly drafts: Drafts;
}
