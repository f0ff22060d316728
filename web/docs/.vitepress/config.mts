import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { drawing } from "./drawing.ts";

/** What "go run ./build docs" has to say: see build/docs.go. */
interface Site {
  readonly base: string;
  readonly repository: string;
  readonly menu: readonly { title: string; open: boolean; pages: readonly { title: string; path: string }[] }[];
}

const { base, repository, menu }: Site = JSON.parse(readFileSync(new URL("../site.json", import.meta.url), "utf8"));

/** The ids of GitHub, so that a link to a heading works in both places. */
const slug = (title: string): string =>
  title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\-_ ]/gu, "")
    .replaceAll(" ", "-");

export default defineConfig({
  title: "Completion Playground",
  description: "Checks a text-completion request before it is sent.",
  lang: "en",
  base,
  srcDir: "pages",
  srcExclude: ["public/**"],
  outDir: "site",
  // What switches transitions off while the theme changes is a style sheet that the policy would have to name.
  appearance: { disableTransition: false },
  // One file with the names of all pages instead of a script in each of them.
  metaChunk: true,
  head: [
    ["link", { rel: "icon", href: `${base}icon.svg`, type: "image/svg+xml" }],
    ["link", { rel: "stylesheet", href: `${base}playground/playground.css` }],
    ["script", { type: "module", src: `${base}playground/playground.js` }],
  ],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "completion-playground" } } },
  markdown: {
    anchor: { slugify: slug },
    toc: { slugify: slug },
    headers: { slugify: slug },
    config: (md) => {
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, index, options, env, self) => {
        const token = tokens[index];
        if (token?.info.trim() === "mermaid") return drawing(token.content);
        return fence ? fence(tokens, index, options, env, self) : "";
      };
      // A table that is wider than the page is scrolled, also with the keyboard.
      md.renderer.rules.table_open = () => '<div class="wide" tabindex="0"><table tabindex="-1">\n';
      md.renderer.rules.table_close = () => "</table></div>\n";
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Start", link: "/start" },
      { text: "Fields", link: "/fields/" },
      { text: "Codes", link: "/codes" },
      { text: "Servers", link: "/servers/" },
      { text: "Source", link: repository },
    ],
    sidebar: menu.map(({ title, open, pages }) => ({
      text: title,
      ...(open ? {} : { collapsed: true }),
      items: pages.map((page) => ({ text: page.title, link: `/${page.path.replace(/(index)?\.md$/, "")}` })),
    })),
  },
});
