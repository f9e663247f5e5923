import { expect, test } from '../support/test.js';
import {
  CHOSEN_PASSWORD,
  acceptsAgreement,
  answers,
  createsApp,
  fillsForm,
  registers,
  resubmits,
  startsApplication,
  submits,
} from '../support/developer.js';
import { approves, asks, does, failsOne, isAnswered, passesAll, takes } from '../support/staff.js';

// A developer from registration to Limited Access and on to Full Access, by all roles.
test.describe.configure({ timeout: 1_200_000 });

test('a developer goes from registration to Limited Access and on to Full Access', async ({ another }) => {
  const [nadia, rosa, akira, ben, anders, chen] = [
    await another(),
    await another(),
    await another(),
    await another(),
    await another(),
    await another(),
  ];
  await test.step('Nadia registers; everybody else signs in', async () => {
    await registers(nadia, 'Nadia Haddad', `tidelog-${test.info().project.name}`);
    await rosa.signsInAs('Rosa Méndez');
    await akira.signsInAs('伊藤 明 (Akira Ito)');
    await ben.signsInAs('Ben Adeyemi');
    await anders.signsInAs('Anders Holm');
    await chen.signsInAs('Chen Wei');
  });

  const app = await test.step('Nadia creates an app', () => createsApp(nadia, 'Tidelog'));

  await test.step('Nadia says where users are sent back to', async () => {
    await nadia.follows('Say where users are sent back to, in the sandbox');
    await nadia.fills('Redirect URIs', 'http://tidelog.example/back');
    await nadia.presses('Save redirect URIs');
    await nadia.isToldAt('Redirect URIs', /line 1: http is for the own machine alone/);
    await nadia.fills('Redirect URIs', 'https://tidelog.example/back\ncom.example.tidelog:/back');
    await nadia.presses('Save redirect URIs');
    await expect(nadia.page.locator('#environments')).toContainText('com.example.tidelog:/back');
    await expect(nadia.page.locator('#next-steps li[data-step=done]', { hasText: 'sent back' })).toHaveCount(1);
  });

  const limited = await test.step('Nadia applies for Limited Access', async () => {
    const number = await startsApplication(nadia, app, 'Limited Access');
    await fillsForm(nadia, number);
    await submits(nadia, number);
    return number;
  });

  await test.step('Rosa takes the case and asks; Nadia answers', async () => {
    await takes(rosa, limited, 'Take case');
    await asks(rosa, limited, 'Who reads the mail to your support address?', 'field:support_email');
    await answers(nadia, limited, 'Two people, on every working day. </textarea><script>alert(1)</script>', {
      support_email: 'help@tidelog.example',
    });
    await rosa.opens(`/cases/${limited}?open=questions`);
    await expect(rosa.page.locator('main')).toContainText('</textarea><script>alert(1)</script>');
    await rosa.opens(`/cases/${limited}?open=submission`);
    await expect(rosa.page.locator('main')).toContainText('help@tidelog.example');
    await expect(rosa.page.locator('main')).toContainText('Revision 2');
  });

  await test.step('Rosa finds the application complete', async () => {
    await passesAll(rosa, limited, 'completeness');
    await does(rosa, limited, 'Confirm complete');
  });

  await test.step('Akira reviews it commercially; a fault is corrected in a second round', async () => {
    await takes(akira, limited, 'Take commercial review');
    await failsOne(akira, limited, 'commercial', 'The imprint is missing.');
    await akira.opens(`/cases/${limited}/corrections`);
    await akira.presses('Request corrections');
    await resubmits(nadia, limited, 'The imprint is there now.');
    await passesAll(akira, limited, 'commercial');
    // What failed in the first round is looked at again, and what relied on an answer that was changed.
    const again = akira.page.locator('#work li.line', { hasText: /Fail|open again/ });
    for (;;) {
      await akira.opens(`/cases/${limited}?open=commercial`);
      if ((await again.count()) === 0) break;
      await again.first().locator('a.item').click();
      await isAnswered(akira);
      await akira.page.locator('.at-hand form.check').getByRole('button', { name: 'Pass', exact: true }).click();
      await isAnswered(akira);
    }
    await does(akira, limited, 'Pass commercial review');
  });

  await test.step('Nadia signs the agreement', () => acceptsAgreement(nadia, limited, CHOSEN_PASSWORD));

  await test.step('who reviewed cannot approve; Anders approves', async () => {
    await rosa.opens(`/cases/${limited}`);
    await expect(rosa.page.getByRole('link', { name: 'Approve', exact: true })).toHaveCount(0);
    await approves(anders, limited);
  });

  await test.step('the app has Limited Access, and Nadia has been told', async () => {
    await nadia.opens(app);
    await expect(nadia.page.locator('main')).toContainText('Limited Access');
    await nadia.opens(`/applications/${limited}`);
    await expect(nadia.page.locator('main')).toContainText(/approved/i);
    await nadia.opens('/demo/mail');
    await expect(nadia.page.locator('main')).toContainText(limited);
  });

  const full = await test.step('Nadia applies for Full Access; the form is filled in already', async () => {
    const number = await startsApplication(nadia, app, 'Full Access');
    await nadia.opens(`/applications/${number}/form/product`);
    await expect(nadia.page.locator('[name="description"]')).toHaveValue(/A diary for people/);
    await fillsForm(nadia, number);
    await submits(nadia, number);
    return number;
  });

  await test.step('the commercial and the technical review go side by side', async () => {
    await takes(rosa, full, 'Take case');
    await passesAll(rosa, full, 'completeness');
    await does(rosa, full, 'Confirm complete');
    await takes(akira, full, 'Take commercial review');
    await takes(ben, full, 'Take technical review');
    await passesAll(akira, full, 'commercial');
    await passesAll(ben, full, 'technical');
    await does(ben, full, 'Pass technical review');
    await does(akira, full, 'Pass commercial review');
  });

  await test.step('Nadia signs, Anders approves', async () => {
    await acceptsAgreement(nadia, full, CHOSEN_PASSWORD);
    await approves(anders, full);
    await nadia.opens(app);
    await expect(nadia.page.locator('main')).toContainText('Full Access');
  });

  await test.step('Chen reads the trail, but decides nothing', async () => {
    await chen.opens(`/cases/${full}`);
    await expect(chen.page.getByRole('button', { name: /^(Approve|Pass|Confirm)/ })).toHaveCount(0);
    await chen.opens('/audit');
    await expect(chen.page.locator('main')).toContainText(full);
  });
});

test('what is not yours does not exist', async ({ someone }) => {
  await someone.signsInAs('Sam Okafor');
  await someone.opens('/queue');
  await expect(someone.page.getByRole('heading', { level: 1 })).toHaveText(/not found|no such/i);
  await someone.opens('/cases/UD-1001');
  await expect(someone.page.getByRole('heading', { level: 1 })).toHaveText(/not found|no such/i);
  await someone.opens('/applications/UD-999999');
  await expect(someone.page.getByRole('heading', { level: 1 })).toHaveText(/not found|no such/i);
});
