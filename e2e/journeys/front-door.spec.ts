import { registers } from '../support/developer.js';
import { expect, test } from '../support/test.js';

test('a visitor reads what it is about, finds the first call, and registers', async ({ someone }) => {
  await someone.opens('/');
  const heading = someone.page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('From sandbox to real readings');
  for (const level of ['Sandbox', 'Limited Access', 'Full Access']) {
    await expect(someone.page.getByRole('link', { name: level }).first()).toBeVisible();
  }

  await someone.follows('Applying for Limited Access');
  await expect(heading).toHaveText('Applying for Limited Access');
  await someone.follows('Privacy policy');
  await expect(someone.page).toHaveURL(/#form-privacy-policy$/);

  await someone.follows('Sandbox');
  await expect(someone.page.getByRole('heading', { name: 'The first call' })).toBeVisible();
  await someone.follows('Agreements');
  await someone.follows(/^Read version/);
  await expect(heading).toHaveText('Data Licensing Agreement');

  await someone.follows('Upgrade Desk');
  await registers(someone, 'Vera Visitor', `vera${Date.now()}`);
  await expect(someone.page.getByRole('heading', { name: 'Your first day' })).toBeVisible();
  await expect(someone.page.locator('#next-steps li[data-step=here]')).toContainText('Create your app');
  await someone.follows('Guides');
  await expect(heading).toHaveText('From sandbox to real readings');
});

test('an admin changes an open page, sees it first, and everybody reads it', async ({ someone, another }) => {
  await someone.signsInAs('Dana Whitfield');
  await someone.follows('Open pages');
  await someone.follows('The four scopes');
  const text = someone.page.getByLabel('Text', { exact: true });
  const before = await text.inputValue();
  await text.fill(before.replace('# The four scopes', '# Four scopes'));
  await someone.presses('Show preview');
  await expect(someone.page.getByText('Nothing has been published yet.')).toBeVisible();
  await expect(someone.page.locator('#preview')).toContainText('Four scopes');

  const visitor = await another();
  await visitor.opens('/scopes');
  await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText('The four scopes');
  await someone.presses(/^Publish version/);
  await expect(someone.page.getByText('Page published.')).toBeVisible();
  await visitor.opens('/scopes');
  await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText('Four scopes');

  await someone.follows('/scopes');
  await someone.follows('Built-in text');
  await someone.presses(/^Publish version/);
  await visitor.opens('/scopes');
  await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText('The four scopes');
});

test('signing in has its own page, where the demo proposes what to try first', async ({ someone }) => {
  await someone.opens('/sign-in');
  for (const first of ['As a reviewer', 'As a developer', 'As a compliance officer']) {
    await expect(someone.page.getByRole('heading', { name: first })).toBeVisible();
  }
  await someone.presses(/^Start as Chen/);
  await expect(someone.page).toHaveURL(/\/audit$/);
});
