import { Injectable } from '@nestjs/common';
import { type AccessClaims, SessionVerifier } from '#libs/auth';
import { AppConfig } from '#libs/config';
import type { Principal } from '#libs/context';
import { AccessCache, type Credential, EVERYBODY, type LoadedAccess, scopeOfUser } from '../access/access-cache.js';
import { AccessReads } from '../access/access-reads.js';
import type { StoredEntry } from '../access/access-store.js';
import { InBackground } from '../access/in-background.js';
import { PERMISSION_NAMES } from '../roles/permissions.js';
import { SessionEnded } from './session.errors.js';
import { Sessions } from './sessions.repository.js';

/** A session is read from PostgreSQL, and its use noted there, at least this often; seconds. */
const FRESH_S = 60;

/** Tells who calls, for every request that is not public: from Redis when it knows, from PostgreSQL otherwise. */
@Injectable()
export class VerifySession extends SessionVerifier {
  private readonly looks = new WeakMap<AccessClaims, Promise<StoredEntry | undefined>>();
  private readonly freshS: number;

  constructor(
    private readonly reads: AccessReads,
    private readonly sessions: Sessions,
    private readonly cache: AccessCache,
    private readonly background: InBackground,
    private readonly config: AppConfig,
  ) {
    super();
    // Of a short lifetime, a quarter: whoever is active must not be forgotten between two notes of it.
    this.freshS = Math.min(FRESH_S, config.auth.sessionLifetimeMin * 15);
  }

  override prepare(claims: AccessClaims): void {
    this.looks.set(claims, this.cache.look(claims.tenantId, credentialOf(claims)));
  }

  /** @throws SessionEnded */
  override async verify(claims: AccessClaims): Promise<Principal> {
    const { sessionId } = claims;
    const credential = credentialOf(claims);
    const looking = this.looks.get(claims) ?? this.cache.look(claims.tenantId, credential);
    const access = await this.cache.through(credential, looking, () => this.load(claims));
    if (!access) throw new SessionEnded();
    const { userId: id, email, permissions } = access;
    return { kind: 'user', id, sessionId, email, permissions: new Set(permissions) };
  }

  private async load({ userId, sessionId }: AccessClaims): Promise<LoadedAccess | undefined> {
    const { sessionLifetimeMin } = this.config.auth;
    const { found: live, isExact } = await this.reads.read(() =>
      this.sessions.findLive(sessionId, sessionLifetimeMin, this.freshS),
    );
    if (!live || live.userId !== userId) return undefined;
    if (live.unseen && isExact) this.background.run(`seen:${sessionId}`, () => this.sessions.touch(sessionId));
    const permissions = live.isOwner ? PERMISSION_NAMES : live.permissions;
    return {
      access: { userId, email: live.email, permissions },
      snapshot: isExact ? live.snapshot : undefined,
      freshS: Math.min(this.freshS, live.endsInS),
    };
  }
}

/** The user stands in the name: what is remembered of a session answers for nobody else, whatever a token claims. */
function credentialOf({ userId, sessionId }: AccessClaims): Credential {
  return { entry: `session:${userId}:${sessionId}`, scopes: [scopeOfUser(userId), EVERYBODY] };
}
