/**
 * Where the scripts lie. Files beside them are found by it; written as `import.meta.url` at each place, it would make webpack
 * look for modules there.
 */
export const here: string = import.meta.url;
