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
  await attachesLicence(nadia, 'answer');
  await expect(answer(0)).toHaveValue(first);
  await expect(answer(1)).toHaveValue(second);
  await expect(nadia.page.locator('.file', { hasText: 'licence.pdf' })).toContainText('not sent yet');
  const { page } = nadia;
  const choose = page.getByLabel(/^Files for this answer/);
  await expect(choose).toHaveCount(2);
  // Saving takes along what is chosen and not attached; it stands with its answer.
  await choose.nth(1).setInputFiles({ name: 'reports.pdf', mimeType: 'application/pdf', buffer: PAPER });
  await nadia.presses('Save without sending');
  await nadia.settles();
  const beside = page.locator('.card', { hasText: 'Who reads the reports?' });
  await expect(beside.locator('.file', { hasText: 'reports.pdf' })).toContainText('not sent yet');
  await expect(answer(1)).toHaveValue(second);
  // It can be taken out again, and what is typed meanwhile stays.
  const third = 'The same two, from the day after on.';
  await answer(1).fill(third);
  await beside.getByRole('button', { name: 'Remove file reports.pdf' }).click();
  await expect(page.getByText('File removed.')).toBeVisible();
  await nadia.settles();
  await expect(answer(1)).toHaveValue(third);
  if (nadia.scripts) {
    // What cannot be sent holds up its form, and is taken out.
    await choose.nth(0).setInputFiles({ name: 'heavy.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(21 << 20) });
    await expect(page).toHaveTitle(/^Error: /);
    await page.getByRole('button', { name: 'Send answers' }).click();
    await expect(page).toHaveURL(/\/answer/);
    await page.getByRole('button', { name: 'Take out heavy.pdf' }).click();
    await expect(page).toHaveTitle(/^(?!Error)/);
  }
  // Sending takes along what is chosen as well.
  await choose.nth(0).setInputFiles({ name: 'spare.pdf', mimeType: 'application/pdf', buffer: PAPER });
  await nadia.presses('Send answers');
  await expect(nadia.page).toHaveURL(new RegExp(`/applications/${number}(\\?|$)`));
  await expect(page.locator('#questions .file', { hasText: 'spare.pdf' })).toHaveCount(1);
  await expect(nadia.page.locator('#questions')).toContainText(third);
  await rosa.opens(`/cases/${number}?open=questions`);
  await expect(rosa.page.locator('main')).toContainText(first);
  await expect(rosa.page.locator('main')).toContainText(third);

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
  await attachesLicence(nadia, 'corrections');
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

/** To the question of the form that takes it, which is folded away on these pages, in one fold or two. */
async function attachesLicence(someone: Someone, form: string): Promise<void> {
  const { page } = someone;
  const choose = page.locator(`#${form}-product_pdf`);
  const folds = page.locator('details', { has: choose });
  for (const fold of await folds.all()) {
    if (!(await choose.isVisible())) await fold.locator('> summary').click();
  }
  await choose.setInputFiles({ name: 'licence.pdf', mimeType: 'application/pdf', buffer: PAPER });
  await folds.last().getByRole('button', { name: 'Attach files' }).click();
  await expect(page.getByText('Attached.', { exact: true })).toBeVisible();
  await someone.settles();
}
