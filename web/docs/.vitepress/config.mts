import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { colours } from "./colours.ts";
import { drawing } from "./drawing.ts";

interface Group {
  readonly title: string;
  readonly pages: readonly { readonly title: string; readonly path: string }[];
}

/** What "go run ./build docs" has to say: see build/docs.go. */
interface Site {
  readonly base: string;
  readonly repository: string;
  readonly menu: readonly Group[];
}

const { base, repository, menu }: Site = JSON.parse(readFileSync(new URL("../site.json", import.meta.url), "utf8"));

const listed = menu.map(({ title, pages }) => ({
  text: title,
  items: pages.map((page) => ({ text: page.title, link: `/${page.path.replace(/(index)?\.md$/, "")}` })),
}));

/** The menu without the lists that are long, save for those that are named. */
const sidebar = (...long: readonly string[]) =>
  listed.filter(
    ({ text }) =>
      long.includes(text) || (long.length === 0 ? text !== "Fields" && text !== "Servers" : text === "Reference"),
  );

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
    theme: colours,
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
    sidebar: { "/fields/": sidebar("Fields"), "/servers/": sidebar("Servers"), "/": sidebar() },
  },
});
