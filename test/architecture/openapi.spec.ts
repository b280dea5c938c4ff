import { readFileSync } from 'node:fs';
import { testConfig } from '#libs/config/testing';
import { configureLogging } from '#libs/telemetry';
import { openApiDocument } from '../../apps/api/openapi-document.js';

beforeAll(() => configureLogging({ level: 'silent', service: 'test' }));

it('is checked in as it is served: after a change of the API run "npm run openapi" and commit docs/openapi.json', async () => {
  const current = await openApiDocument(testConfig());
  const checkedIn = readFileSync('docs/openapi.json', 'utf8');
  // By line, so that a failure shows the change and not two documents.
  expect(checkedIn.split('\n')).toEqual(current.split('\n'));
});

it('does not depend on how an installation is configured', async () => {
  const elsewhere = testConfig({
    API_PUBLIC_URL: 'https://api.elsewhere.example',
    API_RATE_LIMIT: '7',
    TENANT_BASE_DOMAIN: 'x.example',
  });
  expect(await openApiDocument(elsewhere)).toBe(await openApiDocument(testConfig()));
});
