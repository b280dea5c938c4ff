import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = process.cwd();
const run = promisify(execFile);

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}
interface Report {
  modules: { source: string; dependencies: { module: string; resolved: string }[] }[];
  summary: { violations: Violation[]; ruleSetUsed: { forbidden: { name: string }[] } };
}
interface WrittenMap {
  LIBRARIES: string[];
  CAPABILITIES: Record<string, string[]>;
}

const { LIBRARIES, CAPABILITIES } = (await import(
  pathToFileURL(join(root, '.dependency-cruiser.js')).href
)) as WrittenMap;

/** Packages the violations import; stubs with a manifest are all that resolution needs. */
const packages = ['typeorm', 'bullmq', 'ioredis'];

/** A house in which every door exists, everything is reached, and nothing is broken. */
async function cleanHouse(): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { imports: object };
  const dependencies = Object.fromEntries(packages.map((name) => [name, '1']));
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ type: 'module', imports, dependencies, devDependencies: { jest: '1' } }),
    'tsconfig.json': await readFile(join(root, 'tsconfig.json'), 'utf8'),
    'ormconfig.ts': `import { salesSchema } from '#erp/sales/schema'; export default salesSchema;`,
    'apps/api/main.ts': `import { http } from '#erp/sales/http'; import { kernel } from '#libs/kernel'; console.log(http, kernel);`,
    'apps/worker/main.ts': `import { jobs } from '#erp/sales/jobs'; console.log(jobs);`,
    'apps/cli/main.ts': `import { catalog } from '#erp/catalog'; console.log(catalog);`,
    'libs/testing/index.ts': `import { salesSchema } from '#erp/sales/schema'; export const testing = salesSchema;`,
    'libs/database/testing/index.ts': `import { database } from '../index.js'; export const databaseTesting = database;`,
    'src/sales/index.ts': `import { catalog } from '#erp/catalog'; export { confirm } from './orders/confirm.js'; export const sales = catalog;`,
    'src/sales/http.ts': `import { controller } from './orders/http/orders.controller.js'; export const http = controller;`,
    'src/sales/jobs.ts': `import { processor } from './orders/jobs/orders.processor.js'; export const jobs = processor;`,
    'src/sales/schema.ts': `import { Order } from './orders/order.entity.js'; import { First } from './migrations/1-first.js'; export const salesSchema = { Order, First };`,
    'src/sales/migrations/1-first.ts': `import type { QueryRunner } from 'typeorm'; import { database } from '#libs/database'; export const First = (qr: QueryRunner) => [qr, database];`,
    'src/sales/orders/order.entity.ts': `import { Entity } from 'typeorm'; import { kernel } from '#libs/kernel'; import { database } from '#libs/database'; export const Order = [Entity, kernel, database];`,
    'src/sales/orders/order.events.ts': `import { events } from '#libs/events'; export const Confirmed = events;`,
    'src/sales/orders/orders.repository.ts': `import { In } from 'typeorm'; import { Order } from './order.entity.js'; export const orders = [In, Order];`,
    'src/sales/orders/confirm.ts': `import { orders } from './orders.repository.js'; import { Confirmed } from './order.events.js'; export const confirm = [orders, Confirmed];`,
    'src/sales/orders/http/orders.controller.ts': `import { confirm } from '../confirm.js'; export const controller = confirm;`,
    'src/sales/orders/jobs/orders.processor.ts': `import { Job } from 'bullmq'; import { confirm } from '../confirm.js'; export const processor = [Job, confirm];`,
    'src/sales/testing/index.ts': `import { sales } from '../index.js'; export const salesTesting = sales;`,
    'src/sales/orders/order.spec.ts': `import { testing } from '#libs/testing'; import { salesTesting } from '#erp/sales/testing'; import { databaseTesting } from '#libs/database/testing'; console.log(testing, salesTesting, databaseTesting);`,
    'test/journey.spec.ts': `import { http } from '#erp/sales/http'; import { it } from 'jest'; console.log(http, it);`,
  };
  for (const name of [...packages, 'jest', 'undeclared']) {
    files[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
    files[`node_modules/${name}/index.js`] = 'module.exports = {};';
  }
  for (const [rung, library] of LIBRARIES.entries()) {
    const below = LIBRARIES[rung - 1];
    const uses = below === undefined ? '' : `import { ${below} } from '#libs/${below}'; console.log(${below});`;
    files[`libs/${library}/index.ts`] = `${uses} export const ${library} = 1;`;
  }
  for (const capability of Object.keys(CAPABILITIES)) {
    files[`src/${capability}/index.ts`] ??=
      `import { kernel } from '#libs/kernel'; export const ${capability} = kernel;`;
  }
  return files;
}

/** One arrow a capability does not have. */
const forbiddenArrows: Record<string, string> = {
  tenants: 'sales',
  identity: 'sales',
  catalog: 'sales',
  customers: 'sales',
  inventory: 'sales',
  sales: 'invoicing',
  payments: 'invoicing',
  invoicing: 'accounting',
  accounting: 'notifications',
  notifications: 'accounting',
  imports: 'reporting',
  reporting: 'customers',
};

/** The file that breaks a rule, and what it imports: [rule, file, specifier]. */
const violations: [rule: string, file: string, specifier: string][] = [
  ...LIBRARIES.map((library, rung): [string, string, string] => [
    `library-${library}`,
    `libs/${library}/looks-up.ts`,
    `#libs/${LIBRARIES[rung + 1] ?? 'testing'}`,
  ]),
  ...Object.entries(forbiddenArrows).map(([from, to]): [string, string, string] => [
    `capability-${from}`,
    `src/${from}/looks-across.ts`,
    `#erp/${to}`,
  ]),
  ['capability-sales', 'src/sales/opens-the-wrong-door.ts', '#erp/catalog/schema'],
  ['kernel-imports-nothing', 'libs/kernel/needs-a-package.ts', 'typeorm'],
  ['kernel-imports-nothing', 'libs/kernel/needs-node.ts', 'node:crypto'],
  ['library-not-on-the-ladder', 'src/sales/uses-a-new-library.ts', '#libs/gadgets'],
  ['capability-not-on-the-map', 'apps/cli/uses-a-new-capability.ts', '#erp/gadgets'],
  ['libs-know-no-business', 'libs/http/knows-sales.ts', '#erp/sales'],
  ['testing-knows-schemas-only', 'libs/testing/knows-verbs.ts', '#erp/sales'],
  ['src-never-looks-up', 'src/sales/knows-the-api.ts', '../../apps/api/main.js'],
  ['apps-stand-alone', 'apps/worker/knows-the-api.ts', '../api/main.js'],
  ['apps-are-wiring', 'apps/api/holds-sql.ts', 'typeorm'],
  ['library-by-its-index', 'libs/http/reaches-in.ts', '../kernel/needs-node.js'],
  ['library-by-its-index', 'src/sales/reaches-in.ts', '../../libs/kernel/needs-node.js'],
  ['capability-by-its-doors', 'src/invoicing/reaches-in.ts', '../sales/orders/confirm.js'],
  ['capability-by-its-doors', 'apps/cli/reaches-in.ts', '../../src/sales/orders/confirm.js'],
  ['http-door-for-api', 'apps/worker/opens-http.ts', '#erp/sales/http'],
  ['jobs-door-for-worker', 'apps/api/opens-jobs.ts', '#erp/sales/jobs'],
  ['schema-door-for-database', 'apps/api/opens-schema.ts', '#erp/sales/schema'],
  ['testing-for-tests', 'src/invoicing/builds-test-data.ts', '#erp/sales/testing'],
  ['testing-for-tests', 'libs/http/builds-test-data.ts', '#libs/database/testing'],
  ['no-import-of-a-spec', 'src/sales/orders/again.spec.ts', './order.spec.js'],
  ['model-is-pure', 'src/sales/orders/impure.entity.ts', '#libs/http'],
  ['model-is-pure', 'src/sales/orders/impure.errors.ts', 'bullmq'],
  ['model-is-pure', 'src/sales/orders/impure.events.ts', '#erp/catalog'],
  ['only-events-import-events', 'src/sales/orders/telling.entity.ts', '#libs/events'],
  ['model-never-looks-up', 'src/sales/orders/looking.entity.ts', './orders.repository.js'],
  ['edges-hold-no-data-access', 'src/sales/orders/http/direct.controller.ts', '../orders.repository.js'],
  ['edges-hold-no-data-access', 'src/sales/orders/jobs/direct.processor.ts', 'typeorm'],
  ['edges-hold-no-data-access', 'src/sales/orders/direct.consumer.ts', '../orders/orders.repository.js'],
  ['nothing-goes-back-up', 'src/sales/orders/answers.ts', './http/orders.controller.js'],
  ['typeorm-in-its-place', 'src/sales/orders/verb-with-sql.ts', 'typeorm'],
  ['migrations-stand-alone', 'src/sales/migrations/2-second.ts', '../orders/order.entity.js'],
  ['bullmq-has-its-place', 'src/sales/orders/enqueues.ts', 'bullmq'],
  ['bullmq-has-its-place', 'libs/http/enqueues.ts', 'bullmq'],
  ['ioredis-in-libs', 'src/sales/orders/caches.ts', 'ioredis'],
  ['no-dev-dependency-at-run-time', 'src/sales/orders/ships-jest.ts', 'jest'],
  ['no-undeclared-package', 'src/sales/orders/undeclared.ts', 'undeclared'],
  ['no-unresolved', 'src/sales/orders/unresolved.ts', './nowhere.js'],
  ['no-dead-file', 'src/sales/orders/dead.ts', '#libs/kernel'],
];

/** Files that violate a rule without an import of their own, or that a violation above needs. */
const extras: Record<string, string> = {
  'src/sales/orders/hen.ts': `import type * as egg from './egg.js'; export type Hen = typeof egg;`,
  'src/sales/orders/egg.ts': `import type * as hen from './hen.js'; export type Egg = typeof hen;`,
  'src/sales/orders/orphan.ts': `export const orphan = 1;`,
  'src/catalog/schema.ts': `import { kernel } from '#libs/kernel'; export const catalogSchema = kernel;`,
  'libs/gadgets/index.ts': `export const gadgets = 1;`,
  'src/gadgets/index.ts': `export const gadgets = 1;`,
};
const withoutImport: [rule: string, file: string][] = [
  ['no-orphan', 'src/sales/orders/orphan.ts'],
  // Reported once a circle; both imports are type imports.
  ['no-cycle', 'src/sales/orders/egg.ts'],
];

async function build(tree: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
}

async function cruise(tree: string): Promise<Report> {
  const depcruise = join(root, 'node_modules/.bin/depcruise');
  const targets = ['apps', 'libs', 'src', 'test', 'ormconfig.ts'];
  const args = [depcruise, '--config', join(root, '.dependency-cruiser.js'), '--output-type', 'json', ...targets];
  const { stdout } = await run(process.execPath, args, { cwd: tree, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Report;
}

describe('the import rules', () => {
  let tree: string;
  let clean: Report;
  let broken: Report;

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'quoin-import-rules-'));
    await build(tree, await cleanHouse());
    clean = await cruise(tree);
    await build(tree, extras);
    await build(
      tree,
      Object.fromEntries(
        violations.map(([, file, to]) => [file, `import type * as it from '${to}'; export type It = typeof it;`]),
      ),
    );
    broken = await cruise(tree);
  }, 60_000);

  afterAll(() => rm(tree, { recursive: true, force: true }));

  const reported = (rule: string, file: string): Violation[] =>
    broken.summary.violations.filter((violation) => violation.rule.name === rule && violation.from === file);

  it('report nothing in a house that keeps them', () => {
    expect(clean.summary.violations).toEqual([]);
  });

  it('resolve the subpath imports to the TypeScript sources', () => {
    const seen = new Map(clean.modules.flatMap((module) => module.dependencies).map((d) => [d.module, d.resolved]));
    expect(seen.get('#libs/kernel')).toBe('libs/kernel/index.ts');
    expect(seen.get('#libs/database/testing')).toBe('libs/database/testing/index.ts');
    expect(seen.get('#erp/catalog')).toBe('src/catalog/index.ts');
    expect(seen.get('#erp/sales/http')).toBe('src/sales/http.ts');
    expect(seen.get('#erp/sales/schema')).toBe('src/sales/schema.ts');
  });

  it.each(violations)('%s reports %s importing %s', (rule, file) => {
    expect(reported(rule, file)).not.toEqual([]);
  });

  it.each(withoutImport)('%s reports %s', (rule, file) => {
    expect(reported(rule, file)).not.toEqual([]);
  });

  it('are each broken once above', () => {
    const rules = clean.summary.ruleSetUsed.forbidden.map((rule) => rule.name);
    const shown = new Set([...violations, ...withoutImport].map(([rule]) => rule));
    expect(rules.filter((rule) => !shown.has(rule))).toEqual([]);
  });

  it('rest on a map without cycles', () => {
    const reached = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of CAPABILITIES[from] ?? []) if (!seen.has(to)) reached(to, seen.add(to));
      return seen;
    };
    expect(Object.keys(CAPABILITIES).filter((capability) => reached(capability).has(capability))).toEqual([]);
  });
});
