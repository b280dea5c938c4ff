import { z } from 'zod';

type JsonSchema = Record<string, unknown>;
type Direction = 'input' | 'output';

/** A schema as the document wants it: itself, and the components that it refers to. */
export interface ConvertedSchema {
  readonly schema: JsonSchema;
  readonly components: Record<string, JsonSchema>;
}

const REFERENCE = '#/$defs/';
// A default makes a field optional going in and certain coming out.
const ANSWER_SUFFIX = 'Answer';

function isZod(schema: unknown): schema is z.ZodType {
  return schema instanceof z.ZodType;
}

/**
 * Converts zod schemas into OpenAPI 3.1 (JSON Schema 2020-12). A schema with an id that looks different in requests and
 * in answers becomes two components, `Name` and `NameAnswer`: `collect` first what there is, then `convert`.
 */
export class SchemaConverter {
  private readonly converted = {
    input: new WeakMap<z.ZodType, ConvertedSchema>(),
    output: new WeakMap<z.ZodType, ConvertedSchema>(),
  };
  private readonly seen = new Map<string, Partial<Record<Direction, string>>>();

  /** Notes the components of a schema, without naming them yet. */
  collect(schema: unknown, direction: Direction): ConvertedSchema | undefined {
    const converted = this.toJson(schema, direction);
    for (const [name, definition] of Object.entries(converted?.components ?? {})) {
      this.seen.set(name, { ...this.seen.get(name), [direction]: JSON.stringify(definition) });
    }
    return converted;
  }

  /** The schema with its components under their final names; undefined for what is no zod schema. */
  convert(schema: unknown, direction: Direction): ConvertedSchema | undefined {
    const converted = this.toJson(schema, direction);
    if (!converted) return undefined;
    const renamed = JSON.parse(JSON.stringify(converted), (key, value: unknown) =>
      key === '$ref' && typeof value === 'string' && value.startsWith(REFERENCE)
        ? REFERENCE + this.nameOf(value.slice(REFERENCE.length), direction)
        : value,
    ) as ConvertedSchema;
    const components = Object.entries(renamed.components);
    return {
      schema: renamed.schema,
      components: Object.fromEntries(components.map(([name, each]) => [this.nameOf(name, direction), each])),
    };
  }

  private nameOf(name: string, direction: Direction): string {
    const { input, output } = this.seen.get(name) ?? {};
    const differs = input !== undefined && output !== undefined && !this.isSame(input, output);
    return direction === 'output' && differs ? `${name}${ANSWER_SUFFIX}` : name;
  }

  /** Two definitions are the same if their texts are and nothing that they refer to differs. */
  private isSame(input: string, output: string, path: readonly string[] = []): boolean {
    if (input !== output) return false;
    const references = [...input.matchAll(/"#\/\$defs\/([^"]+)"/g)].map(([, name = '']) => name);
    return references.every((name) => {
      if (path.includes(name)) return true;
      const { input: referredIn, output: referredOut } = this.seen.get(name) ?? {};
      if (referredIn === undefined || referredOut === undefined) return true;
      return this.isSame(referredIn, referredOut, [...path, name]);
    });
  }

  private toJson(schema: unknown, direction: Direction): ConvertedSchema | undefined {
    if (!isZod(schema)) return undefined;
    const known = this.converted[direction].get(schema);
    if (known) return known;
    const {
      $schema: _dialect,
      $defs,
      ...rest
    } = z.toJSONSchema(schema, {
      target: 'draft-2020-12',
      io: direction,
      unrepresentable: 'any',
    }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    const components = Object.entries($defs ?? {}).map(([name, { id: _id, ...definition }]) => [name, definition]);
    const converted = { schema: rest, components: Object.fromEntries(components) as Record<string, JsonSchema> };
    this.converted[direction].set(schema, converted);
    return converted;
  }
}
