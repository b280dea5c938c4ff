import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The folders that hold code of ours. */
const FOLDERS = ['apps', 'src', 'libs', 'test', 'tools'];
const LINES_MAX = 300;
const SPEC_LINES_MAX = 400;
const CONSTRUCTOR_PARAMETERS_MAX = 7;

/** Words that say nothing: whatever bears one has not been thought through. Standard terms that contain one are fine. */
const EMPTY_NAME = /^Base(?=[A-Z])|(Manager|Helpers?|Utils?|Common)$/;
const EMPTY_FILE_NAME = /(^|[./-])(managers?|helpers?|utils?|common|misc)([./-]|$)/;
const HUNGARIAN_INTERFACE = /^I[A-Z][a-z]/;
const SILENCER = /@ts-(ignore|nocheck|expect-error)/;
const LEFT_OVER = /\b(TODO|FIXME|XXX)\b/;
const SWITCHED_OFF = ['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe', 'skip', 'only', 'todo', 'failing'];

/** One broken rule: where, and what a reader should change. */
export interface Fault {
  path: string;
  line: number;
  rule: string;
}

/** Every TypeScript and JavaScript file of ours, as paths relative to the repository. */
export function sourceFiles(root = process.cwd()): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mts|js|mjs)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  ).sort();
}

/** The faults of all files of the repository. */
export function faultsOfRepository(root = process.cwd()): Fault[] {
  return sourceFiles(root).flatMap((path) => faultsOf(path, readFileSync(join(root, path), 'utf8')));
}

/** The faults of one file against house.md, "Names and sizes". */
export function faultsOf(path: string, text: string): Fault[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const faults: Fault[] = [];
  const report = (line: number, rule: string) => faults.push({ path, line: line + 1, rule });
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line;
  sizeOf(path, text, report);
  wordsOf(file, (position, rule) => report(lineOf(position), rule));
  const visit = (node: ts.Node): void => {
    for (const rule of faultsOfNode(node, path)) report(lineOf(node.getStart(file)), rule);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return faults;
}

function sizeOf(path: string, text: string, report: (line: number, rule: string) => void): void {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const most = isTest(path) ? SPEC_LINES_MAX : LINES_MAX;
  if (lines > most) report(lines, `file of ${lines} lines (at most ${most})`);
  if (EMPTY_FILE_NAME.test(path.replace(/^test\/|node_modules/g, ''))) report(0, 'file name that says nothing');
}

/** What comments say: read token by token, so that a string which mentions the words is no fault. */
function wordsOf(file: ts.SourceFile, report: (position: number, rule: string) => void): void {
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []) {
      if (seen.has(comment.pos)) continue;
      seen.add(comment.pos);
      const words = file.text.slice(comment.pos, comment.end);
      if (SILENCER.test(words)) report(comment.pos, 'the compiler is silenced');
      if (LEFT_OVER.test(words)) report(comment.pos, 'something is left to do');
    }
    node.getChildren(file).forEach(visit);
  };
  visit(file);
}

function faultsOfNode(node: ts.Node, path: string): string[] {
  const faults: string[] = [];
  if (node.kind === ts.SyntaxKind.AnyKeyword) faults.push('any');
  if (ts.isCatchClause(node) && isEmpty(node.block)) faults.push('empty catch');
  if (ts.isConstructorDeclaration(node) && node.parameters.length > CONSTRUCTOR_PARAMETERS_MAX) {
    faults.push(`constructor with ${node.parameters.length} parameters (at most ${CONSTRUCTOR_PARAMETERS_MAX})`);
  }
  if (isSwitchedOff(node)) faults.push('test that is switched off, or switches off the others');
  if (isNamed(node) && node.name && ts.isIdentifier(node.name)) {
    const name = node.name.text;
    if (EMPTY_NAME.test(name)) faults.push(`name that says nothing: ${name}`);
    if (ts.isInterfaceDeclaration(node) && HUNGARIAN_INTERFACE.test(name)) faults.push(`I* interface: ${name}`);
  }
  if (promises(node) && !isTest(path) && !path.includes('/migrations/') && path.endsWith('.ts') && !documented(node)) {
    faults.push(`no docstring: ${node.name?.getText() ?? 'default export'}`);
  }
  return faults;
}

/** `xit(…)`, `it.skip(…)`, `describe.each(…).only(…)`: an identifier or a property whose owner is a Jest word. */
function isSwitchedOff(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || !SWITCHED_OFF.includes(node.text)) return false;
  if (ts.isCallExpression(node.parent)) return node.parent.expression === node;
  if (!ts.isPropertyAccessExpression(node.parent) || node.parent.name !== node) return false;
  return /^(it|test|describe)\b/.test(node.parent.expression.getText());
}

const isTest = (path: string): boolean => /\.(spec|fixture)\.ts$|(^|\/)testing\/|^test\//.test(path);
const isEmpty = (block: ts.Block): boolean => block.statements.length === 0;
const isNamed = (node: ts.Node): node is ts.DeclarationStatement =>
  ts.isClassDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isEnumDeclaration(node) ||
  ts.isFunctionDeclaration(node);

/** An exported function, class or interface: somebody elsewhere relies on what it says. */
function promises(node: ts.Node): node is ts.DeclarationStatement {
  if (!ts.isClassDeclaration(node) && !ts.isFunctionDeclaration(node) && !ts.isInterfaceDeclaration(node)) return false;
  return ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export ? !isOverload(node) : false;
}

/** Later overloads of a documented function need no second docstring. */
function isOverload(node: ts.Node): boolean {
  if (!ts.isFunctionDeclaration(node) || !node.name) return false;
  const name = node.name.text;
  const same = node
    .getSourceFile()
    .statements.filter((other) => ts.isFunctionDeclaration(other) && other.name?.text === name);
  return same[0] !== node;
}

const documented = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);
