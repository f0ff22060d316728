import type { ReplayTiming, RunEntry } from "./answer/runs.ts";
import type { DemoToken, Issue, Span } from "./core/protocol.ts";
import type { Tab } from "./state.ts";
import type { ThemeChoice } from "./theme.ts";

/** Everything a person can do on the page. Views call these and change nothing themselves. */
export interface Actions {
  setField(path: string, json: string, gesture?: string): void;
  unsetField(path: string): void;
  /** Shows a field's help; "" leaves the last one. */
  help(field: string): void;
  fix(issue: Issue): void;
  fixAll(): void;
  format(): void;
  undo(): void;
  redo(): void;
  copyText(text: string, what: string): void;
  copyRequest(): void;
  useExample(text: string): void;
  show(span: Span): void;
  preview(): void;
  closePreview(): void;
  tab(tab: Tab): void;
  theme(choice: ThemeChoice): void;
  chooseEndpoint(id: string): void;
  setBase(base: string): void;
  setProfile(profile: string): void;
  setKey(key: string): void;
  keepKey(keep: boolean): void;
  clearKey(): void;
  clearKeys(): void;
  loadModels(): void;
  send(force: boolean): void;
  stop(): void;
  dismissRefusal(): void;
  showRun(id: number): void;
  pinRun(id: number | undefined): void;
  saveRun(entry: RunEntry): void;
  openRun(file: File): void;
  replayRun(entry: RunEntry, timing: ReplayTiming): void;
  tokenView(on: boolean): void;
  openEvents(open: boolean): void;
  selectToken(token: TokenPlace | undefined): void;
  tokens(text: string): Promise<readonly DemoToken[]>;
}

/** One token of one answer. */
export interface TokenPlace {
  readonly run: number;
  readonly choice: number;
  readonly token: number;
}
