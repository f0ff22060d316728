import { chromium } from "playwright-core";
import fs from "node:fs";
const [,, url, kind="embed"] = process.argv;
const exe = process.env.CHROME ?? "/usr/bin/chromium-headless-shell";
const browser = await chromium.launch({ executablePath: exe, args: ["--no-sandbox","--disable-gpu"] });
const b = await browser.newBrowserCDPSession();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
for (let i = 0; i < 2; i++) {
const page = await context.newPage();
await page.addInitScript(() => { window.__t = new Promise(r => document.addEventListener("check", () => { performance.mark("VERDICT"); r(performance.now()); }, {once:true})); });
await b.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline","v8","v8.wasm","disabled-by-default-v8.wasm.detailed","disabled-by-default-v8.wasm.turbofan","blink.user_timing","loading","toplevel"] } });
const events = [];
const onData = (e) => events.push(...e.value);
b.on("Tracing.dataCollected", onData);
await page.goto(url, { waitUntil: "commit" });
const t = await page.evaluate(() => window.__t);
const doneP = new Promise(r => b.once("Tracing.tracingComplete", r));
await b.send("Tracing.end"); await doneP; b.off("Tracing.dataCollected", onData);
console.log(i ? "WARM" : "COLD", Math.round(t));
const threads = {};
for (const e of events) if (e.ph === "M" && e.name === "thread_name") threads[e.pid+":"+e.tid] = e.args.name;
const verdict = events.find(e => e.name === "VERDICT");
const nav = events.filter(e => e.name === "navigationStart" && e.ts < verdict.ts).at(-1);
const t0 = nav ? nav.ts : verdict.ts - t*1000;
fs.writeFileSync(`/tmp/q/trace${i}.json`, JSON.stringify(events));
const rows = events.filter(e => e.pid === verdict.pid && (e.ph === "X") && e.dur > 8000 && e.ts < verdict.ts);
rows.sort((a,b)=>a.ts-b.ts);
const seen = new Set();
for (const e of rows) { const k = `${threads[e.pid+":"+e.tid]} ${e.name}`; console.log(String(Math.round((e.ts-t0)/1000)).padStart(6), String(Math.round(e.dur/1000)).padStart(5), (threads[e.pid+":"+e.tid]??"?").padEnd(26), e.name, (e.args?.data?.url??"").slice(-30)); }
const bynames = {};
for (const e of events.filter(e => e.pid === verdict.pid && e.ph === "X" && e.ts < verdict.ts)) { const k = (threads[e.pid+":"+e.tid]??"?")+" | "+e.name; (bynames[k] ??= [0,0]); bynames[k][0] += e.dur/1000; bynames[k][1]++; }
console.log(Object.entries(bynames).filter(([k,v])=>v[0]>30).sort((a,b)=>b[1][0]-a[1][0]).map(([k,v])=>`   ${v[0].toFixed(0)} ms ×${v[1]} ${k}`).join("\n"));
await page.close();
}
await browser.close();
