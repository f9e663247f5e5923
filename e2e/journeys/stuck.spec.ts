import { expect, test, type Someone } from '../support/test.js';

// Whose applications are looked for one that has been quiet.
const DEVELOPERS = ['Maya Lindqvist', 'Ελένη Παππά', '佐藤 由紀', 'Frida Solheim', 'Bruno Teixeira', 'Inês Carvalho', 'Sam Okafor'];

/** The address of an application about which one can ask now, where there is one. */
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
  let developer = await another();
  let application: string | undefined;
  for (const name of DEVELOPERS) {
    await developer.signsInAs(name);
    application = await asksAbout(developer);
    if (application !== undefined) break;
    developer = await another();
  }
  expect(application, 'an application that has been quiet').toBeDefined();
  await developer.page.getByLabel('What you want to add').fill('We launch in May.');
  await developer.presses('Ask if it is stuck');
  await expect(developer.page.getByRole('status')).toContainText('Asked');
  await expect(developer.page.locator('#stuck')).toContainText('We launch in May.');
  await expect(developer.page.getByRole('button', { name: 'Ask if it is stuck' })).toHaveCount(0);

  const lead = await another();
  await lead.signsInAs('Lena Fischer');
  await lead.opens('/queue');
  await lead.page.getByRole('navigation', { name: 'Also waiting for you' }).getByRole('link', { name: /stuck/ }).click();
  const number = (application ?? '').replace('/applications/', '');
  await lead.page.locator('#stuck').getByRole('link', { name: number }).click();
  await lead.presses('Answer');
  await expect(lead.page.getByRole('alert').first()).toContainText('Answer');
  await lead.page.getByLabel('Answer', { exact: true }).fill('Somebody looks at it tomorrow.');
  await lead.presses('Answer');
  await expect(lead.page.getByRole('status').first()).toContainText('Answered');
  await developer.opens(application ?? '');
  await expect(developer.page.locator('#stuck')).toContainText('Somebody looks at it tomorrow.');
});
