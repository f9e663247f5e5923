import { expect, test, type Someone } from '../support/test.js';
import { createsApp, fillsForm, registers, startsApplication, submits } from '../support/developer.js';
import { asks, takes } from '../support/staff.js';

/** One word, as wide as any: no space to break at. */
const wide = (characters: number) => 'W'.repeat(characters);

/** What is wider than the place it has: the page itself, or a table in it. */
async function overflows(someone: Someone): Promise<string[]> {
  return someone.page.evaluate(() => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`page: ${root.scrollWidth} > ${root.clientWidth}`] : [];
    for (const wrap of document.querySelectorAll('.table-wrap, .card, .tasks, main')) {
      if (wrap.scrollWidth > wrap.clientWidth + 1) {
        found.push(`${wrap.className || wrap.tagName}: ${wrap.scrollWidth} > ${wrap.clientWidth}`);
      }
    }
    return found;
  });
}

/** Looks at each page on a desk, there at 200 % too, and on the smallest phone. */
async function fits(someone: Someone, paths: string[]): Promise<void> {
  for (const [width, height] of [
    [1280, 900],
    [640, 450],
    [320, 700],
  ] as const) {
    await someone.page.setViewportSize({ width, height });
    for (const path of paths) {
      await someone.opens(path);
      expect.soft(await overflows(someone), `${path} at ${width} px`).toEqual([]);
    }
  }
  await someone.page.setViewportSize({ width: 1280, height: 900 });
}

// Some forty pages, each looked at three times.
test.describe.configure({ timeout: 900_000 });

test('the longest words break, and every column keeps its place', async ({ someone, another }) => {
  await registers(someone, wide(75), `w-${test.info().project.name}`);
  const app = await createsApp(someone, wide(60));
  await someone.opens(`${app}/edit`);
  await someone.fills(/^Organisation/, wide(75));
  await someone.fills('Description', wide(400));
  await someone.presses('Save app');
  const number = await startsApplication(someone, app, 'Limited Access');
  await fits(someone, ['/apps', app, `${app}/members`, `/applications/${number}/form/product`]);
  await fillsForm(someone, number);
  await submits(someone, number);

  const reviewer = await another();
  await reviewer.signsInAs('伊藤 明 (Akira Ito)');
  await takes(reviewer, number, 'Take case');
  await fits(reviewer, ['/queue', '/queue?view=all', `/cases/${number}`, `/cases/${number}/clarify`]);
  await asks(reviewer, number, wide(300));
  await fits(reviewer, [`/cases/${number}`]);
  await fits(someone, [`/applications/${number}`, `/applications/${number}/answer`]);

  const lead = await another();
  await lead.signsInAs('Lena Fischer');
  await fits(lead, ['/queue?view=all', `/cases/${number}`, `/cases/${number}/assign`]);
  const compliance = await another();
  await compliance.signsInAs('Chen Wei');
  await fits(compliance, ['/audit', `/audit?case=${number}`, `/cases/${number}`, '/admin/agreements']);
  const admin = await another();
  await admin.signsInAs('Dana Whitfield');
  await fits(admin, ['/admin/people', '/admin/mail', '/admin/settings', '/demo/mail']);
});
