/** Which problem types each operation of the console names in its OpenAPI document; an answer with another is a fault. */
import { readFileSync } from 'node:fs';

/** What a console serves; documents.int-spec.ts fails when it differs. Making it costs a console half a second of CPU time. */
const WRITTEN = 'docs/generated/openapi.json';

interface DocumentedOperation {
  'x-problem-types'?: string[];
}

interface Answered {
  method: string;
  /** With or without a query. */
  path: string;
  type: string;
}

export class DocumentedProblems {
  private constructor(private readonly paths: [RegExp, Record<string, DocumentedOperation>][]) {}

  static read(): DocumentedProblems {
    const document = JSON.parse(readFileSync(WRITTEN, 'utf8')) as {
      paths: Record<string, Record<string, DocumentedOperation>>;
    };
    // The template with the fewest parameters is that of the route.
    const templates = Object.entries(document.paths).sort(
      ([one], [other]) => one.split('{').length - other.split('{').length,
    );
    return new DocumentedProblems(
      templates.map(([template, operations]) => [patternOf(template), operations]),
    );
  }

  /** @throws Error with the type that the operation does not name. Unknown paths and methods have no operation. */
  expectNamed({ method, path, type }: Answered): void {
    const pathname = path.split('?')[0] ?? '';
    const operations = this.paths.find(([pattern]) => pattern.test(pathname))?.[1];
    const operation = operations?.[method.toLowerCase()];
    if (!operation) return;
    const named = (operation['x-problem-types'] ?? []).map((kind) => `urn:hutong:problem:${kind}`);
    if (!named.includes(type))
      throw new Error(
        `${method} ${pathname} answers ${type}, which its operation does not name: ${named.join()}`,
      );
  }
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
}
