/** The attributes that the element reads, each with its property. */
export const properties = {
  value: "value",
  endpoint: "endpoint",
  profile: "profile",
  schema: "schema",
  models: "models",
  gateway: "gateway",
  keep: "keep",
  fields: "fields",
  "hide-fields": "hideFields",
  "lock-fields": "lockFields",
  layout: "layout",
  theme: "theme",
  send: "sends",
  demo: "demo",
  code: "code",
  share: "share",
  language: "language",
  page: "page",
  "heading-level": "headingLevel",
} as const;

export type Attribute = keyof typeof properties;

/** Those that count by being there, whatever they say. "keep" can have a value besides. */
export const flags = ["keep", "page"] as const satisfies readonly Attribute[];

export type Flag = (typeof flags)[number];
