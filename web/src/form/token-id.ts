/**
 * What keeps a text from being the id of one more token; "" for nothing, and for an empty text. `entries` are the ids in
 * the table with their biases.
 */
export function tokenFault(typed: string, entries: readonly (readonly [id: string, bias: string])[]): string {
  const id = typed.trim();
  if (id === "") return "";
  if (!/^\d{1,19}$/.test(id)) return `got “${id}”, want the number of a token, such as 50256`;
  if (entries.some(([known]) => plain(known) === plain(id))) return `token ${id} is in the table already`;
  return "";
}

function plain(id: string): string {
  return id.replace(/^0+(?=\d)/, "");
}
