import { compileOnce } from './code-cache.mjs';
import { packageOfJest } from './packages.mjs';

compileOnce();

/** Node's environment, in a process that compiles each source once. */
export default packageOfJest('jest-environment-node').TestEnvironment;
