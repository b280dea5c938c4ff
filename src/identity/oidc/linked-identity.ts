/** An identity at a provider by which a user may sign in. */
export interface LinkedIdentity {
  readonly id: string;
  readonly providerSlug: string;
  readonly providerName: string;
  readonly subject: string;
  readonly email: string | null;
  readonly createdAt: Date;
}
