import { chromium } from '@playwright/test';
const [base,user,path,out,w='1280',open='']=process.argv.slice(2);
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu']});
const c=await b.newContext({viewport:{width:+w,height:900}}); const p=await c.newPage();
if(user!=='-') await p.request.post(base+'/do/demo_sign_in',{form:{username:user},headers:{'sec-fetch-site':'same-origin',origin:base,referer:base+'/sign-in',accept:'text/html'}});
await p.goto(base+path); if(open) await p.evaluate(()=>document.querySelectorAll('details').forEach(d=>d.open=true)); await p.waitForTimeout(200);
await p.screenshot({path:out,fullPage:true}); await b.close();
