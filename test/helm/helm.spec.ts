import {
  CHART,
  chartFile,
  findHelm,
  helm,
  type Manifest,
  manifests,
  podOf,
  skeletons,
  templates,
  type Values,
  variables,
} from './chart.js';

const API_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=256'];

const values = chartFile<Values>('values.yaml');
const program = findHelm();

if (program === undefined) console.warn('helm is not installed: the chart was checked as text, not rendered');

/** Where helm is absent the rest of a test has nothing to look at; what needs no helm was asserted above it. */
const withoutHelm = (): boolean => program === undefined;

const render = (...args: string[]): Manifest[] =>
  manifests(helm(program ?? 'helm', 'template', 'quoin', CHART, ...args));

function one(all: Manifest[], kind: string, name: string): Manifest {
  const found = all.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0]!;
}

const inChart = (): string[] => [
  ...Object.keys(values.config),
  ...Object.keys(values.secret.values),
  ...Object.keys(values.ownerSecret.values),
  ...skeletons()
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap((deployment) => podOf(deployment).containers[0]?.env?.map(({ name }) => name) ?? []),
];

describe('the chart', () => {
  it('carries every variable of .env.example and no other', () => {
    const known = variables();
    const carried = new Set(inChart());
    expect(known.filter((name) => !carried.has(name))).toEqual([]);
    expect([...carried].filter((name) => !known.includes(name) && name !== 'NODE_EXTRA_CA_CERTS')).toEqual([]);
  });

  it('keeps secrets out of the ConfigMap', () => {
    const secret = /PASSWORD|SECRET|SIGNING_KEY|API_KEY|ACCESS_KEY|SMTP_URL|REDIS_\w+_URL/;
    expect(Object.keys(values.config).filter((name) => secret.test(name))).toEqual([]);
    expect(Object.values(values.secret.values).concat(Object.values(values.ownerSecret.values)).join('')).toBe('');
  });

  it('checks its values by a schema that knows each of them', () => {
    interface Schema {
      additionalProperties: boolean;
      properties: Record<string, Schema>;
      required: string[];
    }
    const schema = chartFile<Schema>('values.schema.json');
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required.toSorted()).toEqual(Object.keys(values).toSorted());
    expect(Object.keys(schema.properties['config']!.properties)).toEqual(Object.keys(values.config));
    expect(Object.values(values.config).every((value) => typeof value === 'string')).toBe(true);
  });

  it('replaces pods without a gap, and scales the api as G7 says', () => {
    const deployments = skeletons().filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(2);
    for (const { spec } of deployments) {
      expect(spec?.['strategy']).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    }
    expect(values.api.autoscaling).toEqual({
      enabled: true,
      minReplicas: 3,
      maxReplicas: 10,
      cpuPercent: 70,
      memoryPercent: 80,
    });
    expect(skeletons().filter(({ kind }) => kind === 'PodDisruptionBudget')).toHaveLength(2);
  });

  it('probes every process and lets it drain', () => {
    for (const pod of skeletons()
      .filter(({ kind }) => kind === 'Deployment')
      .map(podOf)) {
      const [container] = pod.containers;
      const port = container!.ports![0]!.name;
      expect(container!.startupProbe?.httpGet).toEqual({ path: '/livez', port });
      expect(container!.livenessProbe?.httpGet).toEqual({ path: '/livez', port });
      expect(container!.readinessProbe?.httpGet).toEqual({ path: '/readyz', port });
    }
    const { graceMs, readinessDelayMs } = values.api.shutdown;
    expect({ graceMs, readinessDelayMs }).toEqual({ graceMs: 25_000, readinessDelayMs: 5_000 });
  });

  it('runs nothing as root and nothing that can write to its own files', () => {
    const pods = skeletons().filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
    expect(pods).toHaveLength(3);
    for (const pod of pods.map(podOf)) {
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.enableServiceLinks).toBe(false);
      expect(pod.volumes[0]).toMatchObject({ name: 'tmp', emptyDir: { sizeLimit: expect.any(String) as string } });
      expect(pod.containers[0]!.volumeMounts[0]).toEqual({ name: 'tmp', mountPath: '/tmp' });
    }
    const helpers = templates().get('_helpers.tpl') ?? '';
    for (const line of ['runAsNonRoot: true', 'runAsUser: 10001', 'readOnlyRootFilesystem: true', 'drop: [ALL]']) {
      expect(helpers).toContain(line);
    }
  });

  it('gives the owner of the databases to the migration job and to nobody else', () => {
    const readers = [...templates()].filter(([name, text]) => text.includes('.ownerSecret') && name !== 'NOTES.txt');
    expect(readers.map(([name]) => name)).toEqual(['migrate-job.yaml']);
    const job = skeletons().find(({ kind }) => kind === 'Job')!;
    expect(job.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    expect(podOf(job).containers[0]!.command).toEqual(['node', 'dist/apps/cli/main.js', 'migrate']);
  });
});

describe('the rendered chart', () => {
  it('passes helm lint, strictly', () => {
    expect(chartFile<{ name: string }>('Chart.yaml').name).toBe('quoin');
    if (withoutHelm()) return;
    expect(helm(program!, 'lint', '--strict', CHART)).toContain('0 chart(s) failed');
  });

  it('starts api and worker from one image, with the application’s secrets only', () => {
    expect(values.image.tag).not.toBe('latest');
    if (withoutHelm()) return;
    const all = render();
    for (const process of ['api', 'worker']) {
      const pod = podOf(one(all, 'Deployment', `quoin-${process}`));
      expect(pod.containers[0]).toMatchObject({
        image: 'registry.example/quoin:0.1.0',
        command: ['node', ...(process === 'api' ? API_FLAGS : []), `dist/apps/${process}/main.js`],
        envFrom: [{ configMapRef: { name: 'quoin' } }, { secretRef: { name: 'quoin' } }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      });
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 });
      const grace = Number(pod.containers[0]!.env!.find(({ name }) => name === 'SHUTDOWN_GRACE_MS')!.value);
      expect(pod.terminationGracePeriodSeconds).toBe(grace / 1_000 + 5);
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    }
    const job = podOf(one(all, 'Job', 'quoin-migrate'));
    expect(job.containers[0]!.envFrom.map((from) => from.secretRef?.name)).toEqual([undefined, 'quoin', 'quoin-owner']);
    expect(one(all, 'ConfigMap', 'quoin').data).toEqual(one(all, 'ConfigMap', 'quoin-migrate').data);
  });

  it('scales the api and leaves the number of its pods to the autoscaler', () => {
    expect(values.api.autoscaling['enabled']).toBe(true);
    if (withoutHelm()) return;
    const all = render();
    expect(one(all, 'Deployment', 'quoin-api').spec).not.toHaveProperty('replicas');
    expect(one(all, 'HorizontalPodAutoscaler', 'quoin-api').spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'quoin-api' },
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [70, 80].map((averageUtilization) => ({ resource: { target: { averageUtilization } } })),
    });
    expect(one(render('--set', 'api.autoscaling.enabled=false'), 'Deployment', 'quoin-api').spec?.['replicas']).toBe(3);
  });

  it('denies all traffic, then opens the api to the proxy and the servers to the pods', () => {
    expect(skeletons().filter(({ kind }) => kind === 'NetworkPolicy')).toHaveLength(4);
    if (withoutHelm()) return;
    const all = render();
    const policy = (name: string) => one(all, 'NetworkPolicy', `quoin-${name}`).spec as Record<string, unknown[]>;
    expect(policy('deny')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'quoin', 'app.kubernetes.io/instance': 'quoin' } },
      policyTypes: ['Ingress', 'Egress'],
    });
    const proxy = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } };
    expect(policy('api')['ingress']).toEqual([{ ports: [{ port: 'http', protocol: 'TCP' }], from: [proxy] }]);
    expect(policy('worker')).not.toHaveProperty('ingress');
    const ports = (name: string) =>
      (policy(name)['egress'] as { ports: { port: number }[] }[]).flatMap((rule) => rule.ports.map(({ port }) => port));
    expect(ports('api')).toEqual([53, 53, 5432, 6379, 443]);
    expect(ports('worker')).toEqual([53, 53, 5432, 6379, 443, 587, 465, 443]);
    expect(ports('migrate')).toEqual([53, 53, 5432]);
  });

  it('makes the secrets itself when told to, before the migration job needs them', () => {
    expect(values.secret.create || values.ownerSecret.create).toBe(false);
    if (withoutHelm()) return;
    const given = ['DB_PASSWORD', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'SMTP_URL', 'AUTH_SIGNING_KEY']
      .concat('ENCRYPTION_KEYS', 'PAYMENTS_SANDBOX_API_KEY', 'PAYMENTS_SANDBOX_WEBHOOK_SECRET')
      .map((name) => `secret.values.${name}=v`);
    const owner = ['DB_OWNER_USERNAME', 'DB_OWNER_PASSWORD'].map((name) => `ownerSecret.values.${name}=o`);
    const sets = ['secret.create=true', 'ownerSecret.create=true', ...given, ...owner].flatMap((set) => ['--set', set]);
    const all = render(...sets);
    const forJob = one(all, 'Secret', 'quoin-migrate');
    expect(one(all, 'Secret', 'quoin').data).toEqual(forJob.data);
    expect(forJob.metadata.annotations?.['helm.sh/hook-weight']).toBe('-10');
    expect(Object.keys(one(all, 'Secret', 'quoin-owner').data!)).toEqual(['DB_OWNER_PASSWORD', 'DB_OWNER_USERNAME']);
    expect(JSON.stringify(all.filter(({ kind }) => kind === 'Deployment'))).not.toContain('owner');
    expect(() => render('--set', 'secret.create=true')).toThrow(/DB_PASSWORD/);
  });

  it.each([
    ['an image called latest', 'image.tag=latest'],
    ['a wildcard origin', 'config.CORS_ORIGINS=*'],
    ['a number where text is read', 'config.API_PORT=3000'],
    ['a value nobody reads', 'apis.replicas=3'],
    ['an api open to the whole cluster', 'networkPolicy.ingressFrom=null'],
  ])('refuses %s', (_, set) => {
    expect(set).toContain('=');
    if (withoutHelm()) return;
    expect(() => render('--set', set)).toThrow(/values don't meet the specifications/);
  });
});
