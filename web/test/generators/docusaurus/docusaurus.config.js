export default {
  title: "Docs",
  url: "http://localhost",
  baseUrl: "/",
  onBrokenLinks: "throw",
  stylesheets: ["/playground/playground.css"],
  scripts: [{ src: "/playground/playground.js", type: "module" }],
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false, theme: {} }]],
};
