import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { sourceFiles } from './source-rules.js';

/** One stable code of the API: what `docs/errors.md` says of it. */
export interface ErrorCode {
  readonly code: string;
  /** Kind of the class, or the bare status of a refusal that has no class. */
  readonly kind: string | number;
  /** First paragraph of the class's docstring, or the sentence that is sent. */
  readonly meaning: string;
  readonly path: string;
}

const PROBLEMS = 'libs/http/problems/problem-of.ts';

/** Every code that the sources declare: classes of `DomainError`, and the bare statuses of the HTTP layer. */
export function errorCodes(root = process.cwd()): ErrorCode[] {
  const files = sourceFiles(root).filter((path) => /^(libs|src|apps)\//.test(path) && !isTest(path));
  const ofClasses = files.flatMap((path) => codesOfClasses(path, readFileSync(join(root, path), 'utf8')));
  const declared = new Set(ofClasses.map(({ code }) => code));
  const bare = codesOfStatuses(readFileSync(join(root, PROBLEMS), 'utf8'));
  return [...ofClasses, ...bare.filter(({ code }) => !declared.has(code))].sort(byCode);
}

/**
 * The error classes of one file. Found by their static `code`, which `DomainError` demands of whatever is constructed.
 * @throws for a class with a code and no literal code and kind, or without a docstring: it could not be documented
 */
export function codesOfClasses(path: string, text: string): ErrorCode[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return classesOf(file).flatMap((declaration) => {
    const fields = staticFields(declaration);
    if (!fields.has('code')) return [];
    const place = `${path}: ${declaration.name?.text ?? 'a class'}`;
    const code = literal(fields.get('code'));
    const kind = literal(fields.get('kind'));
    if (code === undefined || kind === undefined) throw new Error(`${place} has no literal code and kind`);
    const meaning = docstringOf(declaration);
    if (meaning === '') throw new Error(`${place} has no docstring`);
    return [{ code, kind, meaning, path }];
  });
}

/** What the HTTP layer answers without a class: `404: ['route.not_found', '…']`, and `{ status: 500, code: 'internal' }`. */
export function codesOfStatuses(text: string): ErrorCode[] {
  const file = ts.createSourceFile(PROBLEMS, text, ts.ScriptTarget.Latest, true);
  const found: ErrorCode[] = [];
  const visit = (node: ts.Node): void => {
    const [status, code, meaning] = bareProblem(node);
    if (status && code && meaning) found.push({ code, kind: Number(status), meaning, path: PROBLEMS });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function bareProblem(node: ts.Node): (string | undefined)[] {
  if (ts.isPropertyAssignment(node) && ts.isArrayLiteralExpression(node.initializer)) {
    return [node.name.getText(), ...node.initializer.elements.map(literal)];
  }
  if (!ts.isObjectLiteralExpression(node)) return [];
  const fields = new Map(
    node.properties.filter(ts.isPropertyAssignment).map(({ name, initializer }) => [name.getText(), initializer]),
  );
  return [fields.get('status')?.getText(), literal(fields.get('code')), literal(fields.get('detail'))];
}

/** The statuses of the kinds, as the HTTP layer maps them. */
export function statusesOfKinds(root = process.cwd()): Map<string, number> {
  const text = readFileSync(join(root, PROBLEMS), 'utf8');
  const table = /STATUS_OF_KIND[^{]*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  return new Map([...table.matchAll(/(\w+): (\d{3})/g)].map(([, kind = '', status]) => [kind, Number(status)]));
}

function classesOf(file: ts.SourceFile): ts.ClassDeclaration[] {
  return file.statements.filter(ts.isClassDeclaration);
}

function staticFields(declaration: ts.ClassDeclaration): Map<string, ts.Expression | undefined> {
  const fields = declaration.members.filter(ts.isPropertyDeclaration).filter((member) => {
    return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
  });
  return new Map(fields.map((field) => [field.name.getText(), field.initializer]));
}

function literal(expression: ts.Expression | undefined): string | undefined {
  return expression && ts.isStringLiteralLike(expression) ? expression.text : undefined;
}

function docstringOf(declaration: ts.ClassDeclaration): string {
  const [comment] = ts.getJSDocCommentsAndTags(declaration);
  const text = ts.getTextOfJSDocComment(comment?.comment) ?? '';
  return (
    text
      .split(/\n\s*\n/, 1)[0]
      ?.replaceAll(/\s+/g, ' ')
      .trim() ?? ''
  );
}

/** `docs/errors.md`: the codes by capability, the platform's first. */
export function errorsDocument(codes: readonly ErrorCode[], statuses: ReadonlyMap<string, number>): string {
  const areas = Map.groupBy(codes, areaOf);
  const names = [...areas.keys()].sort((a, b) => Number(b === PLATFORM) - Number(a === PLATFORM) || (a < b ? -1 : 1));
  const sections = names.map((name) => {
    const rows = (areas.get(name) ?? []).map(({ code, kind, meaning }) => {
      const status = typeof kind === 'number' ? kind : statuses.get(kind);
      if (status === undefined) throw new Error(`${code} is of kind ${kind}, which has no status`);
      return `| \`${code}\` | ${status} | ${meaning.replaceAll('|', '\\|')} |`;
    });
    return [`## ${name}`, '', '| Code | Status | Meaning |', '|---|---|---|', ...rows].join('\n');
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

const PLATFORM = 'Every part';

const INTRODUCTION = `# Error codes

Made from the error classes by \`test/architecture/errors-doc.spec.ts\`, which fails when this file is not what they say.
Do not edit it: change the docstring of the class, then run
\`UPDATE_DOCS=1 npm run test:only -- test/architecture/errors-doc\`.

Every refusal is a problem document (RFC 9457, \`application/problem+json\`) with one of these codes in \`code\`. Codes are
stable: programs branch on them, and never on texts. The OpenAPI document names the codes of each route. Some codes
are never seen over HTTP: they are answers of the command line, or are caught inside.`;

function areaOf({ path }: ErrorCode): string {
  const name = /^src\/([^/]+)\//.exec(path)?.[1];
  return name === undefined ? PLATFORM : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

const isTest = (path: string): boolean => /\.spec\.ts$|(^|\/)testing\//.test(path);
const byCode = (a: ErrorCode, b: ErrorCode): number => (a.code < b.code ? -1 : Number(a.code > b.code));
