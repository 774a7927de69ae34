/** The objects of the Matrix adapter that exist between its start and its stop. */
import type { Hub } from '#adapter-kit';
import type { Network } from '#protocol';
import type { ContactRequests } from './contact-requests.js';
import type { DeliveredMarks } from './delivered-marks.js';
import type { Ghosts } from './ghosts.js';
import type { Inbound } from './inbound.js';
import type { Invitations } from './invitations.js';
import type { MatrixClient } from './matrix.client.js';
import type { Portals } from './portals.js';
import type { ReactionState } from './reaction-state.js';

/** What processing of pushed events needs. */
export interface InboundParts {
  network: Network;
  /** Name of the homeserver: the part of a user id after the colon. */
  serverName: string;
  hub: Hub;
  client: MatrixClient;
  ghosts: Ghosts;
  portals: Portals;
  invitations: Invitations;
}

export interface MatrixSession extends InboundParts {
  contactRequests: ContactRequests;
  reactionState: ReactionState;
  deliveredMarks: DeliveredMarks;
  inbound: Inbound;
}
