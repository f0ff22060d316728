import { type Attribute, flags, properties } from "./attributes.ts";
import { NotPublished } from "./core/fetch-published.ts";
import type { Session } from "./core/hub.ts";
import type { CheckDetail, DoneDetail, EventDetails, View } from "./element-types.ts";
import { ownName } from "./own-name.ts";
import { published } from "./published.ts";
import hostCss from "./ui/styles/host.css";

/** How far from what can be seen an element begins to load, in CSS pixels. */
const nearMargin = "600px";

// On a server there are no elements; the module can be imported there all the same.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

let hostSheet: CSSStyleSheet | undefined;

/**
 * The playground: a form and a text for one completion request, what is wrong with it, and the answer.
 *
 * ```html
 * <script type="module" src="https://example.com/playground/playground.js"></script>
 * <completion-playground endpoint="http://localhost:8000" profile="vllm">
 *   <script type="application/json">{"model": "m", "prompt": ["Once"]}</script>
 * </completion-playground>
 * ```
 *
 * web/docs/embed.md lists the attributes, properties, methods and events. Until somebody comes near, the element shows
 * its text and has loaded this file alone; then it loads the rest, once for all elements of the page. It follows its own
 * width, and its height is the page's to say; unless told, it is 45rem. Scripts, Worker and core are looked for beside
 * the script that defines the element, wherever that lies. Elements are independent of each other, keys included; those
 * with `keep` share the remembered servers and the theme. An element that is taken out of the page stops what it was
 * doing and forgets its keys; put back, it goes on with its text, endpoint and answers.
 */
export class CompletionPlayground extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes = Object.keys(properties);

  readonly #internals: ElementInternals;
  readonly #near: IntersectionObserver;
  #there = new AbortController();
  #keepName: string | undefined;
  #view: View | undefined;
  #loading: Promise<View> | undefined;
  #checker: Promise<Session | undefined> | undefined;
  #begun = false;
  /** The page's HTML has what the view shows first in it already. */
  #shell = false;
  /** The text, while there is no view that has it; undefined for the one that the page gives. */
  #text: string | undefined;

  constructor() {
    super();
    this.#internals = this.attachInternals();
    this.#near = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#load().catch(() => {});
      },
      { rootMargin: nearMargin },
    );
  }

  connectedCallback(): void {
    this.#there = new AbortController();
    // By the order of the elements on the page, whichever of them is looked at first.
    const { signal } = this.#there;
    const keep = this.getAttribute("keep");
    this.#keepName = keep === null ? undefined : ownName(keep.trim(), signal);
    if (!this.#begun) {
      this.#begun = true;
      this.#shell = this.shadowRoot !== null;
      if (!this.#shell) this.attachShadow({ mode: "open" });
      this.#takeProperties();
      if (this.#shell) this.#startChecker(); // it is in sight
    }
    if (this.#view) this.#view.connected();
    else {
      this.#showText();
      this.#near.observe(this);
      this.addEventListener("focusin", this.#want);
    }
  }

  disconnectedCallback(): void {
    this.#there.abort();
    this.#near.disconnect();
    this.#view?.disconnected();
  }

  attributeChangedCallback(name: Attribute, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name !== "value") this.#view?.configure();
    else if (now !== null) this.value = now;
  }

  /** The text of the request, as it stands. */
  get value(): string {
    return this.#view?.text ?? this.#text ?? this.#givenText() ?? "";
  }

  set value(text: string) {
    if (this.#view) this.#view.setText(String(text));
    else {
      this.#text = String(text);
      if (this.shadowRoot) this.#showText();
    }
    this.#internals.setFormValue(String(text));
  }

  /** Checks the text as it is now. Rejects where nothing can be checked. */
  async check(): Promise<CheckDetail> {
    return (await this.#load()).check();
  }

  /**
   * Sends the text, unless it has errors, and resolves when the answer has ended. Rejects with the reason where nothing is
   * sent. `force` sends it in spite of errors.
   *
   * What is assigned is the attribute's: frameworks assign where an element has a property of an attribute's name.
   */
  get send(): (options?: { readonly force?: boolean }) => Promise<DoneDetail> {
    return async (options = {}) => (await this.#load()).send(options.force === true);
  }

  set send(value: string | undefined | null) {
    (this as unknown as { sends: unknown }).sends = value;
  }

  /** Stops the answer that is coming, and keeps what came. */
  stop(): void {
    this.#view?.stop();
  }

  /** The request that the text stands for, as JSON text whose numbers keep their digits. Rejects where it has errors. */
  async getRequest(): Promise<string> {
    return (await this.#load()).request();
  }

  /** Puts a request in the place of the text; one undo brings that back. */
  setRequest(request: string | object): void {
    this.value = typeof request === "string" ? request : JSON.stringify(request, null, 2);
  }

  /** Moves the focus to a field of the form, by its wire name. False where the form does not show it. */
  async focusField(name: string): Promise<boolean> {
    return (await this.#load()).focusField(name);
  }

  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }

  get name(): string {
    return this.getAttribute("name") ?? "";
  }

  set name(name: string) {
    this.setAttribute("name", name);
  }

  get type(): string {
    return this.localName;
  }

  get validity(): ValidityState {
    return this.#internals.validity;
  }

  get validationMessage(): string {
    return this.#internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.#internals.willValidate;
  }

  checkValidity(): boolean {
    return this.#internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.#internals.reportValidity();
  }

  formResetCallback(): void {
    this.value = this.#givenText() ?? "";
  }

  formDisabledCallback(disabled: boolean): void {
    this.inert = disabled;
  }

  formStateRestoreCallback(state: unknown): void {
    if (typeof state === "string") this.value = state;
  }

  /** Loads and opens the view, once. */
  #load(): Promise<View> {
    this.#loading ??= this.#open().catch((error: unknown) => {
      this.#loading = undefined;
      const reason = whyNot(error);
      this.#showText(`The playground could not be loaded: ${reason}`, error instanceof NotPublished);
      this.#tell("error", { message: reason, from: "load" });
      throw error;
    });
    return this.#loading;
  }

  async #open(): Promise<View> {
    const view = published
      ? (published.load("src/view.ts") as Promise<typeof import("./view.ts")>)
      : import("./view.ts");
    const checker = this.#startChecker();
    try {
      return this.#show(await view);
    } finally {
      void checker.then((session) => session?.close());
    }
  }

  /** It takes longer than the view, which joins it. Where it does not come, the view tells why. */
  #startChecker(): Promise<Session | undefined> {
    const hub = published
      ? (published.load("src/core/hub.ts") as Promise<typeof import("./core/hub.ts")>)
      : import("./core/hub.ts");
    this.#checker ??= hub.then(({ startChecker }) => startChecker(published)).catch(() => undefined);
    return this.#checker;
  }

  #show({ openView }: typeof import("./view.ts")): View {
    this.#near.disconnect();
    this.removeEventListener("focusin", this.#want);
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const given = this.#givenText();
    this.#view = openView(this, root, {
      text: this.#text ?? given,
      keepName: () => this.#keepName,
      published,
      tell: (type, detail) => this.#tell(type, detail),
      invalid: (message) => this.#internals.setValidity(message === "" ? {} : { customError: true }, message),
      changed: (text) => this.#internals.setFormValue(text),
    });
    this.addEventListener("invalid", (event) => {
      // The browser would look for a box to point at. The text says what is wrong and where.
      event.preventDefault();
      this.#view?.focusText();
    });
    if (this.isConnected) this.#view.connected();
    return this.#view;
  }

  readonly #want = (): void => void this.#load().catch(() => {});

  #tell<Type extends keyof EventDetails>(type: Type, detail: EventDetails[Type]): boolean {
    return this.dispatchEvent(
      new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: type === "send" }),
    );
  }

  /** The text that the page gives: the attribute, or what stands in the element. */
  #givenText(): string | undefined {
    const written = this.getAttribute("value");
    if (written !== null) return written;
    const within = this.querySelector('script[type="application/json"]') ?? this;
    const text = within.textContent ?? "";
    return text.trim() === "" ? undefined : text.replace(/^\s*\n|\s+$/g, "");
  }

  /** What was set on the element before it was defined. */
  #takeProperties(): void {
    for (const property of Object.values(properties)) {
      if (!Object.hasOwn(this, property)) continue;
      const own = this as unknown as Record<string, unknown>;
      const value = own[property];
      delete own[property];
      own[property] = value;
    }
  }

  /** Shows the text as the element has it before anything is loaded. */
  #showText(trouble = "", reload = false): void {
    const root = this.shadowRoot;
    if (!root || this.#view || (this.#shell && trouble === "")) return;
    this.#text ??= root.querySelector("textarea")?.value;
    this.#shell = false;
    if (!hostSheet) {
      hostSheet = new CSSStyleSheet();
      hostSheet.replaceSync(hostCss);
    }
    root.adoptedStyleSheets = [hostSheet];
    const box = document.createElement("div");
    box.className = "waiting";
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Completion request");
    box.appendChild(document.createElement("pre")).textContent = this.value;
    if (trouble !== "") box.appendChild(document.createElement("p")).textContent = trouble;
    if (reload) {
      const button = box.appendChild(document.createElement("button"));
      button.textContent = "Reload";
      button.onclick = () => location.reload();
    }
    root.replaceChildren(box);
  }
}

function whyNot(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (/createPolicy|TrustedTypePolicyFactory/.test(reason))
    return "the page's Trusted Types policy has to allow the names completion-playground and lit-html.";
  return reason;
}

for (const [attribute, property] of Object.entries(properties)) {
  if (attribute === "value") continue;
  const flag = flags.some((name) => name === attribute);
  Object.defineProperty(CompletionPlayground.prototype, property, {
    configurable: true,
    enumerable: true,
    get(this: Element) {
      return flag ? this.hasAttribute(attribute) : (this.getAttribute(attribute) ?? undefined);
    },
    set(this: Element, value: unknown) {
      if (value === undefined || value === null || (flag && value === false)) this.removeAttribute(attribute);
      else
        this.setAttribute(
          attribute,
          value === true && flag ? "" : Array.isArray(value) ? value.join(" ") : String(value),
        );
    },
  });
}
