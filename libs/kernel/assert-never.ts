/**
 * Makes the compiler prove that a switch over a closed union is complete.
 * Throws when a value from outside the type system comes through all the same.
 */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected value: ${String(value)}`);
}
