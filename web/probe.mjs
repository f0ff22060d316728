import { chromium } from "playwright-core";
import old from "playwright-core-esr";
const ff = process.argv[2]==="ff";
const t0=Date.now(); const log=(...a)=>console.log(((Date.now()-t0)/1000).toFixed(1),...a);
const browser = ff ? await old._bidiFirefox.launch({executablePath:"/usr/bin/firefox-esr"}) : await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox"]});
log("launched", browser.version());
const ctx = await browser.newContext({viewport:{width:+(process.argv[3]??1440),height:900}, acceptDownloads:true});
const page = await ctx.newPage();
page.on("console",m=>log("console",m.type(),m.text())); page.on("pageerror",e=>log("pageerror",e.message));
await page.goto("http://127.0.0.1:8191/",{waitUntil:"commit"}); log("goto");
await page.getByText(/^checked in /).first().waitFor({state:"attached",timeout:120000}); log("checked");
const snap=async()=>{const f=page.locator(":focus"); const n=await f.count(); return n? (await f.last().ariaSnapshot()).slice(0,200):"";};
for(let i=0;i<16;i++){ log(i, await snap()); await page.keyboard.press("Tab"); }
await page.screenshot({path:`/tmp/shot-${ff?"ff":"cr"}.png`});
log("route");
const p2 = await ctx.newPage();
await p2.route("**/blank-for-test", r=>r.fulfill({contentType:"text/html",body:"<p>hi"})); 
await p2.goto("http://127.0.0.1:8191/blank-for-test"); 
try{ log("eval", await p2.evaluate(async()=>JSON.stringify([await indexedDB.databases(), Object.keys(sessionStorage)]))); }catch(e){log("eval failed", e.message)}
try{ log("eval page", await page.evaluate(async()=>location.href)); }catch(e){log("eval failed", e.message.slice(0,300))}
try{ log("body", (await page.locator("body").innerText()).length); }catch(e){log("failed", e.message)}
await browser.close();
