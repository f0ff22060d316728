/** Places a popover below the button that opens it, inside the window. For its `beforetoggle` event. */
export function popoverAt(event: Event): void {
  if ((event as ToggleEvent).newState !== "open") return;
  const popover = event.currentTarget as HTMLElement;
  const root = popover.getRootNode() as Document | ShadowRoot;
  const button = root.querySelector(`[popovertarget="${popover.id}"]`);
  if (!button) return;
  // The size is known only once it is open, before it is seen, and changes with what is in it.
  const sized = new ResizeObserver(() => {
    if (!popover.matches(":popover-open")) return sized.disconnect();
    const place = button.getBoundingClientRect();
    const { width, height } = popover.getBoundingClientRect();
    const left = Math.max(8, Math.min(place.left, document.documentElement.clientWidth - width - 8));
    const below = place.bottom + 6;
    const top = below + height < window.innerHeight ? below : Math.max(8, place.top - height - 6);
    popover.style.setProperty("left", `${left}px`);
    popover.style.setProperty("top", `${top}px`);
  });
  sized.observe(popover);
}

/** Moves through the entries of a menu with the arrow keys. For the `keydown` event of its popover. */
export function moveInMenu(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const entries = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = entries.indexOf(event.target as HTMLElement);
  entries.at((at + step + entries.length) % entries.length)?.focus();
}
