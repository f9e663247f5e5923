import { expect, test, type Someone } from '../support/test.js';

/** The applications of which the page says whether one can ask if they are stuck. */
async function asksAbout(someone: Someone): Promise<string | undefined> {
  await someone.opens('/apps');
  const links = await someone.page.locator('a[href^="/applications/UD-"]').all();
  const paths = await Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''));
  for (const path of new Set(paths.map((path) => path.replace(/[?#].*/, '').split('/').slice(0, 3).join('/')))) {
    await someone.opens(path);
    if ((await someone.page.getByRole('button', { name: 'Ask if it is stuck' }).count()) > 0) return path;
  }
  return undefined;
}

test('a developer asks if an application is stuck, and a lead answers', async ({ another }) => {
  const [developer, lead] = [await another(), await another()];
  await developer.signsInAs('Maya Lindqvist');
  const application = await asksAbout(developer);
  expect(application, 'an application that has been quiet').toBeDefined();
  await developer.page.getByLabel('What you want to add').fill('We launch in May.');
  await developer.presses('Ask if it is stuck');
  await expect(developer.page.getByRole('status')).toContainText('Asked');
  await expect(developer.page.locator('#stuck')).toContainText('We launch in May.');
  await expect(developer.page.getByRole('button', { name: 'Ask if it is stuck' })).toHaveCount(0);

  await lead.signsInAs('Lena Fischer');
  await lead.opens('/queue');
  await lead.page.getByRole('navigation', { name: 'Also waiting for you' }).getByRole('link', { name: /stuck/ }).click();
  const number = (application ?? '').replace('/applications/', '');
  await lead.page.locator('#stuck').getByRole('link', { name: number }).click();
  await lead.presses('Answer');
  await expect(lead.page.getByRole('alert').first()).toContainText('Answer');
  await lead.page.getByLabel('Answer', { exact: true }).fill('Somebody looks at it tomorrow.');
  await lead.presses('Answer');
  await expect(lead.page.getByRole('status')).toContainText('Answered');
  await developer.opens(application ?? '');
  await expect(developer.page.locator('#stuck')).toContainText('Somebody looks at it tomorrow.');
});
