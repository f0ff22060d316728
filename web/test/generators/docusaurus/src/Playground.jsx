/** The element for MDX: a request as text or as an object. */
export default function Playground({ request, ...attributes }) {
  const value = typeof request === "string" ? request : JSON.stringify(request, null, 2);
  return <completion-playground {...attributes} value={value} />;
}
