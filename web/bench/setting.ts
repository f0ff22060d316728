/** What the build tool hands over. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run this through "go run ./build bench"`);
  return value;
}
