/**
 * Adds texts to the OpenAPI document that follow from the operation, so that no route repeats them: descriptions of responses, of
 * parameters with a common name, of tags, and of the two health checks, whose controller has no OpenAPI decorators.
 */
import type { OpenAPIObject } from '@nestjs/swagger';

interface Described {
  description?: string;
}

interface Response extends Described {
  $ref?: string;
  content?: Record<string, { schema?: { $ref?: string } }>;
}

interface Operation extends Described {
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters?: (Described & { name: string })[];
  responses: Record<string, Response>;
}

/** Descriptions of parameters by name. A parameter with a description of its own keeps it. */
const PARAMETERS: Record<string, string> = {
  id: 'Id of the resource',
  link: 'Id of the link',
  network: 'Slug of a member network',
  from: 'Slug of the sending network',
  to: 'Slug of the receiving network',
  party: 'Slug of a member network, `hub`, or another party of the clearing',
  date: 'Business day, as YYYY-MM-DD',
  number: 'Telephone number in E.164 form, with the plus sign',
  address: 'Address of a subscriber: `im:<native id>@<network>`',
  publicKey: 'Public key of the credential (nkey)',
  token: 'Signed token of the link',
  limit: 'Maximum number of items in one page',
  format: 'Format of the file',
  state: 'Only resources in this state',
  role: 'Only reports in which your network has this role',
  subject: 'Only entries about this resource, such as `network/example`',
  reason: 'Reason for the change; it is written to the audit log',
  native: 'Id that the network gave the message',
  after: 'Only dead letters with a greater id',
  unread: 'true: only announcements that nobody has marked as read',
  mine: 'true: only changes that wait for you',
};

const TAGS: Record<string, string> = {
  abuse: 'Abuse reports, blocked addresses and risk levels',
  agreements: 'What one network allows another',
  announcements: 'Announcements of the exchange to its members',
  audit: 'The audit log and its signed checkpoints',
  certification: 'Tests of adapters, and their certificates',
  changes: 'Proposed changes, approvals, confirmations and acceptance rules',
  clearing: 'Business days, clearing files and statements',
  'dead letters': 'Messages that could not be processed',
  disputes: 'Disputes about charges',
  events: 'What changes, as a stream',
  calls: 'Pages on which people call with a browser',
  health: 'Checks for the supervisor of the process',
  keys: 'API keys',
  media: 'Attachments behind signed links',
  members: 'Operators, and how networks join, are suspended and leave',
  networks: 'Networks, their health, credentials and stand-in',
  people: 'People of the exchange and of its members',
  routes: 'Ported numbers, and addresses behind numbers',
  session: 'Sign-in to the web console, sessions, and the account of the caller',
  settlement: 'Confirmations, differences and adjusting entries',
  subscribers: 'Consent and verified numbers of subscribers',
  'tariffs and routes': 'Tariffs, routes and the phase of the federation',
  trace: 'What happened to a message at each checkpoint',
};

const HEALTH: Record<string, { summary: string; description: string; answer: string }> = {
  '/healthz/live': {
    summary: 'Check that the process runs',
    description:
      'For the supervisor of the process, which restarts it when there is no answer. Needs no key.',
    answer: 'The process runs',
  },
  '/healthz/ready': {
    summary: 'Check that the process can serve requests',
    description:
      'For load balancers. Lists each connection that the process needs, and whether it is up. Needs no key.',
    answer: 'Every connection is up',
  },
};

export function withTexts(document: OpenAPIObject): OpenAPIObject {
  const tags = new Set<string>();
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      describeHealth(path, operation);
      operation.security ??= [];
      for (const tag of operation.tags ?? []) tags.add(tag);
      for (const parameter of operation.parameters ?? [])
        if (!parameter.description) {
          const usual = PARAMETERS[parameter.name];
          if (usual !== undefined) parameter.description = usual;
        }
      for (const [status, response] of Object.entries(operation.responses))
        if (response.$ref === undefined && !response.description)
          response.description = textOf(method, status, response);
    }
  return { ...document, tags: [...tags].sort().map((name) => ({ name, description: TAGS[name] ?? name })) };
}

function describeHealth(path: string, operation: Operation): void {
  const health = HEALTH[path];
  if (!health) return;
  const { answer, ...texts } = health;
  Object.assign(operation, texts, { tags: ['health'] });
  for (const [status, response] of Object.entries(operation.responses))
    if (status === '200') response.description = answer;
}

function textOf(method: string, status: string, { content }: Response): string {
  const schema = content?.['application/json']?.schema?.$ref ?? '';
  switch (status) {
    case '201':
      return 'The resource was created; its present state';
    case '202':
      return schema.endsWith('/Change')
        ? 'Proposed: the change takes effect when another person has approved it'
        : 'Accepted: the work continues after this answer';
    case '204':
      return 'Done; the response has no body';
    default:
      if (schema.endsWith('Page')) return 'One page of the list';
      return method === 'get'
        ? 'The requested resource'
        : 'Done; the state of the resource after the operation';
  }
}
