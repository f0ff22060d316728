import { HighlightStyle, StreamLanguage, type StreamParser, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { tags } from "@lezer/highlight";

interface Reading {
  /** Inside a block comment that began in an earlier line. */
  comment: boolean;
  depth: number;
}

const words = new Set(["import", "from", "export", "const", "let", "var", "type", "as", "satisfies"]);
const constants = new Set(["true", "false", "null", "undefined", "NaN", "Infinity", "True", "False", "None"]);

/**
 * Colours for everything the core reads: JSON, JSON with comments, and JavaScript literals in one forgiving reader.
 * It only colours; what is valid is the core's to say.
 */
const parser: StreamParser<Reading> = {
  name: "completion-request",
  startState: () => ({ comment: false, depth: 0 }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.comment) {
      if (stream.skipTo("*/")) {
        stream.match("*/");
        state.comment = false;
      } else stream.skipToEnd();
      return "comment";
    }
    if (stream.eatSpace()) return null;
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) {
      state.comment = true;
      return "comment";
    }
    const quote = stream.peek();
    if (quote === '"' || quote === "'") {
      const end = closeOf(stream.string, stream.pos, quote);
      if (end === undefined) stream.skipToEnd();
      else stream.pos = end;
      return stream.match(/^\s*:/, false) ? "propertyName" : "string";
    }
    if (stream.match(/^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/)) return "number";
    const word = stream.match(/^[\p{L}_$][\p{L}\p{N}_$]*/u);
    if (word && word !== true) {
      if (stream.match(/^\s*:/, false) && state.depth > 0) return "propertyName";
      const text = word[0] ?? "";
      if (constants.has(text)) return "atom";
      return words.has(text) ? "keyword" : "variableName";
    }
    const next = stream.next();
    if (next === "{" || next === "[") state.depth++;
    else if (next === "}" || next === "]") state.depth = Math.max(0, state.depth - 1);
    return next === "{" || next === "}" || next === "[" || next === "]" ? "bracket" : "punctuation";
  },
  indent(state, textAfter, context) {
    return Math.max(0, state.depth - (/^\s*[}\]]/.test(textAfter) ? 1 : 0)) * context.unit;
  },
  languageData: {
    commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["{", "[", '"'] },
  },
};

/**
 * Behind the quote that closes the string of a line; undefined where none does. A search: unit by unit, and even more with
 * a pattern, a string of a megabyte would be felt at every key.
 */
function closeOf(line: string, start: number, quote: string): number | undefined {
  for (let at = line.indexOf(quote, start + 1); at >= 0; at = line.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (line[at - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return undefined;
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--syntax-name)" },
  { tag: tags.string, color: "var(--syntax-string)" },
  { tag: tags.number, color: "var(--syntax-number)" },
  { tag: tags.atom, color: "var(--syntax-atom)" },
  { tag: tags.keyword, color: "var(--syntax-atom)" },
  { tag: tags.comment, color: "var(--syntax-comment)", fontStyle: "italic" },
  { tag: [tags.bracket, tags.punctuation], color: "var(--syntax-punctuation)" },
]);

/** The language of requests, in whatever dialect they are written. */
export const requestLanguage = StreamLanguage.define(parser);

/** The language with its colours. */
export const colouredRequests: Extension = [requestLanguage, syntaxHighlighting(colours)];
