import { createApp, h, ref } from "vue";
import { first, second } from "./texts.js";

const App = {
  setup() {
    const given = ref(first);
    const verdict = ref("");
    return () => [
      h("button", { type: "button", onClick: () => (given.value = second) }, "Change"),
      h("output", { id: "verdict" }, verdict.value),
      h("output", { id: "text" }, given.value.value),
      h("completion-playground", {
        ...given.value,
        onCheck: ({ detail }) => (verdict.value = detail.ok ? "ok" : detail.issues.map(({ field }) => field).join(" ")),
        onChange: ({ detail }) => (given.value = { ...given.value, value: detail.text }),
      }),
    ];
  },
};

createApp(App).mount("#app");
