/** Parameters of a call: JSON, a query, or a form with files. */
import type { Incoming } from '#simulators';

interface GivenFile {
  bytes: Buffer;
  name: string;
}

export class Parameters {
  constructor(
    private readonly values: ReadonlyMap<string, unknown>,
    private readonly files: ReadonlyMap<string, GivenFile>,
  ) {}

  has(name: string): boolean {
    return this.values.has(name) && this.values.get(name) !== null;
  }

  text(name: string): string {
    const value = this.values.get(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }

  number(name: string): number {
    return Number(this.text(name)) || 0;
  }

  /** In forms, lists and objects are JSON. */
  list(name: string): unknown[] {
    const value = this.json(name);
    return Array.isArray(value) ? value : [];
  }

  object(name: string): object {
    const value = this.json(name);
    return typeof value === 'object' && value !== null ? value : {};
  }

  /** A file in the form, under the name of the parameter, or one that it refers to as `attach://name`. */
  file(name: string): GivenFile | undefined {
    const [, attached] = /^attach:\/\/(.+)$/.exec(this.text(name)) ?? [];
    return this.files.get(attached ?? name);
  }

  private json(name: string): unknown {
    const value = this.values.get(name);
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      return undefined;
    }
  }
}

export async function parametersIn(call: Incoming): Promise<Parameters> {
  const values = new Map<string, unknown>(call.query);
  const files = new Map<string, GivenFile>();
  const type = call.header('content-type');
  if (type.startsWith('application/json') && call.body.length > 0)
    for (const [name, value] of Object.entries(JSON.parse(call.body.toString('utf8')) as object))
      values.set(name, value);
  else if (type.startsWith('multipart/form-data') || type.startsWith('application/x-www-form-urlencoded')) {
    const form = await new Response(new Uint8Array(call.body), {
      headers: { 'content-type': type },
    }).formData();
    for (const [name, value] of form)
      if (typeof value === 'string') values.set(name, value);
      else files.set(name, { bytes: Buffer.from(await value.arrayBuffer()), name: value.name });
  }
  return new Parameters(values, files);
}
