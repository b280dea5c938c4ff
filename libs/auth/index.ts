export {
  accessOf,
  isWithoutTenant,
  Public,
  RequiresPermission,
  type RouteAccess,
  type RouteTarget,
  SignedIn,
  WithoutTenant,
} from './access.decorators.js';
