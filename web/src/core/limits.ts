/** The most UTF-16 units of text that are handed to the core. Longer text surely has more bytes than it reads. */
export const maxTextUnits = 16 << 20;
