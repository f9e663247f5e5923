import { createsApp, fillsForm, registers, resubmits, startsApplication, submits } from '../support/developer.js';
import { does, failsOne, passesAll, takes } from '../support/staff.js';
import { expect, test, type Someone } from '../support/test.js';

test.describe.configure({ timeout: 900_000 });

const PAPER = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');

test('answers are kept one at a time and sent together; files say their round', async ({ another }) => {
  const [nadia, rosa, akira] = [await another(), await another(), await another()];
  await registers(nadia, 'Nora Nightly', `nora-${test.info().project.name}`);
  await rosa.signsInAs('Rosa Méndez');
  await akira.signsInAs('伊藤 明 (Akira Ito)');
  const number = await startsApplication(nadia, await createsApp(nadia, 'Nightly'), 'Limited Access');
  await fillsForm(nadia, number);
  await submits(nadia, number);

  await takes(rosa, number, 'Take case');
  await rosa.opens(`/cases/${number}/clarify`);
  await rosa.page.locator('details:has([name="text-2"]) > summary').click();
  for (const [place, question] of ['Who answers at night?', 'Who reads the reports?'].entries()) {
    await rosa.page.locator(`[name="text-${place + 1}"]`).fill(question);
  }
  await rosa.presses('Request clarification');

  const first = 'Two people, in turns.';
  const second = 'The same two, the day after.';
  const answer = (at: number) => nadia.page.getByLabel('Answer', { exact: true }).nth(at);
  await nadia.opens(`/applications/${number}/answer`);
  await expect(answer(1)).toBeVisible();
  await answer(0).fill(first);
  await nadia.presses('Save without sending');
  await expect(nadia.page.getByText('Nothing of it is sent yet')).toBeVisible();
  await expect(answer(0)).toHaveValue(first);
  await expect(answer(1)).toHaveValue('');

  await nadia.opens(`/applications/${number}`);
  await expect(nadia.page.getByText('is not sent yet')).toBeVisible();
  await expect(nadia.page.locator('#history')).not.toContainText(/saved|kept/i);
  await rosa.opens(`/cases/${number}`);
  await expect(rosa.page.locator('main')).not.toContainText(first);

  await nadia.opens(`/applications/${number}/answer`);
  await expect(answer(0)).toHaveValue(first);
  await answer(1).fill(second);
  // A file on the way, while something is typed and not saved: it is there again.
  await attachesLicence(nadia);
  await expect(answer(1)).toHaveValue(second);
  if (nadia.scripts) await expect(nadia.page.locator('.file', { hasText: 'licence.pdf' })).toContainText('not sent yet');
  await nadia.presses('Save without sending');
  await expect(answer(0)).toHaveValue(first);
  await expect(answer(1)).toHaveValue(second);
  if (nadia.scripts) {
    // Nothing is sent past a file that was chosen and is not there yet; saving takes it along.
    const { page } = nadia;
    const choose = page.locator('#files-product_pdf input[type=file]');
    await choose.setInputFiles({ name: 'spare.pdf', mimeType: 'application/pdf', buffer: PAPER });
    await page.getByRole('button', { name: 'Send answers' }).click();
    await expect(page.locator('.upload', { hasText: 'spare.pdf' })).toContainText('Not attached yet');
    await expect(page).toHaveURL(/\/answer/);
    await nadia.presses('Save without sending');
    await expect(page.locator('.file', { hasText: 'spare.pdf' })).toContainText('not sent yet');
  }
  await nadia.presses('Send answers');
  await expect(nadia.page).toHaveURL(new RegExp(`/applications/${number}(\\?|$)`));
  if (nadia.scripts) {
    await nadia.page.locator('#submission summary').click();
    await expect(nadia.page.locator('.file', { hasText: 'spare.pdf' })).toHaveCount(1);
  }
  await expect(nadia.page.locator('#questions')).toContainText(second);
  await rosa.opens(`/cases/${number}`);
  await expect(rosa.page.locator('main')).toContainText(first);
  await expect(rosa.page.locator('main')).toContainText(second);

  await passesAll(rosa, number, 'completeness');
  await does(rosa, number, 'Confirm complete');
  await takes(akira, number, 'Take commercial review');
  await failsOne(akira, number, 'commercial', 'The licence is out of date.');
  await akira.opens(`/cases/${number}/corrections`);
  await akira.presses('Request corrections');

  await nadia.opens(`/applications/${number}/corrections`);
  await nadia.page.getByLabel('Response', { exact: true }).first().fill('A newer licence is attached.');
  await nadia.presses('Save without sending');
  await expect(nadia.page.getByLabel('Response', { exact: true }).first()).toHaveValue('A newer licence is attached.');
  await attachesLicence(nadia);
  await resubmits(nadia, number, 'A newer licence is attached.');

  // Two files of one name are told apart by their round, on both sides.
  await nadia.page.locator('#submission summary').click();
  await rosa.opens(`/cases/${number}?open=submission`);
  for (const someone of [nadia, rosa]) {
    const files = someone.page.locator('.file', { hasText: 'licence.pdf' });
    await expect(files).toHaveCount(2);
    await expect(files.filter({ hasText: 'round 1' })).toHaveCount(1);
    await expect(files.filter({ hasText: 'round 2' })).toHaveCount(1);
    await expect(files.first().locator('time')).toHaveCount(1);
  }
});

/** Beside what is typed; without scripts on a page of its own, once what was typed is saved. */
async function attachesLicence(someone: Someone): Promise<void> {
  const { page } = someone;
  if (someone.scripts) await page.getByText('Attach files', { exact: true }).click();
  else await someone.presses('Save and attach files');
  const paper = { name: 'licence.pdf', mimeType: 'application/pdf', buffer: PAPER };
  if (someone.scripts) {
    await page.locator('#files-product_pdf input[type=file]').setInputFiles(paper);
    await page.locator('#files-product_pdf').getByRole('button', { name: 'Attach file' }).click();
  } else {
    // What is only chosen when one goes on is attached as well.
    await page.locator('input[type=file][name=product_pdf]').setInputFiles(paper);
    await someone.presses('Go on writing');
  }
  await expect(page.getByText('File attached.')).toBeVisible();
  await someone.settles();
}
