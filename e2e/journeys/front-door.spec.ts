import { expect, test } from '../support/test.js';

test('the front door opens', async ({ someone }) => {
  await someone.opens('/');
  await expect(someone.page.getByRole('heading', { level: 1 })).toBeVisible();
  await someone.opens('/sign-in');
});
