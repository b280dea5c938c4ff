import { type CommandResult, runCommand } from '../support/command.js';
import { RunningSystem } from '../support/running-system.js';

const PASSWORD = 'correct horse battery staple';
const EMAIL = 'olga@quoin.example';

let system: RunningSystem;

beforeAll(async () => {
  system = await RunningSystem.start({ apis: 1, workers: 0 });
});

afterAll(() => system?.stop());

const operators = (args: readonly string[], input = ''): Promise<CommandResult> =>
  runCommand(['dist/apps/cli/main.js', 'operators', ...args], system.environment(), input);

function signIn(password = PASSWORD): Promise<Response> {
  const body = JSON.stringify({ email: EMAIL, password });
  const headers = { 'content-type': 'application/json' };
  return fetch(`${system.nextApi()}/v1/operator/tokens`, { method: 'POST', headers, body });
}

async function tenants(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${system.nextApi()}/v1/landlord/tenants`, { headers })).status;
}

it('are let in, given another password and shut out again from the command line', async () => {
  expect(await operators(['list'])).toMatchObject({ code: 0, output: expect.stringContaining('No operators') });
  const added = await operators(['add', EMAIL, '--name', 'Olga'], `${PASSWORD}\n`);
  expect(added).toEqual({ code: 0, output: `${EMAIL} is an operator.\n` });
  const { accessToken } = (await (await signIn()).json()) as { accessToken: string };
  expect(await tenants(accessToken)).toBe(200);
  expect((await operators(['list'])).output).toMatch(/^olga@quoin\.example {2}Olga {2}active {2}last signed in: 20/);
  expect((await operators(['password', EMAIL], 'another good password')).code).toBe(0);
  expect(await tenants(accessToken)).toBe(401);
  expect((await signIn()).status).toBe(401);
  const next = (await (await signIn('another good password')).json()) as { accessToken: string };
  expect(await tenants(next.accessToken)).toBe(200);
  expect((await operators(['disable', EMAIL])).code).toBe(0);
  expect(await tenants(next.accessToken)).toBe(401);
  expect((await signIn('another good password')).status).toBe(401);
  // Six processes begin and end, one after the other.
}, 180_000);

it.each<[string, readonly string[], string, string]>([
  ['an address twice', ['add', EMAIL, '--name', 'Other'], PASSWORD, 'is an operator already'],
  ['no address', ['add', 'olga', '--name', 'Olga'], PASSWORD, 'is no e-mail address'],
  ['no password', ['add', 'otto@quoin.example', '--name', 'Otto'], '', 'Send the password on standard input'],
  ['a short password', ['add', 'otto@quoin.example', '--name', 'Otto'], 'short', 'at least 12 characters'],
  ['an operator that is none', ['disable', 'nobody@quoin.example'], '', 'is no operator'],
])('are told in one sentence about %s', async (_, args, input, sentence) => {
  const { code, output } = await operators(args, input);
  expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
  expect(output.toLowerCase()).toContain(sentence.toLowerCase());
});
