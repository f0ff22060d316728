/** Ajv's standalone code for the schemas of the inputs, by profile; made by ajv.ts before the bundle. */
declare module "bench:validators" {
  const validators: Readonly<Record<string, (value: unknown) => boolean>>;
  export default validators;
}
