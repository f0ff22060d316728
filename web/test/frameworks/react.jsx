import { useState } from "react";
import { createRoot } from "react-dom/client";
import { first, second } from "./texts.js";

function App() {
  const [given, setGiven] = useState(first);
  const [verdict, setVerdict] = useState("");
  return (
    <>
      <button type="button" onClick={() => setGiven(second)}>
        Change
      </button>
      <output id="verdict">{verdict}</output>
      <output id="text">{given.value}</output>
      <completion-playground
        {...given}
        oncheck={(event) =>
          setVerdict(event.detail.ok ? "ok" : event.detail.issues.map(({ field }) => field).join(" "))
        }
        onchange={(event) => setGiven((before) => ({ ...before, value: event.detail.text }))}
      />
    </>
  );
}

createRoot(document.querySelector("#app")).render(<App />);
