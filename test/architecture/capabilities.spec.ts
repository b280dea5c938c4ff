import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface WrittenMap {
  LIBRARIES: string[];
  CAPABILITIES: Record<string, string[]>;
}

const root = process.cwd();
const { LIBRARIES, CAPABILITIES } = (await import(
  pathToFileURL(join(root, '.dependency-cruiser.js')).href
)) as WrittenMap;

const foldersOf = (parent: string): string[] =>
  readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

/** Names that hand over a connection: a model declares, it never queries (docs/adr/0001-entity-imports.md). */
const CONNECTION = /\b(UnitOfWork|\w*Repository|LandlordDatabase|\w*DataSource|TenantDatabases|transaction)\b/;
const FROM_DATABASE = /import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'#libs\/database'/g;

const connectionsIn = (text: string): string[] =>
  [...text.matchAll(FROM_DATABASE)].map((match) => match[1] ?? '').filter((names) => CONNECTION.test(names));

describe('a capability', () => {
  it('has its line on the written map', () => {
    expect(foldersOf('src').filter((name) => !(name in CAPABILITIES))).toEqual([]);
  });

  it('has a door for the others and a README that says what it keeps', () => {
    const missing = foldersOf('src').flatMap((name) =>
      ['index.ts', 'README.md'].map((file) => join('src', name, file)).filter((path) => !existsSync(join(root, path))),
    );
    expect(missing).toEqual([]);
    const empty = foldersOf('src').filter((name) => {
      const text = readFileSync(join(root, 'src', name, 'README.md'), 'utf8');
      return !text.startsWith('# ') || text.split('\n').length < 5;
    });
    expect(empty).toEqual([]);
  });

  it('takes declarations from #libs/database into its model, never a connection', () => {
    const models = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(entity|errors|events)\.ts$/.test(path))
      .filter((path) => connectionsIn(readFileSync(join(root, 'src', path), 'utf8')).length > 0);
    expect(models).toEqual([]);
    expect(connectionsIn(`import { TenantEntity, UnitOfWork } from '#libs/database';`)).toHaveLength(1);
    expect(connectionsIn(`import { TenantEntity, minorUnits } from '#libs/database';`)).toEqual([]);
  });
});

describe('a library', () => {
  it('has its rung on the ladder, and a door', () => {
    const known = [...LIBRARIES, 'testing'];
    expect(foldersOf('libs').filter((name) => !known.includes(name))).toEqual([]);
    expect(foldersOf('libs').filter((name) => !existsSync(join(root, 'libs', name, 'index.ts')))).toEqual([]);
  });
});
