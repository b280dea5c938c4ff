import 'reflect-metadata';
import { loadProcessConfig } from '#libs/config';
import { createHttpApp, serve, stopOnSignals } from '#libs/http';
import { configureLogging, logCrashes } from '#libs/telemetry';
import { WorkerModule } from './worker.module.js';

const config = loadProcessConfig();
configureLogging({ level: config.logLevel, service: 'worker' });
logCrashes();
const app = await createHttpApp(WorkerModule.forRoot(config), { config });
const { host, port } = config.worker;
const serving = await serve(app, { host, port, ...config.shutdown, endsFirst: 'modules' });
stopOnSignals(serving, config.shutdown.graceMs);
