import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { currentContext } from '#libs/context';
import { UnitOfWork, withLateTexts } from '#libs/database';
import {
  AnswerNotKept,
  claimFailureOf,
  IdempotencyKeyMissing,
  IdempotencyKeyReused,
  KeptAnswers,
  type KeyedRequest,
  RequestInProgress,
} from '#libs/idempotency';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { type Headers, keptAnswer, restoreHeaders, writeBody } from './answer-in-bytes.js';
import { answersOnce, isMutating, ownUnitsOf, requiresIdempotencyKey } from './idempotency.decorators.js';
import { idempotencyKeyOf, keyedRequest } from './keyed-request.js';
import { RequestFingerprints } from './request-fingerprints.js';

/** Sent with an answer that was given before. */
export const REPLAYED_HEADER = 'Idempotency-Replayed';

/** One request that changes something. */
interface Mutation {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly before: Headers;
  readonly keyed: KeyedRequest | undefined;
  /** The answer holds a secret. */
  readonly secret: boolean;
  /** Runs the handler, again and again if need be. */
  readonly handle: () => Promise<unknown>;
}

/**
 * Carries out each request that changes something in one unit of work: what its verbs do is committed together, or not at all,
 * and done again after a serialization failure or a deadlock. With an `Idempotency-Key`, the answer is written before the commit
 * and committed with the effect, so a repetition is given the same bytes and has no effect (requirements B4 and J6).
 */
@Injectable()
export class RequestUnitOfWork implements NestInterceptor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly fingerprints: RequestFingerprints,
  ) {}

  /** @throws IdempotencyKeyInvalid, IdempotencyKeyMissing */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!isMutating(request)) return next.handle();
    const route = [context.getHandler(), context.getClass()] as const;
    const key = idempotencyKeyOf(request);
    if (key === undefined && requiresIdempotencyKey(...route)) throw new IdempotencyKeyMissing();
    if (ownUnitsOf(...route) || !currentContext()?.tenant) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const mutation: Mutation = {
      request,
      reply,
      before: { ...reply.getHeaders() },
      keyed: key === undefined ? undefined : keyedRequest(request, key, this.fingerprints.of(request)),
      secret: answersOnce(...route),
      handle: () => lastValueFrom(next.handle(), { defaultValue: undefined }),
    };
    return from(this.answer(mutation));
  }

  private async answer(mutation: Mutation): Promise<string | undefined> {
    const { request, reply, before, keyed } = mutation;
    try {
      return (await this.carryOut(mutation)) ?? undefined;
    } catch (error) {
      restoreHeaders(reply, before);
      const failure = keyed && claimFailureOf(error);
      if (!failure) throw error;
      if (failure === 'in-progress') throw new RequestInProgress();
      return this.repeat(request, reply, keyed);
    }
  }

  private async carryOut({ reply, before, keyed, secret, handle }: Mutation): Promise<string | null> {
    const { body, late } = await this.unitOfWork.around(
      async () => {
        restoreHeaders(reply, before);
        const body = writeBody(reply, await handle());
        if (keyed) this.answers.keep(keyed, keptAnswer(reply, body, before, secret));
        return { body, late: this.unitOfWork.lateTexts };
      },
      () => keyed && this.answers.claim(keyed),
    );
    return body === null ? null : withLateTexts(body, late);
  }

  private async repeat(request: FastifyRequest, reply: FastifyReply, keyed: KeyedRequest): Promise<string | undefined> {
    const answer = await this.answers.find(keyed);
    // Pruned in this very moment: the next repetition begins anew.
    if (!answer) throw new RequestInProgress();
    if (!this.fingerprints.isOf(request, answer.bodyHash)) throw new IdempotencyKeyReused();
    if (!answer.kept) throw new AnswerNotKept(answer.status, answer.headers['location']);
    reply
      .code(answer.status)
      .headers({ ...answer.headers })
      .header(REPLAYED_HEADER, 'true');
    return answer.body ?? undefined;
  }
}
