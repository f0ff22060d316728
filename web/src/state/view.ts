/** How the areas stand: three columns, two, or one at a time behind tabs. Follows the element's own width. */
export type Layout = "wide" | "middle" | "narrow";

/**
 * What the element is on its page: all of it; one area at a time; without the text, or without the form; or an example,
 * which can be read and sent.
 */
export type ViewMode = "full" | "compact" | "form" | "editor" | "example";

/** The area a narrow page shows. */
export type Tab = "form" | "text" | "answer";

/** What the person chose; "auto" follows the system. */
export type ThemeChoice = "auto" | "light" | "dark";

/** How the page as a whole is laid out and what it says. */
export interface ViewSlice {
  readonly mode: ViewMode;
  /** Wire names of the fields that the form shows; undefined for all. */
  readonly shownFields: ReadonlySet<string> | undefined;
  /** Wire names of those that it shows and does not change. */
  readonly lockedFields: ReadonlySet<string>;
  /** Requests can be sent from here. */
  readonly sends: boolean;
  /** Requests can be had as code here. */
  readonly codes: boolean;
  /** The page that links to a request lead to; undefined where none are made. */
  readonly linkPage: string | undefined;
  /** What cannot be done as the page that holds the element says, one sentence each. */
  readonly troubles: readonly string[];
  /** Why a part of the playground could not be loaded, one sentence; "" while none is missing. */
  readonly lost: string;
  readonly layout: Layout;
  /** The element has no box of its own. */
  readonly unboxed: boolean;
  readonly tab: Tab;
  readonly theme: ThemeChoice;
  /** The page chose it, so that the person does not. */
  readonly themeGiven: boolean;
  /** What the page around says it is, where it says so by a class or an attribute; "auto" otherwise. */
  readonly pageTheme: ThemeChoice;
  /** Wire name of the field whose help is shown; "" for none. */
  readonly helpField: string;
  /** Whether the list of keyboard shortcuts is open. */
  readonly shortcuts: boolean;
  /** What the live region says. */
  readonly announcement: string;
}

export const initialView: ViewSlice = {
  mode: "full",
  shownFields: undefined,
  lockedFields: new Set(),
  sends: true,
  codes: true,
  linkPage: undefined,
  troubles: [],
  lost: "",
  layout: "wide",
  unboxed: false,
  tab: "text",
  theme: "auto",
  themeGiven: false,
  pageTheme: "auto",
  helpField: "",
  shortcuts: false,
  announcement: "",
};

/** How the areas stand: as the width has room for, unless the page wants one at a time. */
export function shownLayout({ mode, layout }: Pick<ViewSlice, "mode" | "layout">): Layout {
  return mode === "compact" ? "narrow" : layout;
}

/** The areas that are there, in their order. */
export function shownTabs({ mode, sends }: Pick<ViewSlice, "mode" | "sends">): readonly Tab[] {
  const tabs: Tab[] =
    mode === "form" ? ["form"] : mode === "editor" || mode === "example" ? ["text"] : ["form", "text"];
  return sends ? [...tabs, "answer"] : tabs;
}
