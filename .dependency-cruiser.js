/**
 * The floors of the house as rules (docs: CONTRIBUTING.md; a new arrow or a new rung is an ADR).
 * test/architecture/import-rules.spec.ts breaks every rule below once and shows that it is reported.
 */

/** The platform, lowest first: a library may import the ones before it. */
export const LIBRARIES =
  'kernel schemas config context telemetry redis database locks tenancy queues events idempotency cache numbering storage mail secrets egress auth throttling http health platform'.split(
    ' ',
  );

/** The business: a capability may import `#erp/<b>` only for the ones on its line. The map has no cycles. */
export const CAPABILITIES = {
  tenants: [],
  identity: ['tenants'],
  catalog: [],
  customers: [],
  inventory: ['catalog'],
  sales: ['catalog', 'customers', 'inventory', 'tenants'],
  payments: ['sales'],
  invoicing: ['sales', 'customers', 'tenants'],
  accounting: [],
  notifications: ['identity', 'sales', 'customers', 'tenants'],
  imports: ['tenants', 'catalog', 'customers', 'inventory', 'sales', 'payments', 'invoicing', 'accounting'],
  reporting: ['accounting', 'inventory', 'invoicing', 'payments', 'sales', 'imports'],
};

/** Code that only tests run; it may look at everything, through the doors. */
const TEST_CODE = ['\\.spec\\.ts$', '(^|/)testing/', '^test/'];

/** Files that a process, a tool or the database opens first; whatever none of them reaches is dead. */
const ENTRANCES = [
  '^apps/[^/]+/main\\.ts$',
  '^apps/api/openapi\\.ts$',
  '^ormconfig\\.ts$',
  '^(libs|src)/[^/]+/(index|http|jobs|schema|testing/index)\\.ts$',
];

const PURE_MODEL = '^src/([^/]+)/.+\\.(entity|errors|events)\\.ts$';
const EDGES = [
  '^src/[^/]+/(http|jobs)/',
  '^src/[^/]+/[^/]+/(http|jobs)/',
  '^src/[^.]+\\.(controller|processor|consumer)\\.ts$',
];

const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
const anyOf = (names) => (names.length > 0 ? `(${names.join('|')})` : '(?!)');
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const libraryRules = LIBRARIES.map((library, rung) =>
  forbid(
    `library-${library}`,
    `libs/${library} imports only the libraries below it: ${LIBRARIES.slice(0, rung).join(', ') || 'none'}`,
    { path: `^libs/${library}/`, pathNot: TEST_CODE },
    { path: '^libs/', pathNot: `^libs/${anyOf(LIBRARIES.slice(0, rung + 1))}/` },
  ),
);

const capabilityRules = Object.entries(CAPABILITIES).map(([capability, arrows]) =>
  forbid(
    `capability-${capability}`,
    `src/${capability} imports only the index.ts of: ${arrows.join(', ') || 'no other capability'}`,
    { path: `^src/${capability}/`, pathNot: TEST_CODE },
    { path: '^src/', pathNot: [`^src/${capability}/`, `^src/${anyOf(arrows)}/index\\.ts$`] },
  ),
);

const floors = [
  forbid(
    'kernel-imports-nothing',
    'the kernel has no dependencies: no library, no package, no node built-in',
    { path: '^libs/kernel/', pathNot: TEST_CODE },
    { pathNot: '^libs/kernel/' },
  ),
  forbid(
    'library-not-on-the-ladder',
    'a new library gets its rung in LIBRARIES first',
    {},
    { path: '^libs/', pathNot: `^libs/${anyOf([...LIBRARIES, 'testing'])}/` },
  ),
  forbid(
    'capability-not-on-the-map',
    'a new capability gets its line in CAPABILITIES first',
    {},
    { path: '^src/', pathNot: `^src/${anyOf(Object.keys(CAPABILITIES))}/` },
  ),
  forbid(
    'libs-know-no-business',
    'libs never import src, apps or ormconfig; libs/testing alone opens schema.ts to build the test database',
    { path: '^libs/', pathNot: '^libs/testing/' },
    { path: '^(src|apps|test|tools)/|^ormconfig\\.ts$' },
  ),
  forbid(
    'testing-knows-schemas-only',
    'libs/testing imports libraries and schema.ts files, no verb and no app',
    { path: '^libs/testing/' },
    { path: '^(src|apps|test|tools)/', pathNot: '^src/[^/]+/schema\\.ts$' },
  ),
  forbid(
    'src-never-looks-up',
    'the business never imports a process, the system tests or the tools',
    { path: '^src/' },
    { path: '^(apps|test|tools)/|^ormconfig\\.ts$' },
  ),
  forbid(
    'apps-stand-alone',
    'a process never imports another process',
    { path: '^apps/([^/]+)/' },
    {
      path: '^(apps|test|tools)/',
      pathNot: '^apps/$1/',
    },
  ),
  forbid(
    'apps-are-wiring',
    'api and worker hold no SQL: they never touch typeorm, pg or a repository',
    {
      path: '^apps/(api|worker)/',
      pathNot: TEST_CODE,
    },
    { path: [npm('typeorm', 'pg'), '\\.repository\\.ts$'] },
  ),
];

const doors = [
  forbid(
    'library-by-its-index',
    'another library, capability or app opens a library by index.ts (or testing/index.ts) only',
    { path: '^(libs/[^/]+|src|apps|test|ormconfig)' },
    { path: '^libs/', pathNot: ['^$0/', '^libs/[^/]+/(testing/)?index\\.ts$'] },
  ),
  forbid(
    'capability-by-its-doors',
    'outside its folder a capability is opened by index, http, jobs, schema or testing/index only',
    { path: '^(src/[^/]+|libs|apps|test|ormconfig)' },
    { path: '^src/', pathNot: ['^$0/', '^src/[^/]+/(index|http|jobs|schema|testing/index)\\.ts$'] },
  ),
  forbid(
    'http-door-for-api',
    'http.ts is opened by apps/api alone',
    { pathNot: ['^apps/api/', ...TEST_CODE] },
    {
      path: '^src/[^/]+/http\\.ts$',
    },
  ),
  forbid(
    'jobs-door-for-worker',
    'jobs.ts is opened by apps/worker alone',
    { pathNot: ['^apps/worker/', ...TEST_CODE] },
    {
      path: '^src/[^/]+/jobs\\.ts$',
    },
  ),
  forbid(
    'schema-door-for-database',
    'schema.ts is opened by ormconfig.ts, apps/cli and tests alone',
    { pathNot: ['^ormconfig\\.ts$', '^apps/cli/', ...TEST_CODE] },
    { path: '^src/[^/]+/schema\\.ts$' },
  ),
  forbid(
    'testing-for-tests',
    'testing/ folders are imported by tests alone',
    { pathNot: TEST_CODE },
    {
      path: '(^|/)testing/',
      pathNot: 'node_modules',
    },
  ),
  forbid('no-import-of-a-spec', 'a spec is run, never imported', {}, { path: '\\.spec\\.ts$' }),
];

const insideACapability = [
  forbid(
    'model-is-pure',
    'entities, errors and events import kernel, typeorm, #libs/database (entity base, columns) and, for events, #libs/events: docs/adr/0001',
    { path: PURE_MODEL, pathNot: TEST_CODE },
    {
      pathNot: ['^src/$1/', '^libs/(kernel|database)/index\\.ts$', '^libs/events/index\\.ts$', npm('typeorm')],
    },
  ),
  forbid(
    'only-events-import-events',
    'entities and errors never import #libs/events; a verb appends the event',
    { path: '^src/.+\\.(entity|errors)\\.ts$', pathNot: TEST_CODE },
    { path: '^libs/events/' },
  ),
  forbid(
    'model-never-looks-up',
    'entities, errors and events never import what uses them: repositories, queries, modules, migrations, edges',
    { path: PURE_MODEL, pathNot: TEST_CODE },
    {
      path: [
        ...EDGES,
        '\\.(repository|queries|module)\\.ts$',
        '^src/[^/]+/(index|http|jobs|schema)\\.ts$',
        '/migrations/',
      ],
    },
  ),
  forbid(
    'edges-hold-no-data-access',
    'controllers, processors and consumers call verbs and queries: never a repository, typeorm or pg',
    { path: EDGES, pathNot: TEST_CODE },
    { path: [npm('typeorm', 'pg'), '\\.repository\\.ts$'] },
  ),
  forbid(
    'nothing-goes-back-up',
    'http/ and jobs/ folders are opened by http.ts and jobs.ts (and from inside themselves) only',
    { path: '^src/', pathNot: [...EDGES, '^src/[^/]+/(http|jobs)\\.ts$', ...TEST_CODE] },
    { path: EDGES.slice(0, 2) },
  ),
  forbid(
    'typeorm-in-its-place',
    'inside a capability typeorm is imported by entities, repositories, queries and migrations only',
    { path: '^src/', pathNot: ['\\.(entity|errors|events|repository|queries)\\.ts$', '/migrations/', ...TEST_CODE] },
    { path: npm('typeorm', 'pg') },
  ),
  forbid(
    'migrations-stand-alone',
    'migrations import typeorm, #libs/database and kernel only: an old one must not change with the code',
    { path: '^src/[^/]+/migrations/', pathNot: TEST_CODE },
    { path: '^(src|libs)/', pathNot: ['^src/[^/]+/migrations/', '^libs/(kernel|database)/index\\.ts$'] },
  ),
];

const packages = [
  forbid(
    'bullmq-has-its-place',
    'bullmq is imported by libs/queues, libs/events and jobs only',
    {
      pathNot: [
        '^libs/(queues|events)/',
        '^src/[^/]+/jobs(\\.ts$|/)',
        '^src/[^/]+/[^/]+/jobs/',
        '\\.processor\\.ts$',
        ...TEST_CODE,
      ],
    },
    { path: npm('bullmq', '@nestjs/bullmq') },
  ),
  forbid(
    'ioredis-in-libs',
    'ioredis is imported by libs only, and by the bare servers that the bench compares with',
    { path: '^(src|apps|tools)/', pathNot: ['^tools/bench/', ...TEST_CODE] },
    {
      path: npm('ioredis'),
    },
  ),
  forbid(
    'no-dev-dependency-at-run-time',
    'what ships imports dependencies, never devDependencies',
    { path: '^(apps|src|libs)/|^ormconfig', pathNot: [...TEST_CODE, '^libs/testing/'] },
    { dependencyTypes: ['npm-dev'], pathNot: '(^|/)node_modules/@types/' },
  ),
  forbid(
    'no-undeclared-package',
    'a package that is imported stands in package.json (@jest/globals is a part of jest)',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: npm('@jest/globals') },
  ),
];

const hygiene = [
  forbid('no-cycle', 'no cycles, type imports included', {}, { circular: true }),
  forbid('no-unresolved', 'every import resolves', {}, { couldNotResolve: true }),
  forbid(
    'no-orphan',
    'a file that imports nothing and that nothing imports',
    {
      orphan: true,
      path: '^(apps|src|libs)/',
      pathNot: '\\.d\\.ts$',
    },
    {},
  ),
  forbid(
    'no-dead-file',
    'every file is reached from a process, ormconfig.ts or a door of its folder; a spec alone keeps nothing alive',
    { path: ENTRANCES },
    { path: '^(src|libs)/', pathNot: [...ENTRANCES, ...TEST_CODE, '\\.d\\.ts$'], reachable: false },
  ),
];

export default {
  forbidden: [...libraryRules, ...capabilityRules, ...floors, ...doors, ...insideACapability, ...packages, ...hygiene],
  options: {
    // Type imports are dependencies too: a floor that needs a type from above is not below.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^\\.local/', '^coverage/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['quoin-source', 'import', 'node', 'types', 'default'],
      mainFields: ['main', 'types'],
    },
  },
};
