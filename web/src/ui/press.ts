// What is typed counts when its box is left, and a page that is drawn anew in the middle of a click can move what is
// being clicked away from under the pointer. So while a pointer is down, what follows from leaving a box waits.

let down = false;
let waiting: (() => void)[] = [];

function release(): void {
  down = false;
  const actions = waiting;
  waiting = [];
  for (const action of actions) action();
}

/** Follows the pointer; any number of elements on a page may ask for it. */
export function watchPointer(signal: AbortSignal): void {
  const options = { signal, capture: true };
  window.addEventListener("pointerdown", ({ button }) => (down = button === 0), options);
  for (const end of ["pointerup", "pointercancel", "keydown"]) window.addEventListener(end, release, options);
}

/** Does it at once, or where the pointer is down, when it is up again: still before the click counts. */
export function afterPress(action: () => void): void {
  if (down) waiting.push(action);
  else action();
}
