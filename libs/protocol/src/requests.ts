/** All requests on the bus: for each its subject, the schema of its body, and the schema of its reply, which is an answer or an error. */
import { z } from 'zod';
import type { Network } from './address.js';
import {
  CallCommand,
  CallCommandAnswer,
  CallSignal,
  CallSignalAnswer,
  GatewayCommand,
  GatewaySignal,
} from './calls.js';
import {
  CloseDayAnswer,
  CloseDayRequest,
  DirectoryAnswer,
  DirectoryRequest,
  LinkAnswer,
  LinkRequest,
  PairAnswer,
  PairRequest,
  RenewAnswer,
  RenewRequest,
  ResolveAnswer,
  ResolveRequest,
  SignOff,
  SignOffAnswer,
  SignOn,
  SignOnAnswer,
} from './control.js';
import { RequestError } from './request-error.js';
import { subjects, type ANY } from './subjects.js';

export interface BusRequest<Body, Answer> extends RequestSchemas<Body, Answer> {
  subject: string;
}

interface RequestSchemas<Body, Answer> {
  body: z.ZodType<unknown, Body>;
  answer: z.ZodType<Answer>;
  reply: z.ZodType<RequestError | Answer>;
}

/** The error comes first in the union: an answer never has its field `text`. */
export function requestSchemas<Body, Answer>(
  body: z.ZodType<unknown, Body>,
  answer: z.ZodType<Answer>,
): RequestSchemas<Body, Answer> {
  return { body, answer, reply: z.union([RequestError, answer]) };
}

const schemas = {
  signOn: requestSchemas(SignOn, SignOnAnswer),
  signOff: requestSchemas(SignOff, SignOffAnswer),
  resolve: requestSchemas(ResolveRequest, ResolveAnswer),
  link: requestSchemas(LinkRequest, LinkAnswer),
  pair: requestSchemas(PairRequest, PairAnswer),
  renew: requestSchemas(RenewRequest, RenewAnswer),
  directory: requestSchemas(DirectoryRequest, DirectoryAnswer),
  closeDay: requestSchemas(CloseDayRequest, CloseDayAnswer),
  call: requestSchemas(CallCommand, CallCommandAnswer),
  askCall: requestSchemas(CallSignal, CallSignalAnswer),
  gatewayCommand: requestSchemas(GatewayCommand, CallCommandAnswer),
  gatewaySignal: requestSchemas(GatewaySignal, CallSignalAnswer),
};

type Of = Network | typeof ANY;

/**
 * The request `media` is not among them: its answer is a block of an attachment and no JSON (`MediaRequest`). Its error is the
 * same `RequestError`.
 */
export const requests = {
  signOn: (network: Of) => ({ subject: subjects.control('signon', network), ...schemas.signOn }),
  heartbeat: (network: Of) => ({ subject: subjects.control('heartbeat', network), ...schemas.signOn }),
  signOff: (network: Of) => ({ subject: subjects.control('signoff', network), ...schemas.signOff }),
  /** From an adapter or the console to the switch. */
  resolve: (network: Of) => ({ subject: subjects.control('resolve', network), ...schemas.resolve }),
  /** From the switch to the adapter of the network. */
  askResolve: (network: Of) => ({ subject: subjects.ask('resolve', network), ...schemas.resolve }),
  /** From the console to the adapter of the network. */
  askPair: (network: Of) => ({ subject: subjects.ask('pair', network), ...schemas.pair }),
  link: (network: Of) => ({ subject: subjects.control('link', network), ...schemas.link }),
  renew: (network: Of) => ({ subject: subjects.control('renew', network), ...schemas.renew }),
  /** From an adapter to the switch, which passes it on to the media gateway. */
  call: (network: Of) => ({ subject: subjects.control('call', network), ...schemas.call }),
  /** From the switch to the adapter of the network. */
  askCall: (network: Of) => ({ subject: subjects.ask('call', network), ...schemas.askCall }),
  /** From the switch to the media gateway. */
  gatewayCommand: () => ({ subject: subjects.callCommand, ...schemas.gatewayCommand }),
  /** From the media gateway to the switch. */
  gatewaySignal: () => ({ subject: subjects.callSignal, ...schemas.gatewaySignal }),
  /** From the switch to the console. */
  directory: () => ({ subject: subjects.directory, ...schemas.directory }),
  /** From the console to clearing. */
  closeDay: () => ({ subject: subjects.clearingClose, ...schemas.closeDay }),
};
