import { adopt } from "../ui/adopt.ts";
import { type ModelFacts, matching } from "./matching.ts";
import css from "./model-list.css";

/** How many names are shown at once; a line tells of the others. */
const most = 100;
const pageStep = 10;

/**
 * The list below the box of the model: the ARIA pattern of an editable combobox with a list. It narrows as one types, and
 * what was typed stays until a name is chosen.
 */
export class ModelList {
  readonly #box: HTMLInputElement;
  readonly #facts: () => ModelFacts;
  readonly #popover: HTMLElement;
  readonly #told: HTMLElement;
  readonly #list: HTMLElement;
  readonly #rest: HTMLElement;
  /** What is sought; "" until something was typed, so that a box which is filled shows all. */
  #sought = "";
  #names: readonly string[] = [];
  /** The place of the name that Enter chooses; -1 for none. */
  #at = -1;
  readonly #place = () => this.#stand();

  constructor(box: HTMLInputElement, facts: () => ModelFacts) {
    this.#box = box;
    this.#facts = facts;
    adopt(box, css);
    const popover = box.nextElementSibling;
    const [told, list, rest] = popover?.children ?? [];
    if (!(popover instanceof HTMLElement && told && list && rest)) throw new Error("the box has no list below it");
    this.#popover = popover;
    this.#told = told as HTMLElement;
    this.#list = list as HTMLElement;
    this.#rest = rest as HTMLElement;
    box.addEventListener("input", () => {
      this.#sought = box.value;
      this.open();
    });
    box.addEventListener("blur", () => this.#close());
    box.addEventListener("commit", () => this.#close());
    box.addEventListener("keydown", (event) => this.#press(event));
    // The focus stays in the box.
    popover.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => {
      const option = (target as Element).closest("li");
      if (option) this.#choose([...list.children].indexOf(option));
    });
  }

  /** There are other facts. */
  changed(): void {
    if (this.#shown) this.#draw();
  }

  get #shown(): boolean {
    return this.#popover.matches(":popover-open");
  }

  /** Shows the list, if there are models and the box has the focus. */
  open(): void {
    if (this.#facts().models.length === 0 || !this.#box.matches(":focus")) return;
    if (!this.#shown) {
      this.#popover.showPopover();
      for (const name of ["scroll", "resize"]) window.addEventListener(name, this.#place, true);
    }
    this.#draw();
  }

  #close(): void {
    this.#sought = "";
    if (!this.#shown) return;
    this.#popover.hidePopover();
    for (const name of ["scroll", "resize"]) window.removeEventListener(name, this.#place, true);
    this.#mark(-1);
    this.#box.ariaExpanded = "false";
  }

  #draw(): void {
    const { models, of, shown } = this.#facts();
    const { count, first } = matching(models, this.#sought, most);
    const total = models.length.toLocaleString("en");
    this.#names = first;
    this.#list.replaceChildren(
      ...first.map((name, i) => {
        const option = document.createElement("li");
        option.id = `${this.#list.id}-${i}`;
        option.role = "option";
        option.dir = "auto";
        option.textContent = shown(name);
        option.classList.toggle("current", name === this.#box.value);
        return option;
      }),
    );
    const some =
      this.#sought.trim() === "" ? total : `${count === 0 ? "None" : count.toLocaleString("en")} of ${total}`;
    this.#told.textContent = `${some} ${models.length === 1 ? "model" : "models"} of ${of}`;
    this.#list.ariaLabel = `Models of ${of}`;
    this.#list.hidden = count === 0;
    this.#rest.hidden = count <= first.length;
    this.#rest.textContent = `${(count - first.length).toLocaleString("en")} more: type a part of the name`;
    this.#box.ariaExpanded = String(count > 0);
    this.#mark(-1);
    this.#stand();
  }

  /** Says which name Enter chooses. */
  #mark(at: number): void {
    this.#at = at;
    for (const [i, option] of [...this.#list.children].entries()) option.ariaSelected = String(i === at);
    const active = this.#list.children[at];
    if (active) this.#box.setAttribute("aria-activedescendant", active.id);
    else this.#box.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  #choose(at: number): void {
    const name = this.#names[at];
    this.#close();
    if (name !== undefined) this.#facts().choose(name);
  }

  #press(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { key, altKey } = event;
    const open = this.#shown && this.#names.length > 0;
    const last = this.#names.length - 1;
    const to = (at: number) => {
      event.preventDefault();
      this.#mark(at);
    };
    if (key === "ArrowDown" && !open) {
      event.preventDefault();
      this.open();
      if (!altKey && this.#names.length > 0) this.#mark(0);
    } else if (key === "ArrowUp" && altKey && open) {
      event.preventDefault();
      this.#close();
    } else if (key === "ArrowUp" && !open) {
      event.preventDefault();
      this.open();
      if (this.#names.length > 0) this.#mark(this.#names.length - 1);
    } else if (key === "Escape" && this.#shown) {
      event.preventDefault(); // nothing else is stopped by it
      this.#close();
    } else if (!open || altKey) return;
    else if (key === "ArrowDown") to(this.#at === last ? 0 : this.#at + 1);
    else if (key === "ArrowUp") to(this.#at <= 0 ? last : this.#at - 1);
    else if (key === "PageDown") to(Math.min(this.#at + pageStep, last));
    else if (key === "PageUp") to(Math.max(this.#at - pageStep, 0));
    else if (key === "Enter" && this.#at >= 0) {
      event.preventDefault();
      this.#choose(this.#at);
    } else if (key === "Enter") this.#close();
    // These move the cursor in the box, and Enter leaves what stands there.
    else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(key)) this.#mark(-1);
  }

  /** Places the list below the box, or above it where there is more room, inside what is seen of the page. */
  #stand(): void {
    const { left, top, bottom, width } = this.#box.getBoundingClientRect();
    const { offsetTop: from, height } = window.visualViewport ?? { offsetTop: 0, height: window.innerHeight };
    const below = from + height - bottom - 8;
    const above = top - from - 8;
    const under = below >= Math.min(above, 240);
    const room = document.documentElement.clientWidth - 16;
    const { style } = this.#popover;
    style.width = `${Math.min(Math.max(width, 300), room)}px`;
    style.left = `${Math.max(8, Math.min(left, room + 8 - this.#popover.offsetWidth))}px`;
    style.maxHeight = `${Math.max(80, Math.min(under ? below : above, 360)) - 4}px`;
    style.top = under ? `${bottom + 4}px` : "auto";
    style.bottom = under ? "auto" : `${window.innerHeight - top + 4}px`;
  }
}
