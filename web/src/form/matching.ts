/** What the list below the box of the model shows. */
export interface ModelFacts {
  /** In the order of the server, each once. */
  readonly models: readonly string[];
  /** Whose they are, for people. */
  readonly of: string;
  /** Puts a model into the text. */
  readonly choose: (model: string) => void;
  /** A name with signs in the place of what would be invisible, or do something. */
  readonly shown: (name: string) => string;
}

/** The models that a text names in part. */
export interface Matches {
  /** How many there are. */
  readonly count: number;
  /** The first of them: those that begin with the text, then the others, each in the order of the server. */
  readonly first: readonly string[];
}

/** Finds the models with a text in their name, in whatever case its letters are. At most `most` of them are returned. */
export function matching(models: readonly string[], text: string, most: number): Matches {
  const sought = text.trim().toLowerCase();
  if (sought === "") return { count: models.length, first: models.slice(0, most) };
  const begin: string[] = [];
  const inside: string[] = [];
  for (const model of models) {
    const at = model.toLowerCase().indexOf(sought);
    if (at === 0) begin.push(model);
    else if (at > 0) inside.push(model);
  }
  return { count: begin.length + inside.length, first: [...begin, ...inside].slice(0, most) };
}
