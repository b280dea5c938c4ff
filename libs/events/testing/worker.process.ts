/** A worker process for specs that kill it. Configured by the environment, ready when it prints `ready`. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ContextModule } from '#libs/context';
import { DatabaseModule, type DatabaseOptions } from '#libs/database';
import { QueuesModule, type QueuesOptions } from '#libs/queues';
import { TenancyModule } from '#libs/tenancy';
import { EventsModule } from '../events.module.js';
import { calling, CallingConsumer, recording, RecordingConsumer, Script } from './things.js';

interface Settings {
  readonly database: Omit<DatabaseOptions, 'schemas'>;
  readonly queues: QueuesOptions;
}

const { database, queues } = JSON.parse(process.env['WORKER_SETTINGS'] ?? '') as Settings;

@Module({
  imports: [
    ContextModule,
    DatabaseModule.forRoot({ ...database, schemas: [] }),
    TenancyModule,
    QueuesModule.forRoot(queues),
    EventsModule.forRoot(),
    EventsModule.subscribe([recording, calling]),
    EventsModule.forWorker(queues),
  ],
  providers: [Script, RecordingConsumer, CallingConsumer],
})
class WorkerProcess {}

const app = await NestFactory.createApplicationContext(WorkerProcess, { logger: ['error'] });
app.enableShutdownHooks();
process.stdout.write('ready\n');
