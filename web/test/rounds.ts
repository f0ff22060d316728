/** Whether tests should take the time that random tests can use; "make test DEEP=1" sets it. */
export const deep = !["", "0", undefined].includes(process.env.PLAYGROUND_DEEP);

/** How often a random test tries something: the usual number, or a hundred times as many in the deep mode. */
export function rounds(usual: number): number {
  return deep ? 100 * usual : usual;
}
