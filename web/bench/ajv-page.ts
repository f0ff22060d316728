// A page that does with Ajv what ours does first: it compiles the schema and checks the text that it shows.

import { Ajv2020 } from "ajv/dist/2020.js";
import schema from "../../schema/completion-request.json" with { type: "json" };
import { firstText } from "../src/text/examples.ts";

const area = document.body.appendChild(document.createElement("textarea"));
const verdict = document.body.appendChild(document.createElement("p"));
area.value = firstText;
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
const check = (): void => {
  const ok = validate(JSON.parse(area.value));
  verdict.textContent = ok ? "No problems." : JSON.stringify(validate.errors);
  document.dispatchEvent(new CustomEvent("check"));
};
area.addEventListener("input", check);
check();
