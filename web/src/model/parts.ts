// The parts of the playground that are loaded on demand, and the hashes of its files.
//
// Where the build publishes hashes it writes every import() as a call of part() (build/published.go), so that none is run
// that is not what was published. Elsewhere an import() is what it says.

/** What the element that was loaded knows of the files beside it. */
export interface Published {
  /** Loads the module of a source, verified. Rejects with an Error whose message is for people. */
  load(source: string): Promise<unknown>;
  /** What a file has to be, as in the attribute `integrity`; undefined where that is not known. */
  integrityOf(file: string): string | undefined;
}

let published: Published | undefined;
const listeners = new Set<(message: string) => void>();

export function usePublished(files: Published | undefined): void {
  published = files;
}

/** Hears of parts that could not be loaded, each in one sentence, until the signal. */
export function hearOfLost(listener: (message: string) => void, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener("abort", () => listeners.delete(listener));
}

export async function part<Part>(source: string, load: () => Promise<Part>): Promise<Part> {
  if (!published) return load();
  try {
    return (await published.load(source)) as Part;
  } catch (error) {
    tellLost(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** Tells that a part is missing, or another file than was published. */
export function tellLost(message: string): void {
  for (const listener of listeners) listener(message);
}

export function integrityOf(file: string): string | undefined {
  return published?.integrityOf(file);
}
