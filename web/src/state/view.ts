/** How the areas stand: three columns, two, or one at a time behind tabs. Follows the element's own width. */
export type Layout = "wide" | "middle" | "narrow";

/** The area a narrow page shows. */
export type Tab = "form" | "text" | "answer";

/** What the person chose; "auto" follows the system. */
export type ThemeChoice = "auto" | "light" | "dark";

/** How the page as a whole is laid out and what it says. */
export interface ViewSlice {
  readonly layout: Layout;
  readonly tab: Tab;
  readonly theme: ThemeChoice;
  /** Wire name of the field whose help is shown; "" for none. */
  readonly helpField: string;
  /** Whether the list of keyboard shortcuts is open. */
  readonly shortcuts: boolean;
  /** What the live region says. */
  readonly announcement: string;
}

export const initialView: ViewSlice = {
  layout: "wide",
  tab: "text",
  theme: "auto",
  helpField: "",
  shortcuts: false,
  announcement: "",
};
