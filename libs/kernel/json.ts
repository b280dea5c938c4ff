/** A value that survives `JSON.stringify` and `JSON.parse` unchanged: no bigint, Date or class instance. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** An object of JSON values; members that are `undefined` disappear when written. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
