/** data/standalone.json: stable, documented in docs/operations.md, written last. */
import type { NetworkPart } from '#network-manifest';

export interface StandaloneFile {
  /** Changes of money or routes need two admins. */
  console: { url: string; adminKey: string; secondAdminKey: string };
  /** Serves links to attachments. */
  mediaGateway: { url: string };
  nats: { url: string; credsFile: string };
  postgres: { url: string };
  /** By slug; some networks describe more than the common part. */
  networks: Record<string, NetworkPart>;
}
