interface RecordSchema {
  readonly $schema: string;
  readonly title: string;
  /** By command; then the types that they name. */
  readonly $defs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function recordSchema(): RecordSchema;
export function schemaText(): string;
