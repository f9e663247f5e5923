import { defineConfig } from '@playwright/test';

// Debian's Chromium without a window; Playwright's own download is not used. The one with a window
// would draw with the help of a graphics card that is not there.
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';

export default defineConfig({
  testDir: 'journeys',
  globalSetup: './support/filled.ts',
  outputDir: 'test-results',
  // Each worker has its own desk, so files run side by side; within a file the order holds.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 300_000,
  expect: { timeout: 10_000 },
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.E2E_RESULTS ?? 'test-results/results.json' }],
  ],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    colorScheme: 'light',
    // A step that waits longer than this waits for something that will not come.
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    // A trace takes more of the processor than the journey: for one that fails, run it again with
    // `--trace retain-on-failure`.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--no-first-run',
      ],
    },
  },
  projects: [
    { name: 'scripts-on', testIgnore: 'screenshots.spec.ts', use: { javaScriptEnabled: true } },
    {
      name: 'scripts-off',
      // Without scripts what is typed is sent by its button: there is nothing that could keep it. And
      // how far a file is, the browser says.
      testIgnore: ['screenshots.spec.ts', 'live.spec.ts', 'typed-text.spec.ts', 'uploads.spec.ts'],
      use: { javaScriptEnabled: false },
    },
    { name: 'screenshots', testMatch: 'screenshots.spec.ts', use: { deviceScaleFactor: 1 } },
  ],
});
