import { setTimeout as sleep } from 'node:timers/promises';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  Injectable,
  Module,
  Patch,
  Post,
  Res,
  StreamableFile,
} from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { currentTenant } from '#libs/context';
import { type CapabilitySchema, tenantTable, UnitOfWork } from '#libs/database';
import { ANSWER_BYTES_MAX } from '#libs/idempotency';
import { DomainError, uuidv7 } from '#libs/kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AnswerOnce, Answers, IdParam, OwnUnitsOfWork, RequiresIdempotencyKey, SignedIn } from '../../index.js';

class Deeds1763700499999 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table deed (
        tenant_id uuid not null,
        id uuid not null,
        what text not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id)
      )`);
    await tenantTable(runner, 'deed');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table deed');
  }
}

/** A table that shows how often something was done. */
export const deedsSchema: CapabilitySchema = { migrations: [Deeds1763700499999] };

/** What was done cannot be. */
class DeedRefused extends DomainError {
  static readonly code = 'deed.refused';
  static readonly kind = 'unprocessable';
  constructor() {
    super('No.');
  }
}

const deed = z.strictObject({ what: z.string().max(5_000_000), and: z.string().optional() });
type Deed = z.output<typeof deed>;

/** Does things that can be counted. */
@Injectable()
export class Doer {
  /** How often a handler got to its work, retries and rolled-back attempts included. */
  attempts = 0;

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** One row, and two statements, each in a joined unit of work of its own as verbs have them. */
  async do(what: string): Promise<string> {
    this.attempts += 1;
    const id = uuidv7();
    await this.unitOfWork.run(() =>
      this.unitOfWork.execute('insert into deed (tenant_id, id, what) values ($1, $2, $3)', [
        currentTenant().id,
        id,
        what.slice(0, 100),
      ]),
    );
    return id;
  }

  /** Holds the transaction open. */
  async dawdle(seconds: number): Promise<void> {
    await this.unitOfWork.run(() => this.unitOfWork.query('select pg_sleep($1)', [seconds]));
  }

  /** As a server does that found two transactions in each other's way. */
  async collide(): Promise<void> {
    await this.unitOfWork.run(() => this.unitOfWork.query(`do $$ begin raise sqlstate '40001'; end $$`));
  }
}

/** One route for each thing that a mutating route can do. */
@Controller({ path: 'deeds', version: '1' })
@SignedIn()
export class DeedsController {
  constructor(private readonly doer: Doer) {}

  @Post()
  @Answers(201)
  async post(@Body({ schema: deed }) { what }: Deed, @Res({ passthrough: true }) reply: FastifyReply) {
    const id = await this.doer.do(what);
    reply.header('Location', `/v1/deeds/${id}`).header('ETag', '"1"');
    if (what === 'refused') throw new DeedRefused();
    if (what === 'slow') await this.doer.dawdle(0.4);
    if (what === 'collides' && this.doer.attempts === 1) await this.doer.collide();
    if (what === 'vast') return { id, filler: 'x'.repeat(ANSWER_BYTES_MAX) };
    if (what === 'unspeakable') return { id, big: 1n };
    return { id, what, é: '✓ \u2028', none: null, number: 0.1 };
  }

  @Patch(':id')
  @Answers(200)
  async patch(@IdParam() id: string, @Body({ schema: deed }) { what }: Deed) {
    return { of: id, id: await this.doer.do(what) };
  }

  @Delete(':id')
  @Answers(204)
  async delete(@IdParam() id: string): Promise<void> {
    await this.doer.do(`delete ${id}`);
  }

  @Post('payment')
  @RequiresIdempotencyKey()
  @Answers(201)
  async pay() {
    return { id: await this.doer.do('payment') };
  }

  @Post('text')
  @Answers(200)
  async text() {
    return `done: ${await this.doer.do('text')}`;
  }

  @Post('stream')
  @Answers(200)
  async stream() {
    return new StreamableFile(Buffer.from(await this.doer.do('stream')));
  }

  @Post('nothing')
  @Answers(202)
  nothing() {
    return { at: process.hrtime.bigint().toString() };
  }

  @Post('secret')
  @AnswerOnce()
  @Answers(201)
  async secret(@Res({ passthrough: true }) reply: FastifyReply) {
    const id = await this.doer.do('secret');
    reply.header('Location', `/v1/deeds/${id}`).header('Set-Cookie', 'session=hush');
    return { id, secret: 'hush' };
  }

  @Post('own')
  @OwnUnitsOfWork('it waits in between', 'Each time, another deed.')
  @Answers(200)
  async own(@Headers('x-pause') pause?: string) {
    const first = await this.doer.do('own, first');
    await sleep(Number(pause ?? 0));
    return { first, second: await this.doer.do('own, second') };
  }

  @Get()
  @Answers(200)
  list() {
    return { at: process.hrtime.bigint().toString() };
  }
}

/** Deeds behind HTTP. */
@Module({ controllers: [DeedsController], providers: [Doer] })
export class DeedsModule {}
