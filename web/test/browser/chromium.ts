// Finding and starting a Chromium without privileges on whatever machine the tests run.

import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];

const usualPlaces = [
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** Milliseconds after which what hangs is given up; no machine is so slow. */
const farAway = 600_000;

/** Starts a headless Chromium. Its profile is empty, and it talks to nobody but the pages that a test opens. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(),
    timeout: farAway,
    args: [
      "--no-sandbox", // containers often run as root, where Chromium's own sandbox refuses to start
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}

/** $CHROME_PATH, then PATH, then the usual places, then the Chromium that comes as an npm package. */
export async function findChromium(): Promise<string> {
  const asked = process.env.CHROME_PATH;
  if (asked) {
    if (!executable(asked)) throw new Error(`CHROME_PATH names ${asked}, which cannot be run`);
    return asked;
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const installed = [...candidates, ...usualPlaces].find(executable);
  if (installed) return installed;
  if (process.platform === "linux" && process.arch === "x64") return unpackChromium();
  throw new Error("no Chromium was found; install one, or name it in CHROME_PATH");
}

/**
 * The package is made for a bare cloud image: it unpacks itself into the temporary folder and, when told that it runs
 * there, also the shared libraries and fonts that such an image lacks. We tell it so, before it loads, and give it a
 * temporary folder that outlives the run. Its own arguments are not used; some switch a browser's protections off.
 */
async function unpackChromium(): Promise<string> {
  const cache = process.env.PLAYGROUND_CACHE;
  if (!cache) throw new Error('PLAYGROUND_CACHE is not set; run the tests through "go run ./build test"');
  const folder = join(cache, "chromium");
  mkdirSync(folder, { recursive: true });
  const temporary = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs20.x";
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    const program = await packed.executablePath();
    useFonts(folder);
    return program;
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  }
}

/**
 * The package's font configuration looks for its fonts in /tmp, and a Chromium that finds no font at all crashes on the
 * first letter. This one names the folder that they really are in, and the machine's own besides.
 */
function useFonts(folder: string): void {
  const file = join(folder, "fonts.conf");
  const folders = [join(folder, "fonts"), "/usr/share/fonts", "/usr/local/share/fonts"];
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((name) => `  <dir>${name}</dir>`).join("\n")}
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`,
  );
  process.env.FONTCONFIG_FILE = file;
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
