/** Who the people of a tenant are and what they may do. */
export type { EmailedTokenPurpose } from './emailed-tokens/emailed-token-purpose.js';
export { EmailedTokenRequested } from './emailed-tokens/emailed-token.events.js';
export { type EmailedTokenLetter, IssueEmailedToken } from './emailed-tokens/issue-emailed-token.js';
export { EmailedTokensModule } from './emailed-tokens.module.js';
export { IdentitySecretsModule } from './identity-secrets.module.js';
export { ResealSecrets, type ResealReport } from './secrets/reseal-secrets.js';
export { IdentityModule } from './identity.module.js';
export { ApiKeyNotFound, ApiKeyRefused, TooManyApiKeys } from './api-keys/api-key.errors.js';
export { VerifyApiKey } from './api-keys/verify-api-key.js';
export { AddOperator } from './operators/add-operator.js';
export { ChangeOperator } from './operators/change-operator.js';
export { OperatorExists, OperatorNotFound, OperatorRefused, OperatorTokenVoid } from './operators/operator.errors.js';
export { Operators, type OperatorView } from './operators/operators.repository.js';
export { SignInOperator } from './operators/sign-in-operator.js';
export { VerifyOperator } from './operators/verify-operator.js';
export { OperatorsModule } from './operators.module.js';
export { AddRole, type RoleDefinition } from './roles/add-role.js';
export { isPermission, type Permission, PERMISSION_NAMES, PERMISSIONS } from './roles/permissions.js';
export {
  OwnerRoleProtected,
  PermissionEscalation,
  PermissionUnknown,
  RoleInUse,
  RoleNameTaken,
  RoleNotFound,
} from './roles/role.errors.js';
export { RoleQueries, type RoleView } from './roles/role.queries.js';
export { EndSessions } from './sessions/end-sessions.js';
export { CredentialsRefused, RefreshRefused, SecondFactorRequired, SessionEnded } from './sessions/session.errors.js';
export { type Authenticated, type SessionClient, StartSession } from './sessions/start-session.js';
export { SessionsModule } from './sessions.module.js';
export { type SessionSignal, SessionWatch } from './sessions/session-watch.js';
export { VerifySession } from './sessions/verify-session.js';
export { AddUser, type NewUser } from './users/add-user.js';
export { EmailTaken, LastOwner, UserNotFound } from './users/user.errors.js';
export { UserQueries, type UserView } from './users/user.queries.js';
