import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { HELD_PERMISSIONS, type HolderRow } from '../access/held-permissions.js';
import { SNAPSHOT } from '../access/snapshot.js';

/** Why a session ended before its time. */
export type RevocationReason =
  'signed_out' | 'signed_out_elsewhere' | 'token_reused' | 'user_changed' | 'password_reset';

/** A session to open. */
export interface NewSession {
  readonly userId: string;
  /** How they signed in (RFC 8176). */
  readonly amr: readonly string[];
  /** The hash that was verified, if any: if it is no longer the user's, nothing is opened. */
  readonly passwordHash?: string | undefined;
  readonly refreshTokenHash: string;
  /** However busy, the session ends this long after signing in; seconds. */
  readonly lifeS: number;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A refresh token as it was found, locked. */
export interface FoundToken {
  readonly id: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly used: boolean;
  /** The session is neither revoked nor over, and its user active. */
  readonly alive: boolean;
}

/** Sessions that ended are kept this long for the auditor. */
const KEPT = '90 days';

const ALIVE = `s.revoked_at is null and s.expires_at > now() and u.status = 'active'
  and s.last_seen_at > now() - make_interval(mins => $2)`;

const FIND_TOKEN = `
  select t.id, s.id as "sessionId", s.user_id as "userId", t.used_at is not null as used, ${ALIVE} as alive
  from refresh_token t
  join session s on s.tenant_id = t.tenant_id and s.id = t.session_id
  join app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id
  where t.token_hash = $1`;

const FIND_LIVE = `
  select s.user_id as "userId", u.email, s.last_seen_at < now() - make_interval(secs => $3) as unseen,
    extract(epoch from s.expires_at - now())::integer as "endsInS", ${SNAPSHOT} as snapshot, ${HELD_PERMISSIONS}
  from session s join app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id
  where s.id = $1 and ${ALIVE}`;

const FIND_STANDING = `
  select ${SNAPSHOT} as snapshot, array(select s.id::text from session s
    join app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id where s.id = any($1::uuid[]) and ${ALIVE}) as ids`;

/** Sessions and their refresh tokens. The session is the family of its tokens: at most one of them is unused. */
@Injectable()
export class Sessions {
  /** Locked, two refreshes with one token happen one after the other, and the second sees that it is used. */
  protected readonly tokenLock: string = 'for update of t, s';

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Opens a session with its first refresh token; undefined when the user was disabled or changed meanwhile. */
  async open(session: NewSession): Promise<string | undefined> {
    const { userId, passwordHash, lifeS, ip, userAgent, amr } = session;
    const id = uuidv7();
    const opened = await this.unitOfWork.execute(
      `insert into session (tenant_id, id, user_id, expires_at, ip, user_agent, amr)
       select u.tenant_id, $2, u.id, now() + make_interval(secs => $4), $5, $6, $7 from app_user u
       where u.id = $1 and u.status = 'active' and u.password_hash = coalesce($3, u.password_hash)`,
      [userId, id, passwordHash ?? null, lifeS, ip, userAgent, amr],
    );
    if (opened === 0) return undefined;
    await this.addToken(id, session.refreshTokenHash);
    return id;
  }

  /** The token with this hash, held until the unit of work ends. `idleMin`: see AppConfig.auth. */
  async lockToken(tokenHash: string, idleMin: number): Promise<FoundToken | undefined> {
    const [found] = await this.unitOfWork.query<FoundToken>(`${FIND_TOKEN} ${this.tokenLock}`, [tokenHash, idleMin]);
    return found;
  }

  /** Marks the token used and gives its session the next one. */
  async rotate(token: FoundToken, nextHash: string): Promise<void> {
    await this.unitOfWork.execute('update refresh_token set used_at = now() where id = $1', [token.id]);
    await this.addToken(token.sessionId, nextHash);
    await this.touch(token.sessionId);
  }

  /** Ends one session of a user. Again, or of another user, changes nothing and is false. */
  async revoke(userId: string, sessionId: string, reason: RevocationReason): Promise<boolean> {
    const ended = await this.unitOfWork.execute(
      `update session set revoked_at = now(), revoked_reason = $3 where user_id = $1 and id = $2
       and revoked_at is null and expires_at > now()`,
      [userId, sessionId, reason],
    );
    return ended === 1;
  }

  /** Ends all sessions of a user, or all but one. */
  async revokeAllOf(userId: string, reason: RevocationReason, exceptId?: string): Promise<void> {
    await this.unitOfWork.execute(
      `update session set revoked_at = now(), revoked_reason = $2
       where user_id = $1 and revoked_at is null and id is distinct from $3`,
      [userId, reason, exceptId ?? null],
    );
  }

  /** Forgets sessions of a user that ended long ago. */
  async purge(userId: string): Promise<void> {
    await this.unitOfWork.execute(
      `delete from session where user_id = $1 and expires_at < now() - interval '${KEPT}'`,
      [userId],
    );
  }

  /** What the session permits, if it is alive and its user active. `seenEveryS`: after that it counts as unseen. */
  async findLive(sessionId: string, idleMin: number, seenEveryS: number): Promise<HolderRow | undefined> {
    const [found] = await this.unitOfWork.query<HolderRow>(FIND_LIVE, [sessionId, idleMin, seenEveryS]);
    return found;
  }

  /** Which of these sessions still hold, and what the statement saw. */
  async findStanding(ids: readonly string[], idleMin: number): Promise<{ ids: Set<string>; snapshot: string }> {
    const [row] = await this.unitOfWork.query<{ ids: string[]; snapshot: string }>(FIND_STANDING, [ids, idleMin]);
    return { ids: new Set(row?.ids), snapshot: row?.snapshot ?? '' };
  }

  /** Notes that the session is in use. */
  async touch(sessionId: string): Promise<void> {
    await this.unitOfWork.execute('update session set last_seen_at = now() where id = $1 and revoked_at is null', [
      sessionId,
    ]);
  }

  private async addToken(sessionId: string, tokenHash: string): Promise<void> {
    await this.unitOfWork.execute(
      'insert into refresh_token (tenant_id, id, session_id, token_hash) values ($1, $2, $3, $4)',
      [currentTenant().id, uuidv7(), sessionId, tokenHash],
    );
  }
}
