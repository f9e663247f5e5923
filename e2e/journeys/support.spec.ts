import { expect, test } from '../support/test.js';

test('a question becomes an answer, and the answer an article that visitors read', async ({ another }) => {
  const [developer, stranger, agent, second, visitor] = [
    await another(),
    await another(),
    await another(),
    await another(),
    await another(),
  ];
  await developer.signsInAs('Maya Lindqvist');
  await developer.opens('/support/new');
  // Answers that exist are found: while the subject is typed, or by a button.
  const subject = 'Refreshing of my token fails';
  if (developer.scripts) {
    await developer.fills('Subject', subject);
  } else {
    await developer.fills('What is it about?', subject);
    await developer.presses('Look for answers');
  }
  await expect(developer.page.locator('#answers-found').getByRole('link', { name: /refreshing a token/ })).toBeVisible();
  await developer.fills('Subject', '');
  // What is missing is said, and what was typed is still there.
  await developer.fills('Your question', 'The gate at the lighthouse answers 418. What does that mean?');
  await developer.presses('Send request');
  await developer.isToldAt('Subject', /.+/);
  await expect(developer.page.getByLabel('Your question')).toHaveValue(/lighthouse/);
  await developer.fills('Subject', 'The lighthouse answers 418');
  await developer.page.getByLabel('The API and its data').check();
  await developer.page.getByLabel('Sandbox', { exact: true }).check();
  await developer.presses('Send request');
  await expect(developer.page).toHaveURL(/\/support\/SR-\d+/);
  const request = new URL(developer.page.url()).pathname;
  await expect(developer.page.locator('main')).toContainText('lighthouse');

  await stranger.signsInAs('Sam Okafor');
  const answer = await stranger.page.request.get(request);
  expect(answer.status(), 'nobody else’s').toBe(404);

  await agent.signsInAs('Noor Haddad');
  await agent.opens('/support/queue?view=all_open');
  await agent.follows(request.replace('/support/', ''));
  await agent.fills('Note', 'A joke of the sandbox, known since spring.');
  await agent.presses('Add note');
  // A canned text stands behind what was typed, and nothing has been sent.
  await agent.fills(/^Reply/, 'Thank you for asking.');
  await agent.page.getByLabel(/^Canned text/).selectOption('Ask for a request id');
  await agent.presses('Put in');
  await expect(agent.page.getByLabel(/^Reply/)).toHaveValue(/^Thank you for asking\.\s+Hello Maya Lindqvist,[^]+SR-\d+/);
  await agent.fills(/^Reply/, 'It means that the teapot is short and stout: ask for coffee elsewhere.');
  await agent.presses('Reply and solve');

  await developer.opens(request);
  await expect(developer.page.locator('main')).toContainText('short and stout');
  await expect(developer.page.locator('main')).not.toContainText('known since spring');
  await developer.opens('/demo/mail');
  await expect(developer.page.getByRole('link', { name: /SR-\d+|lighthouse/ }).first()).toBeVisible();

  await agent.opens(`${request}/article`);
  const title = 'Why does the sandbox answer 418 to coffee?';
  await agent.fills('Title', title);
  await agent.fills('Question', 'A request for coffee is answered with 418.');
  await agent.fills('Answer', 'The sandbox is a teapot. Ask for coffee elsewhere.');
  await agent.presses('Hand to a second person');
  await visitor.opens('/support?q=coffee');
  await expect(visitor.page.getByRole('link', { name: title })).toHaveCount(0);
  await second.signsInAs('Jonas Weber');
  await second.opens('/support/queue');
  await second.follows(title);
  await second.presses('Release');
  await visitor.opens('/support?q=coffee');
  await visitor.follows(title);
  await expect(visitor.page.locator('main')).toContainText('The sandbox is a teapot.');
});
