/**
 * TCP ports of everything but the networks, which declare theirs in their manifests. Each is taken if nothing else listens there;
 * no two are the same (usual-ports.spec.ts), so that the addresses of one start are those of the next.
 */
export const USUAL_PORTS = {
  nats: 4222,
  'nats-monitor': 8222,
  postgres: 5432,
  janus: 8188,
  console: 8080,
  switch: 8081,
  'media-gateway': 8088,
  clearing: 8089,
  'simulated-people': 8090,
  recorder: 8097,
  phones: 8100,
} as const;
