import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';

/** Where the chart is. */
export const CHART = join(process.cwd(), 'helm/quoin');

/** The parts of Kubernetes objects that the checks look at; everything is optional until it is seen. */
export interface Manifest {
  apiVersion?: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  data?: Record<string, string>;
  spec?: Record<string, unknown>;
}
/** A pod's specification, as far as it is checked. */
export interface Pod {
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  securityContext: Record<string, unknown>;
  terminationGracePeriodSeconds?: number;
  containers: Container[];
  volumes: { name: string; emptyDir?: object }[];
}
/** A container, as far as it is checked. */
export interface Container {
  name: string;
  image: string;
  command: string[];
  ports?: { name: string; containerPort: number }[];
  env?: { name: string; value: string }[];
  envFrom: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  securityContext: Record<string, unknown>;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  volumeMounts: { name: string; mountPath: string }[];
}
interface Probe {
  httpGet: { path: string; port: string };
}
/** values.yaml, as far as it is checked. */
export interface Values {
  image: { tag: string };
  config: Record<string, string>;
  secret: { create: boolean; existing: string; values: Record<string, string> };
  ownerSecret: { create: boolean; existing: string; values: Record<string, string> };
  api: { autoscaling: Record<string, unknown>; shutdown: { graceMs: number; readinessDelayMs: number } };
  [section: string]: unknown;
}

/** The variables that the processes read, by .env.example. */
export const variables = (): string[] =>
  Object.keys(parseEnv(readFileSync(join(process.cwd(), '.env.example'), 'utf8')));

/** A YAML or JSON file of the chart. */
export const chartFile = <T>(path: string): T => parse(readFileSync(join(CHART, path), 'utf8')) as T;

/** The chart's templates by file name. */
export function templates(): Map<string, string> {
  const folder = join(CHART, 'templates');
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/**
 * What a template says with every action taken out: lines that are only an action vanish, values become `X`. Needs no helm;
 * the templates are written so that what is left is YAML.
 */
export function skeletons(): Manifest[] {
  return [...templates()]
    .filter(([name]) => name.endsWith('.yaml'))
    .flatMap(([, text]) =>
      manifests(text.replaceAll(/^\s*\{\{-?[^\n]*\}\}\s*\n/gm, '').replaceAll(/\{\{[^}]*\}\}/g, 'X')),
    );
}

/** The objects in a YAML stream. @throws Error naming the first fault of the YAML */
export function manifests(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [fault] = document.errors;
    if (fault) throw fault;
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

/** The pod that a Deployment or Job starts. */
export const podOf = (manifest: Manifest): Pod => (manifest.spec as { template: { spec: Pod } }).template.spec;

/** The helm program of this machine, if it has one (`go install` leaves it in ~/go/bin). */
export function findHelm(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go/bin')];
  return folders.map((folder) => join(folder, 'helm')).find((path) => existsSync(path));
}

/** Runs helm; @throws Error with its output when it fails. */
export const helm = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
