/** What the console answers to its own pages: session, overview, find. */
import type { components } from '#openapi';

export type Schemas = components['schemas'];
export type Role = 'admin' | 'operator' | 'auditor' | 'integrator';

export interface Me {
  person: { id: string; name: string };
  roles: Role[];
  permissions: string[];
  operator?: { id: string; name: string } | null;
  network?: string | null;
  language: 'zh' | 'en' | null;
  timeZone: string | null;
  version: string;
  csrfToken: string | null;
}
