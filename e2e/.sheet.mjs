import { chromium } from "playwright-core"; import { readFileSync } from "node:fs";
const [out,...files]=process.argv.slice(2);
const b=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox"]});
const p=await b.newPage({viewport:{width:files.length*372,height:100}});
await p.setContent(`<body style="margin:0;display:flex;gap:12px;align-items:flex-start;background:#888">${files.map(f=>`<img src="data:image/png;base64,${readFileSync(f).toString("base64")}" width=360>`).join("")}`);
await p.waitForTimeout(200); await p.screenshot({path:out,fullPage:true}); await b.close();
