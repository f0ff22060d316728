/** Hands JSON to the person as a file of this name. */
export const saveAs = (name: string, json: string): void => saveFile(name, json, "application/json");

/** Hands a text to the person as a file of this name. */
export function saveFile(name: string, text: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
