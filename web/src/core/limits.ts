/** The most UTF-16 units of text that are handed to the core. Longer text surely has more bytes than it reads. */
export const maxTextUnits = 16 << 20;

/**
 * Bytes of WebAssembly memory up to which an instance is kept for the next text. Its memory never shrinks, so one that a
 * large text made larger is replaced once it is to serve a text of at most `smallTextUnits`.
 */
export const keptMemory = 64 << 20;
export const smallTextUnits = 1 << 20;
