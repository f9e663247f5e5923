import { expect, test } from '../support/test.js';

test('a lead sees who holds how much, and looks after one person', async ({ someone }) => {
  await someone.signsInAs('Lena Fischer');
  await someone.opens('/workload');
  const olena = someone.page.getByRole('row').filter({ hasText: 'Олена Коваль' });
  await expect(olena).toContainText('Full');
  const rosa = someone.page.getByRole('row').filter({ hasText: 'Rosa Méndez' });
  await expect(rosa).toContainText('Next:');
  await rosa.getByRole('link', { name: 'Rosa Méndez', exact: true }).click();
  await expect(someone.page.getByRole('heading', { level: 1 })).toHaveText('Rosa Méndez');
  await someone.presses('Look what would move');
  await expect(someone.page.getByRole('alert').first()).toContainText('choose somebody else');
  await someone.page.getByLabel('Open cases at most').fill('40');
  await someone.presses('Set capacity');
  // What was refused above still waits, and is told of below it.
  await expect(someone.page.getByRole('status').first()).toContainText('Capacity set');
  await expect(someone.page.locator('#holds')).toContainText('of 40');
});

test('one of ours plans an absence and takes it back', async ({ someone }) => {
  await someone.signsInAs('Anders Holm');
  await someone.opens('/account');
  await someone.follows('Plan an absence');
  const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
  await someone.page.getByLabel('First day').fill(inAYear);
  await someone.page.getByLabel('Last day').fill(inAYear);
  await someone.presses('Plan absence');
  await expect(someone.page.getByRole('status')).toContainText('Absence planned');
  await someone.page.getByRole('button', { name: 'Take back' }).click();
  await expect(someone.page.getByRole('status')).toContainText('Absence taken back');
  await expect(someone.page.locator('#to-come')).toContainText('No absence is noted');
});
