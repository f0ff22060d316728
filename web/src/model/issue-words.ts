import type { Issue } from "./verdict.ts";

/**
 * What an issue is about, for where its place in the text cannot be seen: `top_p`, `prompt[2]`, `logit_bias.50256`, as the
 * text spells it. "" where the message says it already, or where it is about the whole.
 */
export function subjectOf(issue: Issue): string {
  const parts = issue.path
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
  const name = parts[0] ?? "";
  // A message that begins with "got" quotes the value first, and a name in that names nothing.
  const words = issue.message.startsWith("got ") ? [] : issue.message.split(/[^\w$]+/);
  if (name === "" || words.includes(name) || words.includes(issue.field)) return "";
  const subject = parts.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`));
  return subject.length > 60 ? `${subject.slice(0, 60)}…` : subject;
}

/** The message with what it is about, as one sentence part. */
export function wordsOf(issue: Issue): string {
  const subject = subjectOf(issue);
  return subject === "" ? issue.message : `${subject}: ${issue.message}`;
}

/** The first error among issues, with what it is about; "" where there is none. */
export function firstError(issues: readonly Issue[]): string {
  const first = issues.find(({ severity }) => severity === "error");
  return first ? wordsOf(first) : "";
}
