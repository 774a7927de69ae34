/** The input file of the process that hosts the apps of the hub. */
export const HOSTED_APPS = ['switch', 'recorder', 'clearing', 'media-gateway'] as const;
export type HostedAppName = (typeof HOSTED_APPS)[number];

export interface HubFile {
  apps: { name: HostedAppName; env: Record<string, string> }[];
}
