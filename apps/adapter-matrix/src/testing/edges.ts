/** The application service for the test of all routes: how a stranger, and how the homeserver, asks. */
import { bearer, EDGE_SECRET, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { AppserviceController } from '../appservice.controller.js';

export const edges: Edges = {
  Matrix: {
    adapter: { network: network('matrix'), hsToken: EDGE_SECRET } as never,
    controllers: [AppserviceController],
    prove: (_method, _path, _body, { key = EDGE_SECRET } = {}) => ({ headers: bearer(key) }),
    bodies: { '/_matrix/app/v1/transactions/:id': '{"events":[]}', '/_matrix/app/v1/ping': '{}' },
    timeless: 'token',
  },
};
