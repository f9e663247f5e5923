import { expect, test, type Someone } from '../support/test.js';

/** What is wider than the page. */
async function isWiderThanThePage(someone: Someone): Promise<boolean> {
  return someone.page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth;
  });
}

/** 300 by 300 pixels of one colour, as a PNG. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAASwAAAEsCAIAAAD2HxkiAAACe0lEQVR42u3TMQ0AAAgEsReBWOQgFQ1MLE2q4JJL9QCPIgGYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCCZUAUwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYETAgmBEwIJgRMCCYEE6oAJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEEwImBBMCJgQTAiYEE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCQETggkBE4IJAROCCcGEEoAJwYSACcGEgAnBhIAJwYSACcGEgAnBhIAJwYSACcGEgAnBhIAJwYSACcGEgAnBhIAJwYSACcGEgAnBhIAJwYSACcGEgAnBhIAJwYSACcGEwM0CIGkU5Vq03xgAAAAASUVORK5CYII=',
  'base64',
);

test('an entry is written, looked at, published for visitors, and taken down', async ({ another }) => {
  const [developer, manager, visitor] = [await another(), await another(), await another()];
  await developer.signsInAs('Frida Solheim');
  await developer.opens('/apps');
  await developer.follows('Kompas Clinic Board');
  await developer.follows('Gallery entry');
  const entry = new URL(developer.page.url()).pathname;
  await developer.follows('Edit texts');
  await developer.fills(/^Tagline/, 'Fourteen days on one page, for the visit');
  await developer.fills(/^App Store/, 'https://play.google.com/store');
  await developer.presses('Save');
  await developer.isToldAt(/^App Store/, /apps\.apple\.com/);
  await expect(developer.page.getByLabel(/^Tagline/)).toHaveValue(/Fourteen days/);
  await developer.fills(/^App Store/, '');
  await developer.presses('Save');
  await developer.follows('Images');
  const files = developer.page.getByLabel(/^Logo/);
  await files.setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
  await developer.presses('Add logo');
  await developer.isToldAt(/^Logo/, /logo\.svg.*PNG, JPEG or WebP/);
  await developer.page
    .getByLabel(/^Logo/)
    .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PICTURE });
  await developer.presses('Add logo');
  await expect(developer.page.locator('#logo img')).toBeVisible();
  await developer.opens(entry);
  await developer.presses('Send in for review');

  // What is public stays as it was.
  await visitor.opens('/gallery?q=clinic');
  await visitor.follows('Kompas Clinic Board');
  const shown = new URL(visitor.page.url()).pathname;
  await expect(visitor.page.locator('main')).not.toContainText('Fourteen days');
  await expect(visitor.page.locator('main')).toContainText('neither an approval nor an endorsement');

  await manager.signsInAs('Mira Lindqvist');
  await manager.opens('/gallery/review');
  await manager.follows('Kompas Clinic Board');
  await expect(manager.page.locator('#changes ins').first()).toContainText('Fourteen days');
  const review = new URL(manager.page.url()).pathname;
  await manager.presses('Ask for changes');
  await manager.isToldAt('What to change', /.+/);
  await manager.fills('What to change', 'Say who is invited.');
  await manager.presses('Ask for changes');
  await developer.opens(entry);
  await expect(developer.page.locator('main')).toContainText('Say who is invited.');
  await developer.presses('Send in for review');
  await manager.opens(review);
  await manager.presses('Publish');
  await visitor.opens(shown);
  await expect(visitor.page.locator('main')).toContainText('Fourteen days');
  const logo = visitor.page.locator('.gallery-head img');
  await expect(logo).toBeVisible();
  expect(await logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

  // A narrow page, large names, and colours that the person chose.
  await visitor.page.setViewportSize({ width: 320, height: 700 });
  for (const path of ['/gallery', '/gallery?language=ar', shown]) {
    await visitor.opens(path);
    expect.soft(await isWiderThanThePage(visitor), `${path} at 320 px`).toBe(false);
  }
  await visitor.page.emulateMedia({ forcedColors: 'active' });
  await visitor.opens(shown);
  await expect(visitor.page.getByRole('link', { name: /Go to/ })).toBeVisible();

  await manager.opens(review);
  await manager.fills('Why', 'The clinic asked us to.');
  await manager.presses('Take down');
  const answer = await visitor.page.request.get(shown);
  expect(answer.status(), 'taken down').toBe(404);
  await developer.opens(entry);
  await expect(developer.page.locator('main')).toContainText('The clinic asked us to.');
});
