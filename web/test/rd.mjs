import { chromium } from "playwright-core";
const [,, n, ...urls] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium-headless-shell", args: ["--no-sandbox","--disable-gpu"] });
const res = {};
for (let i = 0; i < +n; i++) for (const url of urls) {
  const c = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  for (const k of ["cold", "warm"]) {
    const p = await c.newPage();
    await p.addInitScript(() => { window.__t = new Promise(r => document.addEventListener("check", () => r(performance.now()), {once:true})); });
    await p.goto(url, { waitUntil: "commit" });
    (res[k+" "+url] ??= []).push(Math.round(await p.evaluate(() => window.__t)));
    await p.close();
  }
  await c.close();
}
for (const k in res) { const s = res[k].sort((a,b)=>a-b); console.log(k, "median", s[s.length>>1], s.join(" ")); }
await browser.close();
