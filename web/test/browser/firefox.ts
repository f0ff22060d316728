// Finding and starting a Firefox, where the machine has one.

import { execFileSync } from "node:child_process";
import { type Browser, type BrowserType, firefox } from "playwright-core";
import old from "playwright-core-esr";

/** Milliseconds after which what hangs is given up; no machine is so slow. */
const farAway = 600_000;

/**
 * Starts $FIREFOX_PATH, or the firefox or firefox-esr in PATH, headless and with an empty profile; undefined where there is
 * none. What it downloads lands in the folder, as Playwright does not hear of it. Releases before 143, such as the long-lived 140, lack commands of WebDriver BiDi that Playwright sends since 1.56, so
 * an older Playwright talks to those.
 */
export async function launchFirefox(downloads: string): Promise<Browser | undefined> {
  const firefoxUserPrefs = {
    "browser.download.dir": downloads,
    "browser.download.folderList": 2, // the folder that is named
    "browser.download.alwaysOpenPanel": false, // which would take the focus
    "javascript.options.wasm_optimizingjit": false, // pages are left before it would pay, as in browser.ts
    // No processes beside the page's own: to start them costs more than the pages do.
    "dom.ipc.processCount": 1,
    "dom.ipc.processPrelaunch.enabled": false,
    "fission.webContentIsolationStrategy": 0,
    "browser.helperApps.neverAsk.saveToDisk": "application/json",
  };
  for (const program of [process.env.FIREFOX_PATH, "firefox", "firefox-esr"]) {
    const version = program && versionOf(program);
    if (!version) continue;
    const executablePath = resolve(program);
    const options = { executablePath, firefoxUserPrefs, timeout: farAway };
    if (version >= 143) return firefox.launch({ channel: "moz-firefox", ...options });
    return (old as unknown as { readonly _bidiFirefox: BrowserType })._bidiFirefox.launch(options);
  }
  return undefined;
}

/** The number of the release; 0 where there is no such program. */
function versionOf(program: string): number {
  try {
    return Number(
      /\d+/.exec(
        execFileSync(program, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
      )?.[0] ?? 0,
    );
  } catch {
    return 0;
  }
}

function resolve(program: string): string {
  return program.includes("/") ? program : execFileSync("which", [program], { encoding: "utf8" }).trim();
}
