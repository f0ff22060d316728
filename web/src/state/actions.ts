import type { DemoToken } from "../model/core.ts";
import type { Issue, Span } from "../model/verdict.ts";
import type { ProbeAct } from "./probe.ts";
import type { ReplayTiming, RunEntry, TokenPlace } from "./runs.ts";
import type { Tab, ThemeChoice } from "./view.ts";

/** Everything a person can do on the page. Views call these and change nothing themselves. */
export interface Actions extends EndpointActions, TextActions, ImportActions, RunActions, KeepActions, ViewActions {}

/** Choosing the server, the rules and the key. */
export interface EndpointActions {
  chooseEndpoint(id: string): void;
  /** "" gives a server of the list its own address back. */
  setBase(base: string): void;
  /** The rules of the version that was chosen last for this endpoint, unless one is given; "" is the newest. */
  setProfile(profile: string, version?: string): void;
  /** Learns which versions can be chosen. */
  listVersions(): void;
  /** Goes back from what was found out about the server to the profile. */
  dropFindings(): void;
  setKey(key: string): void;
  keepKey(keep: boolean): void;
  clearKey(): void;
  clearKeys(): void;
  /** Changes the name or the value of an own header; one that is not there yet is added. */
  setHeader(at: number, change: { readonly name?: string; readonly value?: string }): void;
  removeHeader(at: number): void;
  loadModels(): void;
  /** Asks the server what it is, with more requests than choosing it makes. */
  askServer(): void;
  dismissFound(): void;
  /** Finds out what the server does, by asking it. */
  probe(act: ProbeAct): void;
}

/** Changing the text, and what is asked about it. Paths are RFC 6901 pointers in wire names, values are JSON text. */
export interface TextActions {
  /** Edits with the same `gesture` become one undo step together. Resolves with why it cannot be done, "" where it is. */
  setField(path: string, json: string, gesture?: string): Promise<string>;
  unsetField(path: string, gesture?: string): Promise<string>;
  /** Opens the large editor for one prompt, counted from 0. */
  openPrompt(index: number): void;
  fix(issue: Issue): void;
  fixAll(): void;
  format(): void;
  /** Starts the checker again where it failed. */
  checkAgain(): void;
  undo(): void;
  redo(): void;
  copyRequest(): void;
  /** Copies a link that opens the page with this text, and says why where there can be none. */
  copyLink(): void;
  useExample(text: string): void;
  /** Selects a part of the text and brings it into sight. */
  show(span: Span): void;
  preview(): void;
  closePreview(): void;
  /** Shows the request as code, or no longer. */
  toggleCode(): void;
  chooseLanguage(name: string): void;
  /** Hands the code to the person as a file, and with it each file that it reads. */
  saveCode(): void;
  /** The demo tokenizer's tokens of a text; none where they cannot be had. */
  tokens(text: string): Promise<readonly DemoToken[]>;
}

/** Making a request of a text in another language. */
export interface ImportActions {
  /** `endpoint`: the server that the text names and the key that stands in it are taken over too. */
  takeImport(endpoint: boolean): void;
  /** Brings back the text, and the endpoint that was chosen before. */
  undoImport(): void;
  dismissImport(): void;
}

/** Sending, and looking at what came. */
export interface RunActions {
  /** `force` sends the text as it is though errors remain. */
  send(force: boolean): void;
  stop(): void;
  /** Sends the prompts of the text, each by itself, to learn how likely the model finds them. */
  score(): void;
  dismissRefusal(): void;
  showRun(id: number): void;
  pinRun(id: number | undefined): void;
  saveRun(entry: RunEntry): void;
  openRun(file: File): void;
  replayRun(entry: RunEntry, timing: ReplayTiming): void;
  tokenView(on: boolean): void;
  openEvents(open: boolean): void;
  selectToken(token: TokenPlace | undefined): void;
}

/** What stays on this device. */
export interface KeepActions {
  /** Off erases at once what is kept. */
  keepDrafts(on: boolean): void;
  /** Brings back a draft in the place of the text and the endpoint; what stood there is kept in its place. */
  restoreDraft(id: string): void;
  dismissDraft(): void;
  dismissTrouble(): void;
  /** Looks which drafts of closed tabs there are. */
  listDrafts(): void;
  /** Asks whether to clear everything, or takes the question back. */
  confirmClear(open: boolean): void;
  /** Erases everything that the page keeps in this browser and in its memory, keys included. */
  clearAll(): void;
}

/** What concerns the page as a whole. */
export interface ViewActions {
  tab(tab: Tab): void;
  theme(choice: ThemeChoice): void;
  /** Shows a field's help; "" leaves the last one. */
  help(field: string): void;
  /** Opens or closes the list of keyboard shortcuts. */
  shortcuts(open: boolean): void;
  /** Puts a text into the clipboard and says so; `what` begins that sentence, such as "The answer". */
  copyText(text: string, what: string): void;
}
