import 'reflect-metadata';
import { loadProcessConfig } from '#libs/config';
import { createHttpApp, serve, stopOnSignals, warmUp } from '#libs/http';
import { configureLogging, logCrashes } from '#libs/telemetry';
import { ApiModule } from './api.module.js';
import { apiReference } from './reference.js';

const config = loadProcessConfig();
configureLogging({ level: config.logLevel, service: 'api' });
logCrashes();
const app = await createHttpApp(ApiModule.forRoot(config), { config, reference: apiReference });
const { host, port } = config.api;
const serving = await serve(app, { host, port, ...config.shutdown });
stopOnSignals(serving, config.shutdown.graceMs);
await warmUp(app, config);
