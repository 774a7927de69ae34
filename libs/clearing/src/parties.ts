/** Parties of clearing: networks, the hub (`hub`), and integrators, who receive a share of fees. */
import { z } from 'zod';

export const IntegratorParty = z
  .string()
  .regex(/^integrator:[a-z][a-z0-9-]{0,30}$/, 'expected integrator:<name>');
