import { join } from 'node:path';
import { runCli, startApp } from './apps.mjs';
import { ensureBuilt } from './build.mjs';
import { quoinEnvironment, redisUrls, tuned } from './environment.mjs';
import { LOCAL, ROOT, writePrivate } from './home.mjs';
import { choosePorts } from './ports.mjs';
import { interruptShortPrograms, stopAll } from './processes.mjs';
import { say, step, stepsTogether } from './progress.mjs';
import { SERVER_PORTS, Stack, ledgerOf } from './stack.mjs';
import { Supervisor } from './supervisor.mjs';

/** The tenant `quoin demo seed` makes. */
export const DEMO = { tenant: 'demo', email: 'owner@demo.quoin.localhost' };

/** Thrown out of a start that Ctrl-C or SIGTERM ended. */
export class Interrupted extends Error {}

/** The whole of Quoin on this machine: the private servers, api and worker. */
export class LocalSystem {
  #interrupted = false;

  async start() {
    await stopAll(ledgerOf(LOCAL));
    await this.#choosePorts();
    await this.#startServers();
    await this.#step('PostgreSQL replica', () => this.stack.startReplica());
    await this.#step('Building api, worker and command line', () => ensureBuilt());
    await this.#step('Migrating the databases', () => runCli(['migrate'], this.environment).then(() => undefined));
    // Together, because neither needs the other and both take seconds.
    await this.#together([
      ['Worker and api', () => this.#startApps()],
      ['Demo tenant', () => this.#seed()],
    ]);
    for (const { service, again } of this.stack.running) this.supervisor.watch(service, again);
    writePrivate(join(LOCAL, 'stack.json'), `${JSON.stringify(this.description(), null, 2)}\n`);
  }

  async #choosePorts() {
    const { API_PORT, WORKER_PORT } = process.env;
    const names = ['api', 'worker', ...SERVER_PORTS];
    const options = { seed: ROOT, wanted: { api: 3000 }, fixed: { api: API_PORT, worker: WORKER_PORT } };
    const { ports, moved } = await choosePorts(join(LOCAL, 'ports.json'), names, options);
    for (const name of moved) say(`  Another program took the port of ${name}; it is ${ports[name]} now.`);
    this.stack = new Stack({ home: LOCAL, suffix: '', ports });
    this.stack.forget('stack.json');
    this.supervisor = new Supervisor({ ledger: this.stack.ledger, onGivingUp: () => this.onGivingUp?.() });
    const split = { DB_READ_HOST: `127.0.0.1:${ports.replica}` };
    const environment = quoinEnvironment(this.stack, { appEnv: 'development', logLevel: 'info' });
    this.environment = { ...environment, ...split, ...tuned() };
    writePrivate(join(LOCAL, 'env.json'), `${JSON.stringify(this.environment, null, 2)}\n`);
  }

  #startServers() {
    const { stack } = this;
    const webhook = `${this.environment.API_PUBLIC_URL}/v1/webhooks/payments/sandbox`;
    return this.#together([
      ['PostgreSQL primary', () => stack.startPrimary()],
      ['Redis for queues, locks and sessions', () => stack.startRedis('queues')],
      ['Redis for the cache', () => stack.startRedis('cache')],
      ['S3 server', () => stack.startS3()],
      ['Mail catcher', () => stack.startMail()],
      ['Payments sandbox', () => stack.startPayments(webhook)],
    ]);
  }

  async #seed() {
    const words = await runCli(['demo', 'seed'], this.#demoEnvironment());
    return /\d+ products in \d+ categories/.exec(words)?.[0];
  }

  async #startApps() {
    // The running processes need not know the password of the role that may change the schema.
    const { DB_OWNER_USERNAME: _user, DB_OWNER_PASSWORD: _password, ...environment } = this.environment;
    const { ports, ledger, running } = this.stack;
    const start = (app) => () => startApp(app, { environment, port: ports[app], ledger });
    const apps = [start('worker'), start('api')];
    const services = await Promise.all(apps.map((again) => again()));
    services.forEach((service, index) => running.push({ service, again: apps[index] }));
  }

  #demoEnvironment() {
    const { tenant, email, password } = this.demo;
    return { ...this.environment, DEMO_TENANT: tenant, DEMO_EMAIL: email, DEMO_PASSWORD: password };
  }

  get demo() {
    return { ...DEMO, password: this.stack.secrets.demo };
  }

  #step(label, work) {
    if (this.#interrupted) throw new Interrupted();
    return step(label, work);
  }

  #together(steps) {
    if (this.#interrupted) throw new Interrupted();
    return stepsTogether(steps);
  }

  /** What `.local/stack.json` says; its keys are a promise to tools. */
  description() {
    const { stack, environment, demo } = this;
    const { ports } = stack;
    const http = (port) => `http://127.0.0.1:${port}`;
    return {
      api: environment.API_PUBLIC_URL,
      docs: `${environment.API_PUBLIC_URL}/docs`,
      worker: http(ports.worker),
      mail: http(ports.mail),
      smtp: environment.SMTP_URL,
      s3: http(ports.s3),
      payments: http(ports.payments),
      postgres: { primary: stack.postgresUrls(stack.primary), replica: { app: stack.postgresUrls(stack.replica).app } },
      redis: redisUrls(stack),
      demo,
    };
  }

  /** Stops everything that was started; also makes a start that is under way fail. */
  async stop() {
    this.#interrupted = true;
    interruptShortPrograms();
    await this.supervisor?.stop();
    this.stack?.forget('stack.json');
  }

  get interrupted() {
    return this.#interrupted;
  }
}
