import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { sqlState, UnitOfWork, violatedConstraint } from '#libs/database';
import { uuidv7 } from '#libs/kernel';

/** A request that carries a key. A key means something only to one principal and one route. */
export interface KeyedRequest {
  /** Who asks: `user:<id>`. */
  readonly principal: string;
  /** Method and template: `POST /v1/sales-orders`. */
  readonly route: string;
  readonly key: string;
  /** Keyed hash of all that the route makes its answer from: `<id of the key>.<hex>`. */
  readonly bodyHash: string;
}

/** An answer as it was sent. */
export interface KeptAnswer {
  readonly status: number;
  /** Those that belong to the answer, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null for an answer without a body, and for one whose body was not kept. */
  readonly body: string | null;
  /** False: the body was a secret, or too large. */
  readonly kept: boolean;
}

/** What became of a claim that failed. */
export type ClaimFailure = 'answered' | 'in-progress';

/** A longer body is not kept. The table refuses it too. */
export const ANSWER_BYTES_MAX = 4_194_304;

/** Answers are kept at least so long. */
export const KEPT_HOURS = 24;

const CLAIM = 'select platform.claim_idempotency_key($1, $2, $3)';

// An hour more: now() is when the transaction began, and clients count from the answer.
const keepStatement = (body: string): string => `
  insert into platform.idempotency_key
    (tenant_id, id, principal, route, key, body_hash, response_status, response_headers, response_body, response_kept, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, ${body}, $10, now() + interval '${KEPT_HOURS + 1} hours')`;

const KEEP = keepStatement('$9');

const FIND = `
  select body_hash as "bodyHash", response_status as status, response_headers as headers, response_body as body,
    response_kept as kept
  from platform.idempotency_key where tenant_id = $1 and principal = $2 and route = $3 and key = $4`;

/**
 * Answers to requests that carried a key, committed with the effects of the requests. At most one request with a key is under way:
 * an advisory lock of its transaction says so, which ends with the transaction, however that ends. And at most one is committed:
 * a unique constraint says that.
 */
@Injectable()
export class KeptAnswers {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Sends the claim ahead of the work, in the same flight as BEGIN and the work's first statement. When it fails, all statements
   * behind it do nothing, and the unit of work fails with what {@link claimFailureOf} knows.
   */
  claim({ principal, route, key }: KeyedRequest): void {
    this.unitOfWork.inBackground(this.unitOfWork.query(CLAIM, [principal, route, key]));
  }

  /** Has the answer written with COMMIT, in the same flight. Late texts are put into its body by the database. */
  keep({ principal, route, key, bodyHash }: KeyedRequest, { status, headers, body, kept }: KeptAnswer): void {
    const late = this.unitOfWork.lateTexts.filter(({ placeholder }) => body?.includes(placeholder));
    const answer = [status, JSON.stringify(headers), body, kept];
    this.unitOfWork.lastly(late.length === 0 ? KEEP : keepStatement(completed(late.length)), [
      currentTenant().id,
      uuidv7(),
      principal,
      route,
      key,
      bodyHash,
      ...answer,
      ...late.flatMap(({ placeholder, setting }) => [placeholder, setting]),
    ]);
  }

  /** The answer to an earlier request with the key, and what that one asked for. */
  async find({ principal, route, key }: KeyedRequest): Promise<(KeptAnswer & { bodyHash: string }) | undefined> {
    const parameters = [currentTenant().id, principal, route, key];
    const [found] = await this.unitOfWork.run(() =>
      this.unitOfWork.query<KeptAnswer & { bodyHash: string }>(FIND, parameters),
    );
    return found;
  }
}

/** The body with this many late texts, each a placeholder and a setting from $11 on. */
function completed(texts: number): string {
  let body = '$9::text';
  for (let text = 0; text < texts; text += 1) {
    body = `replace(${body}, $${11 + 2 * text}, current_setting($${12 + 2 * text}))`;
  }
  return body;
}

/** What a failed unit of work says about the key; undefined when it failed for another reason. */
export function claimFailureOf(error: unknown): ClaimFailure | undefined {
  switch (sqlState(error)) {
    case 'QI001':
      return 'answered';
    case 'QI002':
      return 'in-progress';
    case '23505':
      // The lock should have told. The constraint is there for the day on which it does not.
      return violatedConstraint(error) === 'idempotency_key_unique' ? 'answered' : undefined;
    default:
      return undefined;
  }
}
