/**
 * What the pages of all frameworks begin with, and what their button turns it into. Names are those of the attributes, which
 * count whether the element is defined already or not.
 */
export const first = {
  value: '{"model": "demo-small", "prompt": ["Hi"], "max_tokens": 8}',
  profile: undefined,
  layout: "editor",
  send: "off",
};

export const second = {
  value: '{"model": "m", "prompt": ["Hi"], "max_tokens": -8}',
  profile: "vllm",
  endpoint: globalThis.location?.origin ?? "",
  layout: "full",
  "lock-fields": ["model"],
  send: undefined,
};
