export default {
  title: "Docs",
  cacheDir: "../../../../.cache/generators/vitepress-cache",
  head: [
    ["link", { rel: "stylesheet", href: "/playground/playground.css" }],
    ["script", { type: "module", src: "/playground/playground.js" }],
  ],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "completion-playground" } } },
};
