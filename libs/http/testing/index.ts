export {
  type Caller,
  type RawAnswer,
  type TenantApi,
  tenantApi,
  type TestAnswer,
  type TestRequest,
} from './tenant-api.js';
export { testServer, type TestServer, type TestServerOptions } from './test-server.js';
