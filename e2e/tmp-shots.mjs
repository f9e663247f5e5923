import { chromium } from '@playwright/test'; import fs from 'node:fs';
const [base,out,...only]=process.argv.slice(2); fs.mkdirSync(out,{recursive:true});
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu']});
const plan={'':['/','/environments','/sandbox','/guides/limited-access','/agreements','/agreements/dla/1','/gallery','/gallery/tidemark','/support','/sign-in','/register','/partners'],
maya:['/apps','/account','/account/second-factor','/account/profile','/account/letters','/account/close','/apps/new','/applications/UD-1028','/applications/UD-1028/corrections','/applications/UD-1040','/applications/UD-1040/answer','/support','/support/new','/support/SR-1004','/partners','APP','APP/members','APP/edit','APP/redirects','APP/secret','APP/gallery'],
sam:['/apps','/applications/UD-1045/form/product','/applications/UD-1045/form/screens/files','/applications/UD-1045/check','/applications/UD-1045/withdraw','/applications/UD-1045']};
for(const [r,paths] of Object.entries(plan)) for(const [w,dark] of [[1280,false],[390,false],[1280,true],[390,true]]){ 
 const c=await b.newContext({viewport:{width:w,height:900},colorScheme:dark?'dark':'light'}); const p=await c.newPage();
 let app='';
 if(r){await p.request.post(base+'/do/demo_sign_in',{form:{username:r},headers:{'sec-fetch-site':'same-origin',origin:base,referer:base+'/sign-in',accept:'text/html'}}); const h=await (await p.request.get(base+'/apps',{headers:{accept:'text/html'}})).text(); app=(h.match(/\/apps\/[0-9a-f-]{36}/)||[''])[0];}
 for(let path of paths){ if(only.length&&!only.includes(r+path))continue; if(dark&&!['/','/apps','/account','/applications/UD-1028','APP','/gallery','/applications/UD-1045/form/product'].includes(path)&&!only.length)continue; const u=path.replace('APP',app); await p.goto(base+u); await p.waitForTimeout(150);
  const over=await p.evaluate(()=>document.documentElement.scrollWidth-document.documentElement.clientWidth); if(over>0)console.log('OVERFLOW',r,path,w,over);
  await p.screenshot({path:`${out}/${r||'nobody'}${path.replace(/[^a-zA-Z0-9]/g,'_')}-${w}${dark?'-dark':''}.png`,fullPage:true}); }
 await c.close(); }
await b.close();
