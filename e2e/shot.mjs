import { chromium } from '@playwright/test';
const [,, who, ...paths] = process.argv;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ['--no-sandbox','--disable-gpu'] });
for (const [w, scheme] of [[1280,'light'],[390,'dark'],[390,'light'],[1280,'dark']].slice(0, Number(process.env.N ?? 2))) {
  const ctx = await browser.newContext({ viewport: { width: w, height: 900 }, colorScheme: scheme, timezoneId: 'Europe/Berlin', locale: 'en-GB' });
  const page = await ctx.newPage();
  const base = `http://127.0.0.1:${process.env.PORT ?? 4600}`;
  if (who !== '-') { await page.goto(base + '/sign-in'); 
    await page.evaluate(async (u) => { await fetch('/do/demo_sign_in', { method: 'POST', headers: {'content-type':'application/x-www-form-urlencoded'}, body: 'username=' + u }); }, who); }
  for (const p of paths) {
    await page.goto(base + p); await page.waitForTimeout(400);
    const name = (p.replace(/[^a-z0-9]+/gi,'_') || 'root');
    await page.screenshot({ path: `/tmp/shots/${who}${name}_${w}_${scheme}.png`, fullPage: true });
    console.log(p, page.url(), await page.title());
  }
}
await browser.close();
