import { expect, test } from '../support/test.js';

// Without scripts a page is as it was drawn.
test('what another one does is told on open pages at once, and what is typed there stays', async ({ another }) => {
  const [rosa, lena] = [await another(), await another()];
  await rosa.signsInAs('Rosa Méndez');
  await lena.signsInAs('Lena Fischer');
  await rosa.opens('/queue?view=needs_reviewer');
  const path = (await rosa.page.locator('tr.leads a.lead').first().getAttribute('href')) ?? '';
  await rosa.opens(path);
  await rosa.presses('Take case');
  // Two windows of one browser, which share its stream.
  const list = await rosa.page.context().newPage();
  await list.goto('/queue?view=all_open');
  const row = list.locator('tr.leads', { has: list.locator(`a[href="${path}"]`) });
  await rosa.opens(`${path}/clarify`);
  const question = rosa.page.locator('[name="text-1"]');
  await question.pressSequentially('Who keeps the readings?');
  await lena.opens(path);
  await expect(lena.page.locator('.live .here')).toHaveText('Rosa Méndez is writing in this case.');
  await expect(rosa.page.locator('.live .here')).toHaveText('Lena Fischer is viewing this case.');

  await lena.opens(`${path}/assign?seat=case`);
  const assignee = lena.page.getByLabel('Assignee');
  // Behind the name stands how much he holds.
  const akira = await assignee.locator('option', { hasText: '伊藤 明 (Akira Ito)' }).getAttribute('value');
  await assignee.selectOption(akira);
  await lena.page.getByRole('button', { name: 'Assign', exact: true }).click();
  const told = 'Lena Fischer made 伊藤 明 (Akira Ito) the assignee in place of Rosa Méndez';
  await expect(rosa.page.getByRole('status').filter({ hasText: told })).toBeVisible({ timeout: 1_000 });
  await expect(question).toHaveValue('Who keeps the readings?');
  await expect(row.locator('.changed')).toHaveText(`Just now: ${told}`);
  await expect(list.getByRole('status').filter({ hasText: '1 case in this list changed.' })).toBeVisible();
  // Of what she does herself nothing is said where she does it.
  await lena.settles();
  await expect(lena.page.locator('.live .notice')).toBeHidden();
  await rosa.settles();
  await list.getByRole('button', { name: 'Show the list again' }).click();
  await expect(row.locator('.changed')).toHaveCount(0);
  await rosa.presses('Show the page again');
  await expect(rosa.page.locator('.live .notice')).toBeHidden();
});
