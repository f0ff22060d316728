import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";

export default defineConfig({
  telemetry: false,
  integrations: [
    starlight({
      title: "Docs",
      pagefind: false,
      head: [
        { tag: "link", attrs: { rel: "stylesheet", href: "/playground/playground.css" } },
        { tag: "script", attrs: { type: "module", src: "/playground/playground.js" } },
      ],
    }),
  ],
});
