/** Types of the REST API, from its OpenAPI document. */
import type { components } from '#openapi';

export type Schemas = components['schemas'];
/** The person of this session, and what they may do. */
export type Me = Schemas['Me'];
export type Role = Me['role'];
export type Permission = Me['permissions'][number];
